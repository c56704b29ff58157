// Package redact takes secrets out of the values of a Kubernetes object, so that what
// is left can be kept for years and shown to anybody. It hides too much rather than too
// little: a password must not survive because its field has an unusual name.
//
// Hidden are: the data of Secrets, what lies below a key or beside a name that speaks
// of a credential, user and password in URLs, tokens of known form, private keys, and
// all of these again inside of YAML and JSON that is kept in strings.
package redact

import (
	"strings"
)

// Mask stands in for what was hidden.
const Mask = "<redacted>"

// dropped are annotations that hold a whole object.
var dropped = []string{"last-applied-configuration", "kubectl-gitops.io/preserved"}

// Value hides the secrets of a tree of JSON values, in place, and returns it. Keys
// are kept: they say what a credential is for.
func Value(value any) any {
	return below("", value)
}

// below is Value for what stands below a key.
func below(parent string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		object(parent, v)
	case []any:
		for i := range v {
			v[i] = below(parent, v[i])
		}
	case string:
		return Text(v)
	}
	return value
}

func object(parent string, m map[string]any) {
	if m["kind"] == "Secret" {
		maskAt(m, "data", "stringData")
	}
	if _, sealed := m["sops"].(map[string]any); sealed {
		m["sops"] = Mask
	}
	if named(m) {
		maskAt(m, "value", "string", "array", "map", "values", "default", "literal", "newValue")
	}
	for key, child := range m {
		switch {
		case isDropped(key):
			delete(m, key)
		case Sensitive(key) || key == "key" && Sensitive(parent+"."+key) && !Sensitive(parent):
			m[key] = masked(child)
		default:
			m[key] = below(key, child)
		}
	}
}

// named tells whether a map is a name and a value, as parameters of Helm, environment
// variables and operations of a JSON patch are, and the name speaks of a credential.
func named(m map[string]any) bool {
	for _, key := range []string{"name", "key", "path", "targetPath", "id"} {
		name, _ := m[key].(string)
		if Sensitive(name) || strings.HasPrefix(name, "/data/") || strings.HasPrefix(name, "/stringData/") {
			return true
		}
	}
	return false
}

func maskAt(m map[string]any, keys ...string) {
	for _, key := range keys {
		if child, ok := m[key]; ok {
			m[key] = masked(child)
		}
	}
}

// masked hides the texts and numbers of a tree, but for those that only say where a
// credential is. Booleans are settings.
func masked(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			if refers(words(key)) {
				v[key] = below(key, child)
			} else {
				v[key] = masked(child)
			}
		}
		return v
	case []any:
		for i := range v {
			v[i] = masked(v[i])
		}
		return v
	case nil, bool:
		return v
	case string:
		if v == "" {
			return v
		}
	}
	return Mask
}

func isDropped(key string) bool {
	for _, part := range dropped {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}
