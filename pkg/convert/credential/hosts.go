package credential

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// The ConfigMaps in which Argo CD keeps what it trusts (common/common.go).
const (
	KnownHosts  = "argocd-ssh-known-hosts-cm"
	Authorities = "argocd-tls-certs-cm"
)

// Hosts are the servers that Argo CD trusts.
type Hosts struct {
	keys        []string          // lines of known_hosts
	authorities map[string]string // PEM by host
}

// Read takes one of the ConfigMaps.
func (h *Hosts) Read(root *yaml.Node) {
	data := node.Get(root, "data")
	if node.Text(root, "metadata", "name") == KnownHosts {
		for line := range strings.Lines(node.Text(data, "ssh_known_hosts")) {
			h.keys = append(h.keys, strings.TrimSpace(line))
		}
		return
	}
	if h.authorities == nil {
		h.authorities = map[string]string{}
	}
	for i := 0; data != nil && data.Kind == yaml.MappingNode && i+1 < len(data.Content); i += 2 {
		h.authorities[strings.ToLower(data.Content[i].Value)] = data.Content[i+1].Value
	}
}

// about tells whether the patterns of a line mean a host (sshd(8), SSH_KNOWN_HOSTS FILE
// FORMAT).
func about(patterns, name string) (is bool) {
	for pattern := range strings.SplitSeq(patterns, ",") {
		pattern, not := strings.CutPrefix(pattern, "!")
		if ok, err := path.Match(strings.NewReplacer("[", `\[`, "]", `\]`).Replace(pattern), name); ok && err == nil {
			if not {
				return false
			}
			is = true
		}
	}
	return is
}

// known returns the lines of known_hosts for a host. Hashed ones may be of any.
func (h *Hosts) known(host, port string) string {
	name := host
	if port != "" && port != "22" {
		name = "[" + host + "]:" + port
	}
	var lines []string
	for _, line := range h.keys {
		fields := strings.Fields(line)
		if len(fields) > 0 && strings.HasPrefix(fields[0], "@") {
			fields = fields[1:]
		}
		if len(fields) < 3 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if strings.HasPrefix(fields[0], "|1|") || about(fields[0], name) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}
