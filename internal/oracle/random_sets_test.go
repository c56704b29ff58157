package oracle

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
)

// A setWriter writes random ApplicationSets. What newer versions of Argo CD do in another
// way than that of this module it leaves out: templates in values of generators with Go
// templates, and selectors of such values.
type setWriter struct {
	*rand.Rand
	goTemplate bool
	names      int
}

// YAML of values: words that YAML 1.1 reads in another way, numbers, text like templates.
var (
	texts   = strings.Fields(`a b dev prod '1.10' "yes" '' '{{.a}}' '{{name}}' "x\ny" 'é' 'A_B.c' 'true' https://x.example.com`)
	scalars = append(strings.Fields(`yes 1 1.10 1e3 12345678901 0x10 010 true null ~ 2020-01-01 on -1 .5 0 0.0 false`), texts...)
	tags    = map[bool][]string{
		false: strings.Fields(`{{a}} {{env}} {{values.a}} {{path}} {{path.basename}} {{path[0]}} {{path.basenameNormalized}} {{k-1}} {{x.y}} {{nope}} {{server}} {{metadata.labels.staging}} {{nameNormalized}} {{ {{}} {{path.filename}} {{f.deep.m}} {{num}} {{p.path}} {{f.list.0}}`),
		true: {
			"{{ .a }}", "{{ .env }}", "{{ .path.basename }}", "{{ .b | toJson }}", `{{ index . "k-1" }}`, "{{ toYaml .a }}",
			`{{ default "z" .c }}`, "{{ .name | normalize }}", "{{ slugify 5 true .name }}", "{{ with .c }}{{ . }}{{ end }}",
			`{{ if eq .a "a" }}x{{ end }}`, "{{ .metadata.labels.staging }}", "{{ .server }}", `{{ printf "%v" .b }}`,
			"{{ range $k, $v := .values }}{{ $k }}={{ $v }};{{ end }}", "{{ .path.filename }}", "{{ .f.deep.m }}", "{{ .num }}",
		},
	}
	patches = []string{
		"spec: {project: other}", "metadata: {labels: {z: z, l: null}}", "metadata: {finalizers: [a.example.com/x, z.example.com/z]}",
		"spec: {syncPolicy: {automated: {prune: true}}}", "spec: {syncPolicy: {automated: null, syncOptions: [A=b]}}",
		"spec: {source: {helm: {parameters: [{name: z, value: x}]}}}", "{}", "null", "", "spec: null", "metadata: {labels: null}",
		"spec: {sources: [{repoURL: https://c.example}], source: null}", "metadata: {annotations: {yes: x, a: yes}}", "- a",
		"spec: {source: {kustomize: {images: []}}}", `{"spec": {"project": "x"}}`, "metadata: {namespace: elsewhere}",
	}
)

func (w *setWriter) pick(all ...string) string { return all[w.IntN(len(all))] }

// some returns text with the probability.
func (w *setWriter) some(p float64, text string) string {
	if w.Float64() < p {
		return text
	}
	return ""
}

func (w *setWriter) value() string {
	switch {
	case !w.goTemplate || w.IntN(2) == 0:
		return w.pick(texts...)
	case w.IntN(4) == 0:
		return fmt.Sprintf("{a: %s, x.y: [%s, {}]}", w.pick(scalars...), w.pick(scalars...))
	}
	return w.pick(scalars...)
}

func (w *setWriter) template(parts int) string {
	text := ""
	for range parts {
		text += w.pick("", "x-", "é") + w.pick(tags[w.goTemplate]...)
	}
	return strconv.Quote(text)
}

func (w *setWriter) text() string { return w.pick(w.template(1), w.template(2), "a", "''", "'1'") }

// element has a name of its own, so that an ApplicationSet comes to something.
func (w *setWriter) element() string {
	w.names++
	text := fmt.Sprintf("{name: n%d, a: %s", w.names, w.value())
	for _, key := range []string{"b", "c", "env", "k-1", "x.y", "path", "server"} {
		text += w.some(0.3, ", "+key+": "+w.value())
	}
	return text + w.some(0.3, ", values: {a: a, b: "+w.pick(texts...)+"}") + "}"
}

func (w *setWriter) list() string {
	text := "list: {elements: [" + w.element()
	for range w.IntN(3) {
		text += ", " + w.element()
	}
	more := w.pick("- {name: y1, a: a}\n- {name: y2, a: "+w.pick(scalars...)+", num: 2.50}\n", "", "[]", "{}", "[{name: y3, a: yes, 1: b}]")
	return text + "]" + w.some(0.15, ", elementsYaml: "+strconv.Quote(more)) + w.own() + "}"
}

// own is a generator's own template.
func (w *setWriter) own() string { return w.some(0.25, ", template: "+w.application(true)) }

func (w *setWriter) git() string {
	paths := "files: [{path: " + w.pick("apps/*/config.yaml", "'**/config.*'", "'*.json'", "apps", "'[ab]pps/?/*'", "apps/") + "}"
	if w.IntN(2) == 0 {
		paths = "directories: [{path: " + w.pick("apps/*", "'*'", "'*/*'", "'apps/**'", "'[ab]*'", "./apps/*") + "}"
	}
	paths += w.some(0.3, ", {path: "+w.pick("apps/a", "apps/a/*", "'**'", "lib")+", exclude: true}")
	return "git: {repoURL: " + randomRepo + ", revision: HEAD, " + paths + "]" + w.pick("", "", ", pathParamPrefix: p") + w.own() + "}"
}

