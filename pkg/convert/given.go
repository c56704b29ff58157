package convert

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// given returns the source whose URL an option gives, or nil.
func (o *Options) given(ref flux.Ref) *flux.Entry {
	for _, s := range o.SourceURLs {
		if s.names(ref) && s.fits(ref.Kind) {
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

// fits tells whether a source of the kind can be at the URL (source-controller docs:
// the spec of each kind).
func (s SourceURL) fits(kind string) bool {
	oci := strings.HasPrefix(s.URL, "oci://")
	web := strings.HasPrefix(s.URL, "https://") || strings.HasPrefix(s.URL, "http://")
	switch kind {
	case flux.GitRepository.Name:
		return !oci
	case flux.OCIRepository.Name:
		return oci
	case flux.HelmRepository.Name:
		return (oci || web) && s.Revision == ""
	default:
		return false
	}
}

func (s SourceURL) entry(ref flux.Ref) *flux.Entry {
	spec := node.Map("url", s.URL)
	if field := s.field(ref.Kind); field != "" {
		spec = node.Map("ref", node.Map(field, s.Revision), "url", s.URL)
	}
	root := node.Map("kind", ref.Kind, "metadata", node.Map("name", ref.Name, "namespace", ref.Namespace), "spec", spec)
	return &flux.Entry{Ref: ref, Assumed: true, Load: func() (*yaml.Node, error) { return root, nil }}
}

// field is the key of spec.ref that takes the revision as it is.
func (s SourceURL) field(kind string) string {
	switch {
	case s.Revision == "":
		return ""
	case kind == flux.GitRepository.Name:
		return "name"
	case strings.HasPrefix(s.Revision, "sha256:"):
		return "digest"
	case argocd.Range(s.Revision):
		return "semver"
	default:
		return "tag"
	}
}

// sourceKinds are the kinds that a URL can stand for.
var sourceKinds = []object.Kind{flux.GitRepository, flux.OCIRepository, flux.HelmRepository}

// checkSourceURLs refuses what can match no reference. Errors leave the URL out, as it
// may carry a password.
func checkSourceURLs(all []SourceURL) error {
	seen := map[string]bool{}
	for _, s := range all {
		if seen[s.Name] {
			return fmt.Errorf("source %q has two URLs: keep one", s.Name)
		}
		seen[s.Name] = true
		if err := s.check(); err != nil {
			return fmt.Errorf("source %q: %w", s.Name, err)
		}
	}
	return nil
}

func (s SourceURL) check() error {
	parts := strings.Split(s.Name, "/")
	if len(parts) > 3 || slices.Contains(parts, "") {
		return fmt.Errorf("name it as NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME")
	}
	if !urlForm.MatchString(s.URL) {
		return fmt.Errorf("the URL must begin with https://, http://, ssh:// or oci://, or be user@host:path")
	}
	if len(parts) < 3 {
		return nil
	}
	for _, k := range sourceKinds {
		if !strings.EqualFold(parts[0], k.Name) {
			continue
		}
		if s.fits(k.Name) {
			return nil
		}
		if k == flux.HelmRepository && s.Revision != "" {
			return fmt.Errorf("a HelmRepository has no revision: leave out the @ and what follows; the HelmRelease names the version")
		}
		return fmt.Errorf("no %s is at such a URL: oci:// is for OCIRepository and HelmRepository, ssh for GitRepository", k.Name)
	}
	return fmt.Errorf("%s is no kind that a URL can stand for: use GitRepository, OCIRepository or HelmRepository", parts[0])
}

// urlForm is the beginning of an address that Argo CD takes, up to its path.
var urlForm = regexp.MustCompile(`^((https?|ssh|oci)://[^\s/]+|[^\s/@:]+@[^\s/:]+:)`)
