package convert

import (
	"bytes"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// configMaps returns a function that finds the data of a ConfigMap of the input, seen
// from an applier, or why there is none.
func (s *survey) configMaps(a *applier) func(name string) (data *yaml.Node, lost string) {
	return func(name string) (data *yaml.Node, lost string) {
		ref := flux.Ref{Kind: "ConfigMap", Namespace: a.Namespace, Name: name}
		seen := map[string]bool{}
		for _, e := range s.mapsNamed(name).Find(ref, a.file) {
			root, err := e.Load()
			if err != nil {
				return nil, fmt.Sprintf("ConfigMap %q is broken", name)
			}
			data = node.Get(root, "data")
			seen[preserve.Fingerprint(node.Value(data))] = true
		}
		switch len(seen) {
		case 0:
			return nil, fmt.Sprintf("ConfigMap %q is not in the input, and Argo CD reads no values from the cluster: add its manifest", name)
		case 1:
			return data, ""
		default:
			return nil, fmt.Sprintf("%d objects of the input may be ConfigMap %q: give them their namespaces, or convert behind kustomize, with -k or as a transformer", len(seen), name)
		}
	}
}

// mapsNamed indexes the ConfigMaps of a name. Most are never asked for.
func (s *survey) mapsNamed(name string) *flux.Index {
	index := flux.NewIndex()
	for _, at := range s.maps {
		if !bytes.Contains(at.doc.Raw, []byte(name)) {
			continue
		}
		if root, err := s.cache.load(at); err == nil && node.Text(root, "metadata", "name") == name {
			ref := flux.ObjectRef(root, "")
			ref.Namespace = s.namespaceOf(at.doc.File, ref.Namespace)
			index.Add(&flux.Entry{Ref: ref, File: at.doc.File, Load: s.loader(at)})
		}
	}
	return index
}
