package mapping

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// forwardFileParameters: --set-file is valuesFrom with targetPath and literal
// (fluxcd/pkg chartutil/values.go; literal since Flux 2.9).
func forwardFileParameters(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	for _, item := range node.Items(c.part.Source.Node, "helm", "fileParameters") {
		content, ok := c.parameterFile(item)
		if !ok || !c.unit.Settings.Flux29 {
			for _, l := range c.below(item) {
				c.claim(l, blocking("the file is not at hand (or Flux is older than 2.9): pass --source").as("file-parameter-unread"))
			}
			continue
		}
		files := c.parameterMap()
		name := node.Text(item, "name")
		key := object.Slug(name) + path.Ext(node.Text(item, "path"))
		data := c.set(files, "data", node.String(content), key)
		to := c.add(r, "spec.valuesFrom", node.Map("kind", "ConfigMap", "literal", node.Bool(true),
			"name", files.NameNode(), "targetPath", name, "valuesKey", key))
		for _, l := range c.below(item) {
			c.claim(l, Verdict{To: []Target{to, data}})
		}
	}
}

func (c *Cell) parameterFile(item *yaml.Node) (string, bool) {
	files := c.unit.resolveFile(c.part, node.Get(item, "path"))
	if len(files) != 1 || files[0].refused != "" {
		return "", false
	}
	owner := c.part
	if files[0].lender != nil {
		owner = files[0].lender
	}
	if owner.Repo == nil {
		return "", false
	}
	data, ok := owner.Repo.Read(files[0].name)
	return string(data), ok
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
