package function

import (
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio/kioutil"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// orchestrators reports whether an orchestrator, not the user, put an annotation there.
// Such annotations bind an item to its file or identity, so objects made from the
// item must not inherit them.
func orchestrators(key string) bool {
	return strings.HasPrefix(key, "internal.config.kubernetes.io/") ||
		strings.HasPrefix(key, "internal.kpt.dev/") ||
		slices.Contains([]string{
			kioutil.LegacyPathAnnotation,
			kioutil.LegacyIndexAnnotation,
			kioutil.LegacyIdAnnotation,
			"config.kubernetes.io/package-path",
			"kustomize.config.k8s.io/id",
		}, key)
}

// stripAnnotations removes the orchestrators' annotations from item.
func stripAnnotations(item *yaml.RNode) error {
	for key := range item.GetAnnotations() {
		if !orchestrators(key) {
			continue
		}
		if err := item.PipeE(yaml.ClearAnnotation(key)); err != nil {
			return err
		}
	}
	return yaml.ClearEmptyAnnotations(item)
}

// pathOf returns the file that item came from, or "".
func pathOf(item *yaml.RNode) string {
	path, _, _ := kioutil.GetFileAnnotations(item)
	return path
}

// indexOf returns item's index in its file, 0 if it has none.
func indexOf(item *yaml.RNode) int {
	_, text, _ := kioutil.GetFileAnnotations(item)
	index, _ := strconv.Atoi(text)
	return index
}

func setPath(item *yaml.RNode, path string) error {
	return item.PipeE(yaml.SetAnnotation(kioutil.PathAnnotation, path))
}

func setIndex(item *yaml.RNode, index int) error {
	return item.PipeE(yaml.SetAnnotation(kioutil.IndexAnnotation, strconv.Itoa(index)))
}
