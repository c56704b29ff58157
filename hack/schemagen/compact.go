package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sigs.k8s.io/yaml"
)

// A definition is one version of a kind.
type definition struct {
	origin, group, version, kind string
	schema                       map[string]any
}

// stored asks parse for the version that the newest objects use.
const stored = ""

// parse takes one version out of a CRD.
func parse(data []byte, origin, version string) (definition, error) {
	var crd struct {
		Spec struct {
			Group    string
			Names    struct{ Kind string }
			Versions []struct {
				Name            string
				Served, Storage bool
				Schema          struct{ OpenAPIV3Schema map[string]any }
			}
		}
	}
	if err := yaml.Unmarshal(data, &crd); err != nil {
		return definition{}, fmt.Errorf("%s: %w", origin, err)
	}
	for _, v := range crd.Spec.Versions {
		if v.Name == version || version == stored && (v.Storage || len(crd.Spec.Versions) == 1) {
			return definition{origin, crd.Spec.Group, v.Name, crd.Spec.Names.Kind, v.Schema.OpenAPIV3Schema}, nil
		}
	}
	return definition{}, fmt.Errorf("%s: no version %q", origin, version)
}

func (d definition) fileName() string {
	return d.group + "_" + d.version + "_" + d.kind + ".json"
}

// compact is the content of the kind's data file: one line for each definition,
// which keeps the file small and a change to it readable.
func (d definition) compact() ([]byte, error) {
	schema, err := shorten(d.schema)
	if err != nil {
		return nil, err
	}
	root, defs := share(schema)
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\"origin\":%s,\n\"schema\":%s,\n\"defs\":{", canonical(d.origin), canonical(root))
	for i, name := range slices.Sorted(maps.Keys(defs)) {
		if i > 0 {
			out.WriteByte(',')
		}
		fmt.Fprintf(&out, "\n%s:%s", canonical(name), canonical(defs[name]))
	}
	out.WriteString("}}\n")
	return out.Bytes(), nil
}

// canonical is the one JSON form of a value: keys are sorted, nothing is escaped for HTML.
func canonical(v any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // cannot fail: these values came from JSON
	return string(bytes.TrimSpace(out.Bytes()))
}
