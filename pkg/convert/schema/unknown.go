package schema

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Unknown tells of the fields of an object whether the schema of a kind has them not: those
// that the API server would drop, with all that is below. Paths are those of package ledger.
// To a kind without a schema every field is known.
func Unknown(apiVersion, kind string, root *yaml.Node) func(path string) bool {
	var unknown []string
	if s, ok := For(apiVersion, kind); ok {
		for _, p := range s.Validate(root) {
			if p.Unknown {
				unknown = append(unknown, p.Path)
			}
		}
	}
	return func(path string) bool {
		return slices.ContainsFunc(unknown, func(above string) bool {
			rest, ok := strings.CutPrefix(path, above)
			return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
		})
	}
}
