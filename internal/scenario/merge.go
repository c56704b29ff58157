package scenario

// Merge lays the maps of over upon those of base, which it changes and returns: a case says
// what it changes of the usual spec.
func Merge(base, over map[string]any) map[string]any {
	for key, value := range over {
		below, ok := base[key].(map[string]any)
		if child, isMap := value.(map[string]any); ok && isMap {
			value = Merge(below, child)
		}
		base[key] = value
	}
	return base
}
