package credential

import (
	"encoding/pem"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// hostKeys is the key of ConfigMap KnownHosts (Argo CD util/db/certificate.go).
const hostKeys = "ssh_known_hosts"

// Merge lets what Secrets of Flux trust go into the ConfigMap at root; nil where another
// of its name does already.
func (b *Back) Merge(root *yaml.Node, file string) *configmap.Merged {
	name := node.Text(root, "metadata", "name")
	if b.given[name] != nil {
		return nil
	}
	b.given[name] = configmap.NewMerged(root, file, "trust-merged")
	return b.given[name]
}

// trusts returns the ConfigMap of a name that what is at a key of u goes to: that of the
// input, or a new one, which u's document writes and which has to be merged by hand.
func (b *Back) trusts(name string, u *Unit, key string) *object.Object {
	if m := b.given[name]; m != nil {
		return m.Object()
	}
	if b.trusted[name] == nil {
		o := object.New(object.ConfigMap, b.namespace, name)
		o.Set(node.Map("app.kubernetes.io/name", name, "app.kubernetes.io/part-of", "argocd"), "metadata", "labels")
		o.Set(node.String("Skip"), "metadata", "annotations", "argocd.argoproj.io/hook")
		b.trusted[name] = o
		u.made = append(u.made, o)
		u.absent = append(u.absent, absence{u.At(key), mergeByHand(name), []place{{o, "metadata.name"}}})
	}
	return b.trusted[name]
}

// put writes a key of a ConfigMap. One of the input that has it already stays as it is.
func (b *Back) put(o *object.Object, key, text string) {
	if m := b.given[o.Name()]; m != nil {
		m.Put(key, text)
		return
	}
	o.Set(node.String(text), "data", key)
}

// trustKeys adds the lines of known_hosts that are about the repository's host. Argo CD
// has one list of them for all repositories.
func (b *Back) trustKeys(u *Unit, r Repository) {
	h := Hosts{keys: strings.Split(u.Text("known_hosts"), "\n")}
	lines := h.known(hostOf(r.URL))
	if lines == "" {
		return
	}
	o := b.trusts(KnownHosts, u, "known_hosts")
	text := node.Text(o.Root, "data", hostKeys)
	have := strings.Split(text, "\n")
	for line := range strings.Lines(lines) {
		if line = strings.TrimSpace(line); !slices.Contains(have, line) {
			text = endLine(text) + line + "\n"
			have = append(have, line)
		}
	}
	b.put(o, hostKeys, text)
	u.wrote("known_hosts", o, ledger.Key("data", hostKeys))
}

// trustAuthority adds the certificates at a key to those of the repository's host. Argo CD
// takes all that it finds under the name of a host (util/cert/cert.go
// ParseTLSCertificatesFromStream), as the URL of the repository writes it.
func (b *Back) trustAuthority(u *Unit, key string, r Repository) {
	host, _ := hostOf(r.URL)
	found := certificatesIn(u.Text(key))
	switch {
	case len(found) == 0:
		u.instead[key] = rule{id: "credential-ca", fidelity: ledger.Unsupported, note: "holds no certificate between lines of BEGIN and END CERTIFICATE: correct it"}
		return
	case host == "" || strings.Contains(host, ":"):
		u.instead[key] = rule{id: "credential-ca", fidelity: ledger.Unsupported, note: "Argo CD finds a CA by the name of the host, and the URL has none"}
		return
	}
	o := b.trusts(Authorities, u, key)
	text := node.Text(o.Root, "data", host)
	have := certificatesIn(text)
	for _, one := range found {
		if !slices.Contains(have, one) {
			text = endLine(text) + one
			have = append(have, one)
		}
	}
	b.put(o, host, text)
	u.wrote(key, o, ledger.Key("data", host))
}

// certificatesIn returns the certificates of a text; whatever else it holds, such as a
// private key, is left out.
func certificatesIn(text string) (found []string) {
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return found
		}
		if block.Type == "CERTIFICATE" {
			found = append(found, string(pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes})))
		}
	}
}

func endLine(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}
