package appset

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// live are the generators that ask others than repositories and the cluster Secrets, with
// what to do instead.
var live = map[string]string{
	"scmProvider":             "asks a Git hosting service for repositories",
	"pullRequest":             "asks a Git hosting service for pull requests",
	"plugin":                  "asks a plugin for parameters",
	"clusterDecisionResource": "asks an object of another controller for clusters",
}

// wanted lists every input that the generators need and that is not there, so that
// nobody has to find out one by one.
func wanted(root *yaml.Node, w *World) (problems []*Problem) {
	seen := map[string]bool{}
	var walk func(generators []*yaml.Node, at string)
	walk = func(generators []*yaml.Node, at string) {
		for i, g := range generators {
			for _, kind := range kinds(g) {
				here := ledger.Index(at, i) + "." + kind
				body := node.Get(g, kind)
				if kind == "matrix" || kind == "merge" {
					walk(node.Items(body, "generators"), here+".generators")
				} else if p := w.lacks(kind, body, here); p != nil && !seen[p.Msg] {
					seen[p.Msg] = true
					problems = append(problems, p)
				}
			}
		}
	}
	walk(node.Items(root, "spec", "generators"), "spec.generators")
	return problems
}

// lacks tells what a generator needs. A repository that a template names is looked up
// once the template is filled in.
func (w *World) lacks(kind string, body *yaml.Node, at string) *Problem {
	switch url := node.Text(body, "repoURL"); {
	case live[kind] != "":
		return &Problem{"appset-generator-live", at, body.Line, fmt.Sprintf(
			"the generator %s %s. Give what it finds as a generator list, or convert the Applications that it has made: kubectl gitops convert applications", kind, live[kind])}
	case kind == "clusters" && w.Unread != "":
		return &Problem{"appset-clusters", at, body.Line, "the clusters are not known: " + w.Unread}
	case kind == "clusters" && w.Clusters == nil:
		return &Problem{"appset-clusters", at, body.Line,
			"the input holds no cluster Secrets (label argocd.argoproj.io/secret-type: cluster). Add them, one for the cluster of Argo CD itself included if it has none"}
	case (kind == "git" || kind == "oci") && !strings.Contains(url+node.Text(body, "revision"), "{{") && w.checkout(url, node.Text(body, "revision")) == nil:
		return noCheckout(kind, body, at, url, node.Text(body, "revision"))
	}
	return nil
}

func (w *World) checkout(url, revision string) *checkout.Repo {
	if w.Checkout == nil {
		return nil
	}
	return w.Checkout(url, revision)
}

// noCheckout leaves out what may be credentials in the URL.
func noCheckout(kind string, body *yaml.Node, at, url, revision string) *Problem {
	public := checkout.Normal(url)
	if revision != "" {
		public += " at " + revision
	}
	return &Problem{"appset-checkout", at + ".repoURL", body.Line,
		"the generator " + kind + " reads " + public + ". Give a local checkout of it with --source URL[@REV]=DIR"}
}
