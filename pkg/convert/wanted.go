package convert

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Wanted lists the sources, and the ConfigMaps with values, that the Kustomizations
// and HelmReleases of the inputs refer to and that the inputs lack. Whoever can get
// them adds them as context. A HelmChart may want a source in turn.
func Wanted(inputs []Input, o Options) []ledger.Object {
	c := &compiler{options: o, settings: o.settings()}
	s := c.surveyed(split(inputs))
	wanted := slices.Clone(s.wanted)
	for _, a := range s.appliers {
		for _, ref := range a.values {
			if _, lost := s.configMaps(a)(ref.Name); lost != "" {
				wanted = append(wanted, ref)
			}
		}
	}
	var objects []ledger.Object
	seen := map[flux.Ref]bool{}
	for _, ref := range wanted {
		if kind, ok := kindOf(ref); ok && !seen[ref] {
			seen[ref] = true
			objects = append(objects, ledger.Object{
				APIVersion: kind.APIVersion, Kind: kind.Name, Namespace: ref.Namespace, Name: ref.Name})
		}
	}
	return objects
}

// kindOf returns the kind of a reference; ok is false where it names none that exists.
func kindOf(ref flux.Ref) (kind object.Kind, ok bool) {
	kinds := append(flux.Kinds(), object.ConfigMap)
	i := slices.IndexFunc(kinds, func(k object.Kind) bool { return k.Name == ref.Kind })
	if i < 0 {
		return kind, false
	}
	return kinds[i], true
}
