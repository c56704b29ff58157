package checkout

import (
	"bytes"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// skipMarker makes Argo CD pass over a file (reposerver/repository/repository.go).
const skipMarker = "+argocd:skip-file-rendering"

const (
	hookAnnotation = "argocd.argoproj.io/hook"
	helmAnnotation = "helm.sh/hook"
	waveAnnotation = "argocd.argoproj.io/sync-wave"
)

// file notes what matters in one manifest file. It returns false where the file
// holds no Kubernetes object.
func (s *scanner) file(name string) bool {
	data, ok := s.repo.Read(name)
	if !ok {
		s.Complete = false
		return true
	}
	if bytes.Contains(data, []byte(skipMarker)) {
		return false
	}
	found := false
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		if err := decoder.Decode(&doc); err != nil {
			// A template is no YAML; a scan that cannot read it proves nothing.
			s.Complete = s.Complete && err.Error() == "EOF"
			return found || err.Error() != "EOF"
		}
		if len(doc.Content) > 0 && s.object(name, doc.Content[0]) {
			found = true
		}
	}
}

func (s *scanner) object(file string, o *yaml.Node) bool {
	kind := node.Text(o, "kind")
	if kind == "" || node.Text(o, "apiVersion") == "" {
		return false
	}
	for _, item := range node.Items(o, "items") {
		if strings.HasSuffix(kind, "List") {
			s.object(file, item)
		}
	}
	meta := node.Get(o, "metadata")
	name := node.Text(meta, "name")
	annotations := node.Get(meta, "annotations")
	if types, helm := hookTypes(annotations); len(types) > 0 {
		s.Hooks = append(s.Hooks, Hook{Kind: kind, Name: name, File: file, Types: types, Helm: helm, Nameless: name == ""})
	}
	if wave := node.Text(annotations, waveAnnotation); wave != "" {
		s.Waves = append(s.Waves, wave)
	}
	if node.Text(meta, "namespace") == "default" {
		s.InDefault = append(s.InDefault, kind+"/"+name)
	}
	if strings.HasPrefix(node.Text(o, "apiVersion"), "argoproj.io/") && strings.HasPrefix(kind, "App") {
		s.Applications = append(s.Applications, kind+"/"+name)
	}
	return true
}

// phases are what Argo CD makes of Helm's hooks (GitOps Engine sync/hook/helm/type.go);
// others, such as test, are not deployed.
var phases = map[string]string{
	"crd-install": "Sync", "pre-install": "PreSync", "pre-upgrade": "PreSync", "post-install": "PostSync",
	"post-upgrade": "PostSync", "pre-delete": "PreDelete", "post-delete": "PostDelete",
}

func hookTypes(annotations *yaml.Node) (types []string, helm bool) {
	if hook := node.Text(annotations, hookAnnotation); hook != "" {
		return list(hook), false
	}
	hook := node.Text(annotations, helmAnnotation)
	if hook == "" {
		return nil, false
	}
	for _, name := range list(hook) {
		phase, ok := phases[name]
		if !ok {
			phase = "Skip"
		}
		if !slices.Contains(types, phase) {
			types = append(types, phase)
		}
	}
	return types, true
}

func list(text string) (items []string) {
	for item := range strings.SplitSeq(text, ",") {
		items = append(items, strings.TrimSpace(item))
	}
	return items
}
