package appset

import (
	"errors"
	"regexp"
	"strings"
	"text/template"

	sprig "github.com/go-task/slim-sprig/v3"
	"sigs.k8s.io/yaml"
)

// own are the functions that Argo CD adds to those of sprig
// (applicationset/utils/template_functions.go and utils.go), and Common.
func own() template.FuncMap {
	all := template.FuncMap{"normalize": sanitize, "slugify": slugify, "toYaml": toYAML, "fromYaml": fromYAML, "fromYamlArray": fromYAMLArray}
	slim := sprig.TxtFuncMap()
	for _, name := range Common {
		all[name] = slim[name]
	}
	return all
}

// Common are functions of slim-sprig that do the same as those of sprig. They are what
// the KRM function has, in which sprig finds no room.
var Common = []string{
	"lower", "upper", "trim", "trimAll", "trimPrefix", "trimSuffix", "replace", "contains", "hasPrefix", "hasSuffix",
	"quote", "squote", "cat", "indent", "nindent", "trunc", "join", "splitList", "sortAlpha", "b64enc", "b64dec", "sha256sum",
	"default", "empty", "coalesce", "ternary", "toJson", "list", "dict", "get", "hasKey", "has", "first", "last",
	"kindOf", "kindIs", "regexMatch", "regexReplaceAll", "fail",
}

func toYAML(value any) (string, error) {
	text, err := yaml.Marshal(value)
	return strings.TrimSuffix(string(text), "\n"), err
}

func fromYAML(text string) (map[string]any, error) {
	m := map[string]any{}
	err := yaml.Unmarshal([]byte(text), &m)
	return m, err
}

func fromYAMLArray(text string) ([]any, error) {
	list := []any{}
	err := yaml.Unmarshal([]byte(text), &list)
	return list, err
}

var (
	noSlug = regexp.MustCompile("[^a-z0-9-]")
	dashes = regexp.MustCompile("-+")
)

// slugify takes a length, whether to cut behind a word, and a name, of which it may be
// given the last one, two or all. What the name holds after normalize is all ASCII, of
// which github.com/gosimple/slug does no more than this.
func slugify(args ...any) (string, error) {
	length, words, name := 50, true, ""
	ok := len(args) <= 3
	for i, arg := range args {
		fits := false
		switch i {
		case len(args) - 1:
			name, fits = arg.(string)
		case 0:
			length, fits = arg.(int)
		case 1:
			words, fits = arg.(bool)
		}
		ok = ok && fits
	}
	if !ok || length < 0 {
		return "", errors.New("slugify takes a length, true or false, and a name")
	}
	name = sanitize(name)
	if !words && len(name) >= length {
		name = name[:length]
	}
	name = strings.Trim(dashes.ReplaceAllString(noSlug.ReplaceAllString(name, "-"), "-"), "-")
	if length == 0 || !words || len(name) <= length {
		return name, nil
	}
	if at := strings.LastIndexByte(name[:length+1], '-'); at >= 0 {
		return name[:at], nil
	}
	return name[:length], nil
}
