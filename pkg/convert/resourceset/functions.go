package resourceset

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"

	sprig "github.com/go-task/slim-sprig/v3"
	"sigs.k8s.io/yaml"
)

// maxValue bounds what a function may return, and what one that multiplies may make of
// its arguments.
const maxValue = 1 << 20

// functions returns those of slim-sprig that give the same everywhere and always, and
// the two of the operator.
func functions(g guess) template.FuncMap {
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
	all["print"], all["println"], all["printf"] = fmt.Sprint, fmt.Sprintln, printf
	all["html"], all["js"], all["urlquery"] = template.HTMLEscaper, template.JSEscaper, template.URLQueryEscaper
	for name, f := range all {
		all[name] = bounded(f, multiplies[name])
	}
	return all
}

// multiplies are the functions whose result grows with the product of the arguments.
var multiplies = map[string]bool{
	"repeat": true, "until": true, "indent": true, "nindent": true, "replace": true, "join": true,
	"regexReplaceAll": true, "mustRegexReplaceAll": true, "regexReplaceAllLiteral": true, "mustRegexReplaceAllLiteral": true,
}

// bounded returns f with a bound on what it makes. The template library makes an error
// of the panic.
func bounded(f any, multiplies bool) any {
	fn := reflect.ValueOf(f)
	call := fn.Call
	if fn.Type().IsVariadic() {
		call = fn.CallSlice
	}
	return reflect.MakeFunc(fn.Type(), func(args []reflect.Value) []reflect.Value {
		product := int64(1)
		for _, arg := range args {
			w := weight(arg, maxValue)
			if multiplies {
				product *= int64(max(w, number(arg)))
			}
			if w > maxValue || product > maxValue {
				panic(errText)
			}
		}
		results := call(args)
		if weight(results[0], maxValue) > maxValue {
			panic(errText)
		}
		return results
	}).Interface()
}

// weight tells how much a value is when it is written: at least 1, and more than limit
// where it would be more. Lists may hold a list many times, so that nobody can look at
// all of it.
func weight(v reflect.Value, limit int) int {
	total := 1
	add := func(item reflect.Value) bool {
		total += weight(item, limit-total)
		return total <= limit
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			return weight(v.Elem(), limit)
		}
	case reflect.String:
		return max(1, v.Len())
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !add(v.Index(i)) {
				break
			}
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			if !add(key) || !add(v.MapIndex(key)) {
				break
			}
		}
	}
	return total
}

// number is a number that may be a count.
func number(v reflect.Value) int {
	if v.CanInt() {
		return int(min(max(v.Int(), -v.Int()), maxValue+1))
	}
	return 0
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

var wide = regexp.MustCompile(`%[^a-zA-Z%]*(\d{4}|\*)`)

// printf is that of templates without wide padding.
func printf(format string, args ...any) (string, error) {
	if wide.MatchString(format) {
		return "", errText
	}
	return fmt.Sprintf(format, args...), nil
}

var slug = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)
