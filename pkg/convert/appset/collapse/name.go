package collapse

import (
	"path"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// name names a parameter after the field that it was found in first: by its key, with
// as many of the keys above it as another field of that key makes necessary.
func (w *weaver) name(keys []string) string {
	from := len(keys) - 1
	for from > 0 && isIndex(keys[from]) {
		from--
	}
	name := camel(keys[from:])
	for ; from > 0 && w.taken[name]; name = camel(keys[from:]) {
		from--
	}
	for n := 2; w.taken[name]; n++ {
		name = camel(append(keys[from:len(keys):len(keys)], strconv.Itoa(n)))
	}
	w.taken[name] = true
	return name
}

func isIndex(key string) bool { return strings.Trim(key, "0123456789") == "" }

// camel joins keys to an identifier of Go templates.
func camel(keys []string) string {
	words := strings.FieldsFunc(strings.Join(keys, " "), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
	for i := range words {
		if i > 0 {
			words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
		}
	}
	name := strings.Join(words, "")
	if name == "" || name[0] <= '9' {
		return "field" + name
	}
	return name
}

// Base is what an ApplicationSet of the Applications would be called if no other wanted
// the name: after the chart or the repository that all have, or else their namespace.
func Base(apps []*yaml.Node) string {
	for _, key := range []string{"chart", "repoURL"} {
		text := common(apps, func(app *yaml.Node) string { return node.Text(source(app), key) })
		if name := object.Slug(strings.TrimSuffix(path.Base(text), ".git")); name != "" {
			return object.Fit(name, object.MaxName)
		}
	}
	if text := common(apps, func(app *yaml.Node) string { return node.Text(app, "spec", "destination", "namespace") }); text != "" {
		return text
	}
	return "applications"
}

// source is the only source of an Application, or the first.
func source(app *yaml.Node) *yaml.Node {
	if items := node.Items(app, "spec", "sources"); len(items) > 0 {
		return items[0]
	}
	return node.At(app, "spec", "source")
}

// common is what all Applications say, or nothing.
func common(apps []*yaml.Node, say func(*yaml.Node) string) string {
	text := say(apps[0])
	for _, app := range apps {
		if say(app) != text {
			return ""
		}
	}
	return text
}
