package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A backImage is an image override, and the items of spec.images that make it.
type backImage struct{ name, newName, tag, digest string }

// backImages writes what kustomize-controller merges into the kustomization file: a
// field that is not set keeps what the file says, which kustomize's own form writes as
// "*"; a tag and a digest count as one (fluxcd/pkg kustomize/kustomize_generator.go;
// kustomize/commands/edit/set/setimage.go).
func backImages(c *BackCell) {
	if !c.edits() {
		return
	}
	items := node.Items(c.applier().Root, "spec", "images")
	images := map[string]backImage{}
	for _, item := range items {
		name := node.Text(item, "name")
		image := images[name]
		image.name = name
		images[name] = image.merged(node.Text(item, "newName"), node.Text(item, "newTag"), node.Text(item, "digest"))
	}
	to := map[string]Target{}
	order := c.unit.scanned().Root.Images
	for _, item := range items {
		image := images[node.Text(item, "name")]
		if _, ok := to[image.name]; !ok {
			to[image.name] = c.add("source.kustomize.images", node.String(image.text()))
			order = append(order, [2]string{image.name, image.newName})
		}
		for _, l := range c.below(item) {
			c.claim(l, exact(to[image.name]))
		}
	}
	if shuffled(order) {
		c.absent("spec.images", approximate("one entry names what another one renames to: Argo CD sorts the entries by name, so another may come first").as("images-sorted"))
	}
}

func (i backImage) merged(newName, tag, digest string) backImage {
	if newName != "" {
		i.newName = newName
	}
	if tag != "" || digest != "" {
		i.tag, i.digest = tag, digest
	}
	return i
}

// text is the form that `kustomize edit set image` reads.
func (i backImage) text() string {
	version := ":*@*"
	switch {
	case i.tag != "" && i.digest != "":
		version = ":" + i.tag + "@" + i.digest
	case i.tag != "":
		version = ":" + i.tag
	case i.digest != "":
		version = "@" + i.digest
	}
	switch {
	case i.newName == "":
		return i.name + "=*" + version
	case i.newName == i.name && i.tag+i.digest != "":
		return i.name + version
	default:
		return i.name + "=" + i.newName + version
	}
}

// shuffled tells whether sorting the entries, which are names and new names, by name
// may change what they do.
func shuffled(entries [][2]string) bool {
	sorted := slices.IsSortedFunc(entries, func(a, b [2]string) int { return slices.Compare(a[:1], b[:1]) })
	return !sorted && slices.ContainsFunc(entries, func(a [2]string) bool {
		return slices.ContainsFunc(entries, func(b [2]string) bool { return a != b && a[1] != "" && a[1] == b[0] })
	})
}
