package checkout

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// skipMarker makes Argo CD pass over a file of a plain directory
// (reposerver/repository/repository.go).
const skipMarker = "+argocd:skip-file-rendering"

const (
	hookAnnotation = "argocd.argoproj.io/hook"
	helmAnnotation = "helm.sh/hook"
	waveAnnotation = "argocd.argoproj.io/sync-wave"
)

// file notes what matters in one manifest file. It returns false where Argo CD passes
// over it.
func (s *scanner) file(name string) bool {
	data, ok := s.repo.Read(name)
	if !ok {
		s.unseen(name + ", which cannot be read")
		return true
	}
	if s.plain && bytes.Contains(data, []byte(skipMarker)) {
		return false
	}
	found := false
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		switch {
		case errors.Is(err, io.EOF):
			return found
		case err != nil && s.plain && !found && !manifestLike(data):
			return false
		case err != nil:
			s.unseen(name + ", which is no YAML")
			return true
		case len(doc.Content) > 0 && s.object(name, doc.Content[0]):
			found = true
		}
	}
}

// manifestLike tells whether Argo CD fails on a file that is no YAML rather than pass
// over it (reposerver/repository/repository.go getObjsFromYAMLOrJSON).
func manifestLike(data []byte) bool {
	return bytes.Contains(data, []byte("apiVersion:")) && bytes.Contains(data, []byte("kind:")) &&
		bytes.Contains(data, []byte("metadata:"))
}

func (s *scanner) object(file string, o *yaml.Node) bool {
	kind, version := node.Text(o, "kind"), node.Text(o, "apiVersion")
	if kind == "" || version == "" {
		return false
	}
	if items := node.Items(o, "items"); len(items) > 0 && strings.HasSuffix(kind, "List") {
		for _, item := range items {
			s.object(file, item)
		}
		return true
	}
	meta := node.Get(o, "metadata")
	name, annotations := node.Text(meta, "name"), node.Get(meta, "annotations")
	hook := Hook{Kind: kind, Name: name, File: file, Nameless: name == ""}
	hook.Types, hook.Helm = hookTypes(annotations)
	if len(hook.Types) > 0 {
		s.Hooks = append(s.Hooks, hook)
	}
	if len(hook.Types) == 0 || hook.Deploys() {
		s.wave(hook.Types, node.Text(annotations, waveAnnotation))
		if name != "" {
			s.Objects = append(s.Objects, Object{Group: group(version), Kind: kind, Namespace: node.Text(meta, "namespace"), Name: name, Own: name})
		}
	}
	for _, reference := range references(o) {
		if node.Text(reference, "namespace") == "default" {
			to := Object{Kind: orElse(node.Text(reference, "kind"), "Service"), Own: node.Text(reference, "name")}
			s.ToDefault = append(s.ToDefault, Reference{From: Object{Kind: kind, Name: name}, To: to})
		}
	}
	s.child(file, Object{Group: group(version), Kind: kind, Namespace: node.Text(meta, "namespace"), Name: name, Own: name})
	return true
}

// wave notes the wave of an object in the phases that deploy it; without the
// annotation it is 0.
func (s *scanner) wave(types []string, wave string) {
	if len(types) == 0 {
		types = []string{"Sync"}
	}
	for _, phase := range types {
		s.waves[phase] = append(s.waves[phase], orElse(wave, "0"))
	}
}
