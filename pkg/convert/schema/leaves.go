package schema

import "slices"

// Leaves lists every field that holds a value, sorted. In these patterns a dot
// stands before a key, [] stands for each list item, {} for each key of a map whose
// keys are free, and ** for whatever may stand below:
//
//	spec.source.helm.parameters[].name
//	metadata.labels.{}
//	spec.source.helm.valuesObject.**
func (s *Schema) Leaves() []string {
	leaves := s.root.leaves("", nil)
	slices.Sort(leaves)
	return leaves
}

func (s *node) leaves(path string, found []string) []string {
	switch {
	case s.free():
		return append(found, join(path, "**"))
	case s.Type == "array":
		return s.Items.leaves(path+"[]", found)
	case s.Type != "object":
		return append(found, path)
	}
	for name, child := range s.Props {
		found = child.leaves(join(path, name), found)
	}
	if s.Values != nil {
		found = s.Values.leaves(join(path, "{}"), found)
	}
	if s.open() {
		found = append(found, join(path, "**"))
	}
	return found
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
