package liveset

import (
	"fmt"
	"regexp"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// Rules of the custom resource definitions of flux-operator for what is written here.
var (
	subdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)
	address   = regexp.MustCompile(`^((http|https|oci)://.*){0,1}$`)
	types     = []string{"GitHubPullRequest", "GitLabMergeRequest", "GiteaPullRequest", "AzureDevOpsPullRequest"}
)

// Valid checks a ResourceSet or a ResourceSetInputProvider.
func Valid(root *yaml.Node) error {
	kind, name := node.Text(root, "kind"), node.Text(root, "metadata", "name")
	refuse := func(format string, args ...any) error {
		return fmt.Errorf("the %s would not be valid: %s", kind, fmt.Sprintf(format, args...))
	}
	spec := node.Get(root, "spec")
	switch {
	case node.Text(root, "apiVersion") != apiVersion || len(name) > 253 || !subdomain.MatchString(name):
		return refuse("%q is no name for it", name)
	case kind == inputProvider.Name && !slices.Contains(types, node.Text(spec, "type")):
		return refuse("its type is unknown")
	case kind == inputProvider.Name && !address.MatchString(node.Text(spec, "url")):
		return refuse("its URL is none of http or https")
	case kind == inputProvider.Name:
		return nil
	case kind != resourceset.Kind || node.Empty(node.Get(spec, "resources")):
		return refuse("it has no resources")
	}
	for _, r := range node.Items(spec, "resources") {
		if node.Text(r, "apiVersion") == "" || node.Text(r, "kind") == "" || node.Text(r, "metadata", "name") == "" {
			return refuse("a resource has no apiVersion, kind or name")
		}
	}
	return nil
}
