package bounded

import (
	"fmt"
	"reflect"
	"regexp"
	"text/template"
)

// maxValue bounds what a function may return, and what one that multiplies may make of
// its arguments.
const maxValue = 1 << 20

// Functions adds the functions of Go's templates that make text to all, and bounds each
// by the budget.
func (b *Budget) Functions(all template.FuncMap) template.FuncMap {
	result := template.FuncMap{
		"print": fmt.Sprint, "println": fmt.Sprintln, "printf": printf,
		"html": template.HTMLEscaper, "js": template.JSEscaper, "urlquery": template.URLQueryEscaper,
	}
	for name, f := range all {
		result[name] = f
	}
	for name, f := range result {
		result[name] = b.function(f, multiplies[name])
	}
	return result
}

// multiplies are the functions whose result grows with the product of the arguments.
var multiplies = map[string]bool{
	"repeat": true, "until": true, "untilStep": true, "seq": true, "indent": true, "nindent": true,
	"replace": true, "join": true, "wrap": true, "wrapWith": true,
	"regexReplaceAll": true, "mustRegexReplaceAll": true, "regexReplaceAllLiteral": true, "mustRegexReplaceAllLiteral": true,
}

// function returns f with a bound on what it makes. The template library makes an error
// of the panic.
func (b *Budget) function(f any, multiplies bool) any {
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
			if b.Work -= w; w > maxValue || product > maxValue {
				panic(errText)
			}
		}
		results := call(args)
		w := weight(results[0], maxValue)
		if b.Work -= w; w > maxValue {
			panic(errText)
		}
		if b.Work < 0 {
			panic(errSteps)
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

// number is a number that may be a count, or the largest of several.
func number(v reflect.Value) int {
	if v.CanInt() {
		return int(min(max(v.Int(), -v.Int()), maxValue+1))
	}
	most := 0
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Int {
		for i := range v.Len() {
			most = max(most, number(v.Index(i)))
		}
	}
	return most
}

var wide = regexp.MustCompile(`%[^a-zA-Z%]*(\d{4}|\*)`)

// printf is that of templates without wide padding.
func printf(format string, args ...any) (string, error) {
	if wide.MatchString(format) {
		return "", errText
	}
	return fmt.Sprintf(format, args...), nil
}
