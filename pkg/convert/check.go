package convert

import (
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// place says where an object stands and what it is.
func place(d *document.Doc, root *yaml.Node) string {
	return fmt.Sprintf("%s:%d: %s %q", d.File, root.Line, node.Text(root, "kind"), node.Text(root, "metadata", "name"))
}

// check refuses what the API server would refuse, except for missing fields, which
// another tool may supply, and unknown ones, which the ledger reports. The schema is
// that of the current API version: older ones differ by fields that are unknown to it.
func check(d *document.Doc, root *yaml.Node, apiVersion string, o ledger.Object) error {
	s, ok := schema.For(apiVersion, o.Kind)
	if !ok || o.Kind == "Application" && o.APIVersion != apiVersion {
		return fmt.Errorf("%s: unknown apiVersion %q: use %s", place(d, root), o.APIVersion, apiVersion)
	}
	if o.Name == "" {
		return fmt.Errorf("%s: metadata.name is missing: name the object", place(d, root))
	}
	var problems []error
	for _, p := range s.Validate(root) {
		if p.Unknown || strings.HasPrefix(p.Message, "required field") {
			continue
		}
		problems = append(problems, fmt.Errorf("%s:%d: %s %q: %s: %s", d.File, p.Line, o.Kind, o.Name, p.Path, p.Message))
	}
	return errors.Join(problems...)
}

// whole refuses Applications that are complete and contradict themselves, as Argo CD
// does.
func whole(d *document.Doc, app *argocd.App) error {
	spec := app.Spec()
	var set []string
	for _, key := range []string{"source", "sources", "sourceHydrator"} {
		if !node.Empty(node.Get(spec, key)) {
			set = append(set, "spec."+key)
		}
	}
	if len(set) > 1 {
		return fmt.Errorf("%s: %s are both set: keep one", place(d, app.Root), strings.Join(set, " and "))
	}
	if node.Text(spec, "destination", "server") != "" && node.Text(spec, "destination", "name") != "" {
		return fmt.Errorf("%s: spec.destination.server and spec.destination.name are both set: keep one", place(d, app.Root))
	}
	refs := map[string]bool{}
	for _, s := range app.Sources {
		if s.Ref != "" && refs[s.Ref] {
			return fmt.Errorf("%s: %s.ref: %q names an earlier source, too: Argo CD refuses it", place(d, app.Root), s.At, s.Ref)
		}
		refs[s.Ref] = true
		if blocks := s.Blocks(); len(blocks) > 1 {
			return fmt.Errorf("%s: %s has %s: Argo CD takes one of them", place(d, app.Root), s.At, strings.Join(blocks, " and "))
		}
	}
	return nil
}
