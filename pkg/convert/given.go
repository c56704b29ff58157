package convert

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// given returns the source whose URL an option gives, or nil.
func (o *Options) given(ref flux.Ref) *flux.Entry {
	for _, s := range o.SourceURLs {
		if s.names(ref) {
			return s.entry(ref)
		}
	}
	return nil
}

func (s SourceURL) names(ref flux.Ref) bool {
	parts := strings.Split(s.Name, "/")
	switch len(parts) {
	case 1:
		return parts[0] == ref.Name
	case 2:
		return parts[1] == ref.Name && parts[0] == ref.Namespace
	default:
		return strings.EqualFold(parts[0], ref.Kind) && parts[1] == ref.Namespace && parts[2] == ref.Name
	}
}

func (s SourceURL) entry(ref flux.Ref) *flux.Entry {
	spec := node.Map("url", s.URL)
	if s.Revision != "" {
		spec = node.Map("ref", node.Map(s.field(ref.Kind), s.Revision), "url", s.URL)
	}
	root := node.Map("kind", ref.Kind, "metadata", node.Map("name", ref.Name, "namespace", ref.Namespace), "spec", spec)
	return &flux.Entry{Ref: ref, Assumed: true, Load: func() (*yaml.Node, error) { return root, nil }}
}

// field is the field of ref that the revision means.
func (s SourceURL) field(kind string) string {
	switch {
	case kind != flux.OCIRepository.Name:
		return "branch"
	case strings.HasPrefix(s.Revision, "sha256:"):
		return "digest"
	default:
		return "tag"
	}
}
