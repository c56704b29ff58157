package liveset

import (
	"fmt"
	"regexp"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// Rules of the custom resource definitions of flux-operator for what is written here.
var (
	subdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)
	address   = regexp.MustCompile(`^(http|https|oci)://`)
	types     = []string{"GitHubPullRequest", "GitLabMergeRequest", "GiteaPullRequest", "AzureDevOpsPullRequest", foundType}
)

// Valid checks an object that is written: those of flux-operator by own rules, and the
// others by their schema.
func Valid(root *yaml.Node) error {
	kind, name := node.Text(root, "kind"), node.Text(root, "metadata", "name")
	if s, ok := schema.For(node.Text(root, "apiVersion"), kind); ok {
		for _, p := range s.Validate(root) {
			return fmt.Errorf("the %s would not be valid: %s: %s", kind, p.Path, p.Message)
		}
		return nil
	}
	why := ""
	switch {
	case node.Text(root, "apiVersion") != apiVersion || len(name) > 253 || !subdomain.MatchString(name):
		why = fmt.Sprintf("%q is no name for it", name)
	case kind == inputProvider.Name:
		why = invalidProvider(node.Get(root, "spec"))
	case kind == resourceset.Kind:
		why = invalidSet(node.Get(root, "spec"))
	default:
		why = "the kind is unknown"
	}
	if why != "" {
		return fmt.Errorf("the %s would not be valid: %s", kind, why)
	}
	return nil
}

func invalidProvider(spec *yaml.Node) string {
	kind, url := node.Text(spec, "type"), node.Text(spec, "url")
	switch {
	case !slices.Contains(types, kind):
		return "its type is unknown"
	case kind == foundType && (url != "" || node.Empty(node.Get(spec, "selectors")) || node.Get(spec, "secretRef") != nil):
		return "it takes selectors, and no URL or Secret"
	case kind != foundType && (!address.MatchString(url) || node.Get(spec, "selectors") != nil):
		return "it takes a URL of http or https, and no selectors"
	}
	return ""
}

func invalidSet(spec *yaml.Node) string {
	if node.Empty(node.Get(spec, "resources")) {
		return "it has no resources"
	}
	for _, r := range node.Items(spec, "resources") {
		if node.Text(r, "apiVersion") == "" || node.Text(r, "kind") == "" || node.Text(r, "metadata", "name") == "" {
			return "a resource has no apiVersion, kind or name"
		}
	}
	if s := node.Get(spec, "inputStrategy"); s != nil && node.Text(s, "name") != "Permute" {
		return "its strategy for inputs is unknown"
	}
	for _, from := range node.Items(spec, "inputsFrom") {
		if node.Text(from, "name") == "" {
			return "a provider of inputs has no name"
		}
	}
	return ""
}
