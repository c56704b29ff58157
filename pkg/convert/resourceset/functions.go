package resourceset

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"text/template"

	sprig "github.com/go-task/slim-sprig/v3"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/bounded"
)

// functions returns those of slim-sprig that give the same everywhere and always, and
// the two of the operator.
func functions(b *bounded.Budget, g guess) template.FuncMap {
	all := sprig.HermeticTxtFuncMap()
	for _, name := range []string{
		"ago", "durationRound", "randInt", // the time of day, and chance
		"osBase", "osClean", "osDir", "osExt", "osIsAbs", // the machine
		"seq", "untilStep", "hello",
	} {
		delete(all, name)
	}
	all["keys"], all["values"] = keys, values // in order, where slim-sprig has none
	all["toYaml"] = func(v any) (string, error) {
		text, err := yaml.Marshal(v)
		return strings.TrimSuffix(string(text), "\n") + g.end, err
	}
	all["slugify"] = slugify
	return b.Functions(all)
}

func keys(dicts ...map[string]any) (all []string) {
	for _, dict := range dicts {
		all = append(all, slices.Sorted(maps.Keys(dict))...)
	}
	return all
}

func values(dict map[string]any) (all []any) {
	for _, key := range slices.Sorted(maps.Keys(dict)) {
		all = append(all, dict[key])
	}
	return all
}

// slugify is documented to make a label's value. How is not, so that only what is one
// already passes.
func slugify(text string) (string, error) {
	if !slug.MatchString(text) {
		return "", errors.New("slugify")
	}
	return text, nil
}

var slug = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
