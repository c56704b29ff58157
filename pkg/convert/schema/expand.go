package schema

import (
	"encoding/json"
	"fmt"
)

// keywords maps the short keys of the data to the keywords of OpenAPI v3 and of
// CustomResourceDefinitions. hack/schemagen writes the short keys.
var keywords = map[string]string{
	"a":    "additionalProperties",
	"d":    "default",
	"e":    "enum",
	"f":    "format",
	"i":    "items",
	"is":   "x-kubernetes-int-or-string",
	"lk":   "x-kubernetes-list-map-keys",
	"lt":   "x-kubernetes-list-type",
	"max":  "maximum",
	"maxI": "maxItems",
	"maxL": "maxLength",
	"min":  "minimum",
	"minI": "minItems",
	"minL": "minLength",
	"n":    "nullable",
	"p":    "properties",
	"q":    "required",
	"re":   "pattern",
	"t":    "type",
	"u":    "x-kubernetes-preserve-unknown-fields",
	"v":    "x-kubernetes-validations",
}

// Data returns the data file of a kind, for Expand, and whether there is one.
func Data(k Kind) ([]byte, bool) {
	file, err := data.ReadFile(k.File())
	return file, err == nil
}

// Expand writes a data file out as the openAPIV3Schema of a CustomResourceDefinition:
// keywords in full, and shared definitions in each place that refers to them.
func Expand(file []byte) (map[string]any, error) {
	var content struct {
		Schema map[string]any            `json:"schema"`
		Defs   map[string]map[string]any `json:"defs"`
	}
	if err := json.Unmarshal(file, &content); err != nil {
		return nil, err
	}
	return expander{content.Defs}.schema(content.Schema)
}

type expander struct {
	defs map[string]map[string]any
}

func (e expander) schema(short map[string]any) (map[string]any, error) {
	if name, shared := short["r"].(string); shared {
		short = e.defs[name]
	}
	full := make(map[string]any, len(short))
	for key, value := range short {
		keyword, known := keywords[key]
		if !known {
			return nil, fmt.Errorf("unknown key %q in the data of a schema", key)
		}
		value, err := e.value(key, value)
		if err != nil {
			return nil, err
		}
		full[keyword] = value
	}
	return full, nil
}

// value expands the schemas that stand below a key.
func (e expander) value(key string, value any) (any, error) {
	children, isMap := value.(map[string]any)
	switch {
	case key != "a" && key != "i" && key != "p":
		return value, nil
	case !isMap:
		return nil, fmt.Errorf("key %q in the data of a schema holds no map", key)
	case key != "p":
		return e.schema(children)
	}
	full := make(map[string]any, len(children))
	for name, child := range children {
		property, _ := child.(map[string]any)
		expanded, err := e.schema(property)
		if err != nil {
			return nil, err
		}
		full[name] = expanded
	}
	return full, nil
}
