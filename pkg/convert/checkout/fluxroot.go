package checkout

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// FluxRoot is what the kustomization file at the path says, where Argo CD edits the file in
// another way than Flux, or edits what Flux sets after the build.
type FluxRoot struct {
	// Images are its image overrides, as name and new name.
	Images [][2]string
	// Annotations and Labels are keys that Argo CD cannot override as Flux does, be they
	// set here or in a base: kustomize hands one YAML node to the object and to its
	// selectors and templates, so overriding the one changes the others.
	Annotations, Labels []string
	// Fields tells that a label which Argo CD adds reaches more than the objects.
	Fields bool
	// Built tells that Flux builds it, and does not read the tree.
	Built bool
	// Empty tells that it lists no resources, Traced that objects are annotated with what
	// changed them.
	Empty, Traced bool
}

// edited notes what a kustomization file sets that Argo CD may have to override. It adds
// labels to the first entry that reaches the objects alone, or to a new one at the end
// (kustomize/commands/edit/add/addmetadata.go writeToLabels).
func (k *kustomization) edited() {
	root, r := k.dir == k.fluxScanner.root, &k.Root
	r.Annotations = append(r.Annotations, keys(node.Get(k.root, "commonAnnotations"))...)
	r.Labels = append(r.Labels, keys(node.Get(k.root, "commonLabels"))...)
	first := true
	for _, entry := range node.Items(k.root, "labels") {
		alone := !node.True(entry, "includeSelectors") && !node.True(entry, "includeTemplates")
		fields := len(node.Items(entry, "fields")) > 0
		switch {
		case root && alone && first:
			first, r.Fields = false, fields
		case root || !alone || fields:
			r.Labels = append(r.Labels, keys(node.Get(entry, "pairs"))...)
		}
	}
	if !root {
		return
	}
	for _, item := range node.Items(k.root, "images") {
		r.Images = append(r.Images, [2]string{node.Text(item, "name"), node.Text(item, "newName")})
	}
	r.Empty = len(node.Items(k.root, "resources")) == 0
	for _, item := range node.Items(k.root, "buildMetadata") {
		r.Traced = r.Traced || item.Value == "transformerAnnotations"
	}
}

func keys(m *yaml.Node) (names []string) {
	if m == nil || m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(m.Content); i += 2 {
		names = append(names, m.Content[i].Value)
	}
	return names
}