func (w *setWriter) clusters() string {
	return "clusters: {" + w.pick("", "selector: {matchLabels: {staging: 'true'}}", "selector: {matchExpressions: [{key: type, operator: Exists}]}") + "}"
}

func (w *setWriter) selector() string {
	key := w.pick("a", "b", "env", "name", "path.basename", "path", "f.deep.m", "num")
	return w.some(0.2, w.pick(
		", selector: {matchLabels: {"+key+": "+w.pick("a", "dev", "'1'", "'x y'")+"}}",
		", selector: {matchExpressions: [{key: "+key+", operator: "+w.pick("In", "NotIn")+", values: [a, dev, '1']}]}",
		", selector: {matchExpressions: [{key: "+key+", operator: "+w.pick("Exists", "DoesNotExist", "In")+"}]}",
		", selector: {}",
	))
}

func (w *setWriter) generator(depth int) string {
	text := ""
	switch n := w.IntN(10); {
	case depth > 0 && n < 2:
		text = "matrix: {generators: [" + w.generator(depth-1) + ", " + w.generator(depth-1) + "]}"
	case depth > 0 && n < 4:
		text = "merge: {mergeKeys: [" + w.pick("a", "name", "a, env", "server", "path", "b") + "], generators: [" + w.generator(depth-1) + ", " + w.generator(depth-1) + "]}"
	case n < 5:
		text = w.git()
	case n < 6:
		text = w.clusters()
	default:
		text = w.list()
	}
	return "{" + text + w.selector() + "}"
}

// application is a template, or a part of one.
func (w *setWriter) application(part bool) string {
	keep := func(text string) string { // of the part of a template
		return w.some(map[bool]float64{false: 1, true: 0.4}[part], text)
	}
	name := map[bool]string{false: "{{name}}{{a}}", true: "{{ .name }}{{ with .path }}{{ .basename | normalize }}{{ end }}"}[w.goTemplate]
	source := "repoURL: " + randomRepo + ", targetRevision: " + w.pick("main", "''", w.text()) + ", path: " + w.text() + w.some(0.5, w.pick(
		", helm: {values: "+w.text()+", skipCrds: false}", ", helm: {parameters: [{name: a, value: "+w.text()+", forceString: false}]}",
		", helm: {valuesObject: {a: "+w.value()+", b: "+w.text()+", c: null}, releaseName: "+w.text()+"}", ", directory: {recurse: false, exclude: "+w.text()+"}",
		", kustomize: {}", ", kustomize: {commonLabels: {a: "+w.text()+"}, replicas: [{name: a, count: 2}]}", ", directory: {jsonnet: {}}"))
	return "{metadata: {" + list(
		keep("name: "+strconv.Quote(name)), w.some(0.4, "labels: {l: "+w.text()+"}"), w.some(0.3, "annotations: {"+w.template(1)+": "+w.text()+"}"),
		w.some(0.3, w.pick("finalizers: []", "finalizers: [a.example.com/x]", "namespace: other", "finalizers: null")),
	) + "}, spec: {" + list(
		keep("project: "+w.pick("default", w.template(1))), keep("destination: {name: "+w.text()+", namespace: "+w.text()+"}"), keep("source: {"+source+"}"),
		w.some(0.5, "syncPolicy: {"+w.pick("automated: {}", "automated: {prune: true, selfHeal: false}", "automated: null", "retry: {limit: 0}", "syncOptions: []", "syncOptions: [A=b], retry: {limit: 2}")+"}"),
		w.some(0.2, "ignoreDifferences: [{kind: Deployment, jsonPointers: ["+w.text()+"]}]"), w.some(0.2, w.pick("revisionHistoryLimit: 0", "revisionHistoryLimit: 3")),
	) + "}}"
}

// list joins what is not empty.
func list(parts ...string) (text string) {
	for _, part := range parts {
		if part != "" && text != "" {
			text += ", "
		}
		text += part
	}
	return text
}

const randomRepo = "https://github.com/example/deploy"

// set writes an ApplicationSet, in a namespace of its own.
func (w *setWriter) set(namespace string) string {
	w.goTemplate = w.IntN(2) == 0
	text := "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: set, namespace: " + namespace + "}\nspec:\n"
	if w.goTemplate {
		text += "  goTemplate: true\n" + w.some(0.3, "  goTemplateOptions: ["+w.pick("missingkey=error", "missingkey=zero")+"]\n")
	}
	text += "  generators: [" + w.generator(2) + w.some(0.3, ", "+w.generator(1)) + "]\n"
	text += w.some(0.3, "  syncPolicy: {preserveResourcesOnDeletion: "+w.pick("true", "false")+"}\n")
	return text + "  template: " + w.application(false) + "\n" + w.some(0.2, "  templatePatch: "+strconv.Quote(w.pick(patches...))+"\n")
}
