package appset

import (
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// An expansion is the Applications made so far.
type expansion struct {
	root   *yaml.Node
	world  *World
	engine *engine
	trees  map[string]*tree // by URL and revision
	sets   int
	apps   []*yaml.Node
	names  map[string]bool
	text   int
}

// run expands the generators in their order, as GenerateApplications does
// (applicationset/controllers/template/template.go).
func (x *expansion) run() error {
	for i, g := range node.Items(x.root, "spec", "generators") {
		at := ledger.Index("spec.generators", i)
		results, err := x.transform(g, at, nil)
		if err != nil {
			return locate(err, g, at)
		}
		for _, r := range results {
			tmpl := fill(node.Get(node.Get(g, r.kind), "template"), node.At(x.root, "spec", "template"))
			for _, set := range r.sets {
				if err := x.application(tmpl, set); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// application makes one Application of a template and a set of parameters.
func (x *expansion) application(tmpl *yaml.Node, set params) error {
	app, err := x.render(tmpl, set)
	if err != nil {
		return locate(err, node.At(x.root, "spec", "template"), "spec.template")
	}
	if patch := node.At(x.root, "spec", "templatePatch"); !node.Null(patch) {
		if app, err = x.patch(app, patch, set); err != nil {
			return locate(err, patch, "spec.templatePatch")
		}
	}
	// The Application stays in the namespace of the ApplicationSet, whatever the template
	// says (template.go).
	metadata := node.Get(app, "metadata")
	node.Remove(metadata, "namespace")
	if own := node.At(x.root, "metadata", "namespace"); !node.Null(own) {
		place(metadata, node.Clone(own))
	}
	return x.add(app)
}

// place puts a namespace behind the name, where it stands in all that is written here.
func place(metadata, namespace *yaml.Node) {
	for i := 0; i+1 < len(metadata.Content); i += 2 {
		if metadata.Content[i].Value == "name" {
			metadata.Content = slices.Insert(metadata.Content, i+2, node.String("namespace"), namespace)
			return
		}
	}
	node.Put(metadata, "namespace", namespace)
}

// add refuses what the controller refuses (validateGeneratedApplications in
// applicationset/controllers/applicationset_controller.go), or the API server, and too much.
func (x *expansion) add(app *yaml.Node) error {
	name := node.Text(app, "metadata", "name")
	switch {
	case name == "":
		return x.invalid("name", "it makes an Application without a name: give the template metadata.name")
	case len(name) > 253 || !subdomain.MatchString(name):
		return x.invalid("name", "it makes an Application of the name %q, which Kubernetes refuses: use normalize or slugify, or correct the parameter", name)
	case x.names[name]:
		return x.invalid("name", "it makes two Applications of the name %q, which the controller refuses: let the name depend on all that differs", name)
	}
	if err := x.checkLabels(app); err != nil {
		return err
	}
	x.names[name] = true
	x.apps = append(x.apps, app)
	if x.text += size(app); len(x.apps) > maxApps || x.text > maxText {
		return &Problem{ID: "appset-limit", Msg: fmt.Sprintf("it makes more than %d Applications, or %d MiB of them: split it", maxApps, maxText>>20)}
	}
	return nil
}

// checkLabels refuses labels that the API server refuses.
func (x *expansion) checkLabels(app *yaml.Node) error {
	labels := node.At(app, "metadata", "labels")
	for i := 0; labels != nil && i+1 < len(labels.Content); i += 2 {
		key, value := labels.Content[i].Value, labels.Content[i+1].Value
		if len(validation.IsQualifiedName(key)) == 0 && len(validation.IsValidLabelValue(value)) == 0 {
			continue
		}
		return x.invalid("labels", "it makes an Application with the label %q of the value %q, which Kubernetes refuses: use normalize or slugify, or an annotation", key, value)
	}
	return nil
}

// invalid is a problem with a field of the metadata that the template gives.
func (x *expansion) invalid(field, format string, args ...any) error {
	err := invalid(format, args...)
	if n := node.At(x.root, "spec", "template", "metadata", field); n != nil {
		return locate(err, n, "spec.template.metadata."+field)
	}
	return locate(err, node.At(x.root, "spec", "template"), "spec.template")
}

// render fills in a template. Without any parameter it stays as it is, and nothing is
// added (RenderTemplateParams in applicationset/utils/utils.go).
func (x *expansion) render(tmpl *yaml.Node, set params) (*yaml.Node, error) {
	made := node.Clone(tmpl)
	if len(set) > 0 {
		if err := x.engine.replace(made, set); err != nil {
			return nil, err
		}
	}
	metadata := node.Get(made, "metadata")
	if metadata == nil {
		metadata = node.Map()
		metadata.Line = made.Line
	}
	app := node.Map("apiVersion", argocd.APIVersion, "kind", "Application", "metadata", metadata)
	app.Line = made.Line
	for _, n := range app.Content {
		n.Line = max(n.Line, made.Line)
	}
	if key, spec := node.Pair(made, "spec"); spec != nil {
		app.Content = append(app.Content, key, spec)
	}
	if len(set) > 0 && node.Empty(node.Get(metadata, "finalizers")) && !node.True(x.root, "spec", "syncPolicy", "preserveResourcesOnDeletion") {
		finalizers := node.Strings([]string{argocd.ResourcesFinalizer})
		finalizers.Line, finalizers.Content[0].Line = metadata.Line, metadata.Line
		node.Put(metadata, "finalizers", finalizers)
	}
	return app, nil
}

// size is about how many bytes n takes as text.
func size(n *yaml.Node) int {
	total := len(n.Value) + 2
	for _, child := range n.Content {
		total += size(child)
	}
	return total
}
