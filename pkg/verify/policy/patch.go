package policy

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// patched returns the value that a patch of kustomize sets an annotation to, or "". It
// understands merge patches.
func patched(item *yaml.Node, annotation string) string {
	text := node.Text(item, "patch")
	if !strings.Contains(text, annotation) {
		return ""
	}
	root, err := yaml.Parse(text)
	if err != nil {
		return ""
	}
	return node.Text(root.YNode(), "metadata", "annotations", annotation)
}

// everyObject tells whether the target of a patch selects all objects.
func everyObject(target *yaml.Node) bool { return selects(target, "") }

// selects tells whether the target of a patch selects all objects of a kind, or with ""
// all of every kind, and leaves none out.
func selects(target *yaml.Node, kind string) bool {
	for _, key := range []string{"name", "namespace", "labelSelector", "annotationSelector", "version"} {
		if !anything(node.Text(target, key)) {
			return false
		}
	}
	group := node.Text(target, "group")
	return (anything(node.Text(target, "kind")) || kind != "" && node.Text(target, "kind") == kind) &&
		(anything(group) || kind == crd && group == "apiextensions.k8s.io")
}

const crd = "CustomResourceDefinition"

func anything(expression string) bool {
	return expression == "" || expression == ".*" || expression == "^.*$"
}

// marked lists the targets of the patches of a Kustomization that give objects a mark of
// kustomize-controller, and "all objects" for commonMetadata.
func (u *unit) marked(key, value string) (targets []string) {
	for _, item := range node.Items(u.spec(), "patches") {
		if has(checkout.PatchMarks("", node.Text(item, "patch")), key, value) {
			targets = append(targets, describe(node.Get(item, "target")))
		}
	}
	if has(checkout.MetadataMarks("", u.spec("commonMetadata")), key, value) {
		targets = append(targets, describe(nil))
	}
	return targets
}

func has(marks []checkout.Mark, key, value string) bool {
	for _, m := range marks {
		if m.Key == key && m.Value == value {
			return true
		}
	}
	return false
}

// describe writes the target of a patch as one text.
func describe(target *yaml.Node) string {
	if target == nil || everyObject(target) {
		return "all objects"
	}
	var parts []string
	for _, key := range []string{"group", "version", "kind", "namespace", "name", "labelSelector", "annotationSelector"} {
		if text := node.Text(target, key); text != "" {
			parts = append(parts, key+" "+text)
		}
	}
	return strings.Join(parts, ", ")
}

// annotated lists the targets of the patches of an Application that set an annotation to
// a text which holds value.
func (u *unit) annotated(annotation, value string) (targets []string) {
	for _, item := range node.Items(u.source.Node, "kustomize", "patches") {
		if !ofMarks(item) && strings.Contains(patched(item, annotation), value) {
			targets = append(targets, describe(node.Get(item, "target")))
		}
	}
	return targets
}

// ofMarks tells whether a patch of an Application stands for marks of Flux, whatever
// object has them.
func ofMarks(item *yaml.Node) bool {
	return strings.Contains(node.Text(item, "target", "annotationSelector"), "kustomize.toolkit.fluxcd.io/")
}

// followsMarks tells whether a patch gives Argo CD's options to what Flux never deletes.
func (u *unit) followsMarks() bool {
	return slices.ContainsFunc(node.Items(u.source.Node, "kustomize", "patches"), func(item *yaml.Node) bool {
		return ofMarks(item) && strings.Contains(patched(item, "argocd.argoproj.io/sync-options"), "Prune=false")
	})
}
