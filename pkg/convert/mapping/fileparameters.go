package mapping

import (
	"path"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

func fileParameterRows() []Row {
	return []Row{{
		ID: "helm-file-parameters", Argo: []string{helm + ".fileParameters[].name", helm + ".fileParameters[].path"},
		Writes:  []string{"HelmRelease:spec.valuesFrom[]", "ConfigMap:data.{}"},
		ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "in a ConfigMap: frozen as of the conversion"},
		Forward: forwardFileParameters,
	}}
}

// forwardFileParameters: --set-file is valuesFrom with targetPath and literal
// (fluxcd/pkg chartutil/values.go; literal since Flux 2.9). It runs after spec.values
// is written, which Flux lays over them.
func forwardFileParameters(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	for _, item := range node.Items(c.part.Source.Node, "helm", "fileParameters") {
		content, ok := c.parameterFile(item)
		name := node.Text(item, "name")
		switch {
		case !ok || !c.unit.Settings.Flux29:
			c.claimAll(item, blocking("the text of the file is not at hand (or Flux is older than 2.9): pass --source").as("file-parameter-unread"))
		case strings.Contains(name, "[") && c.part.readsFiles():
			c.claimAll(item, blocking(listItem).as("parameter-list-index"))
		case covers(r.Get("spec", "values"), name):
			c.claimAll(item, blocking("spec.values holds "+name+" too, which wins over the file in Flux; in Argo CD the file wins: remove it from the values").as("file-parameter-covered"))
		default:
			c.fileParameter(r, name, path.Ext(node.Text(item, "path")), content, item)
		}
	}
}

// fileParameter writes one file. Names that look alike get keys of their own.
func (c *Cell) fileParameter(r *object.Object, name, ext, content string, item *yaml.Node) {
	files := c.parameterMap()
	key := distinct(object.Slug(name), ext, func(key string) bool { return files.Get("data", key) != nil })
	data := c.set(files, "data", node.String(content), key)
	to := c.add(r, "spec.valuesFrom", node.Map("kind", "ConfigMap", "literal", node.Bool(true),
		"name", files.NameNode(), "targetPath", name, "valuesKey", key))
	c.claimAll(item, Verdict{To: []Target{to, data}})
}

// covers tells whether values hold what is at the path of a parameter, a list as a
// whole, or something that is no map on the way there.
func covers(values *yaml.Node, name string) bool {
	for rest := name; rest != ""; {
		key := topKey(rest)
		values = node.Get(values, key)
		if values == nil {
			return false
		}
		at := keyEnd(rest)
		if values.Kind != yaml.MappingNode || at == len(rest) || rest[at] == '[' {
			return true
		}
		rest = rest[at+1:]
	}
	return true
}

// parameterFile returns the text of a file; Argo CD expands no pattern here.
func (c *Cell) parameterFile(item *yaml.Node) (string, bool) {
	f := c.unit.locate(c.part, node.Get(item, "path"))
	repo := f.owner(c.part).Repo
	if f.refused != "" || repo == nil {
		return "", false
	}
	data, ok := repo.Read(f.name)
	return string(data), ok && utf8.Valid(data)
}

// parameterMap returns the ConfigMap of the part's file parameters.
func (c *Cell) parameterMap() *object.Object {
	for _, o := range c.part.Extra {
		if o.Kind == object.ConfigMap {
			return o
		}
	}
	o := object.New(object.ConfigMap, c.part.Work.Namespace(), object.Fit(c.part.Work.Name(), object.MaxName-6)+"-files")
	c.part.Extra = append(c.part.Extra, o)
	return o
}

// lent settles the leaves of a source that only lends files.
func (c *Cell) lent() {
	switch {
	case c.part.lent == wayFiles:
		c.say(implied("the chart's own repository: the files are at hand"))
	case c.part.lent == wayInline:
		c.say(approximate("lends files only: read at conversion time").as("ref-source"))
	case strings.HasPrefix(c.part.Source.At, "spec.sources"):
		c.say(implied("no value file uses this source"))
	default:
		c.say(implied("renders nothing"))
	}
}
