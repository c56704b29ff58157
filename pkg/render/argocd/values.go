package argocd

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"helm.sh/helm/v4/pkg/strvals"
)

// values merges, later ones winning: value files, values or valuesObject, parameters,
// those that are forced to be strings, file parameters.
func (r *rendering) values(spec *helmSource) (map[string]any, error) {
	merged := map[string]any{}
	files, err := r.valueFiles(spec)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		data, err := os.ReadFile(f.path)
		if err == nil {
			merged, err = mergeText(merged, data)
		}
		if err != nil {
			return nil, fmt.Errorf("value file %s: %w", f.name, err)
		}
	}
	inline := []byte(spec.Values)
	if len(spec.ValuesObject) > 0 {
		inline = spec.ValuesObject
	}
	if merged, err = mergeText(merged, inline); err != nil {
		return nil, fmt.Errorf("%s.helm.values: %w", r.source.at, err)
	}
	return merged, r.parameters(spec, merged)
}

func mergeText(into map[string]any, text []byte) (map[string]any, error) {
	values, err := loader.LoadValues(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	return loader.MergeMaps(into, values), nil
}

// parameters sets single values as helm's --set, --set-string and --set-file do. Of two
// parameters of one name the last counts.
func (r *rendering) parameters(spec *helmSource, into map[string]any) error {
	for _, forced := range []bool{false, true} {
		parse := strvals.ParseInto
		if forced {
			parse = strvals.ParseIntoString
		}
		for i, p := range spec.Parameters {
			same := func(q helmParameter) bool { return q.Name == p.Name && q.ForceString == forced }
			if p.ForceString != forced || slices.ContainsFunc(spec.Parameters[i+1:], same) {
				continue
			}
			if err := parse(p.Name+"="+escaped(r.env.expand(p.Value)), into); err != nil {
				return fmt.Errorf("parameter %s: %w", p.Name, err)
			}
		}
	}
	for _, p := range spec.FileParameters {
		if err := r.fileParameter(p, into); err != nil {
			return fmt.Errorf("file parameter %s: %w", p.Name, err)
		}
	}
	return nil
}

func (r *rendering) fileParameter(p fileParameter, into map[string]any) error {
	f, err := r.locate(p.Path)
	if err != nil {
		return err
	}
	read := func(name []rune) (any, error) {
		data, err := os.ReadFile(string(name))
		return string(data), err
	}
	return strvals.ParseIntoFile(p.Name+"="+escaped(f.path), into, read)
}

// escaped keeps commas from separating values, but in a list {a,b}
// (util/helm/cmd.go cleanSetParameters).
func escaped(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return value
	}
	var b strings.Builder
	for i, c := range value {
		if c == ',' && !strings.HasSuffix(value[:i], `\`) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
