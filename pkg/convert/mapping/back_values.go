package mapping

import (
	"fmt"
	"strings"

	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backValues composes valuesObject as helm-controller composes the values: the
// references in order, then spec.values; a targetPath is set in what is there by then,
// spec.values included, which is merged once more at the end (fluxcd/pkg chartutil/values.go).
func backValues(c *BackCell) {
	own := c.spec("values")
	refs := node.Items(c.applier().Root, "spec", "valuesFrom")
	var values *yaml.Node
	if !node.Empty(own) {
		values = node.Clone(own)
	}
	to := Target{Object: c.unit.App, Path: c.unit.at + ".helm.valuesObject"}
	if len(refs) > 0 {
		values = c.compose(refs, own, to)
	}
	if !node.Empty(values) {
		c.set("source.helm.valuesObject", values)
	}
	for _, l := range c.leaves {
		if l.claimed {
			continue
		}
		if node.Empty(own) {
			c.claim(l, implied("no values"))
			continue
		}
		at := to
		at.Path += strings.TrimPrefix(l.Path, "spec.values")
		c.claim(l, Verdict{To: []Target{at}})
	}
}

// compose folds in the ConfigMaps that are at hand and settles the items.
func (c *BackCell) compose(refs []*yaml.Node, own *yaml.Node, to Target) *yaml.Node {
	var values *yaml.Node
	for _, ref := range refs {
		value, lost := c.referenced(ref)
		switch {
		case lost != "":
			c.settleRef(ref, blocking(lost).as("values-from-unread"))
			continue
		case value == nil:
			c.settleRef(ref, implied("optional, and the ConfigMap has no such key"))
			continue
		}
		merged, err := c.fold(values, own, ref, value.Value)
		if err != nil {
			c.settleRef(ref, blocking("helm-controller cannot read these values either: "+err.Error()).as("values-from-unread"))
			continue
		}
		values = merged
		c.settleRef(ref, approximate("the ConfigMap's content as of the conversion; it is no longer followed", to).as("values-from-inline"))
	}
	return mergeValues(values, node.Clone(own))
}

// settleRef settles the leaves of an item of valuesFrom.
func (c *BackCell) settleRef(ref *yaml.Node, v Verdict) {
	for _, l := range c.below(ref) {
		c.claim(l, v)
	}
}

// referenced returns the text that an item of valuesFrom leads to, nil where it is
// optional and there is none, or why it is not at hand. Values of a Secret are inlined
// nowhere.
func (c *BackCell) referenced(ref *yaml.Node) (value *yaml.Node, lost string) {
	name := node.Text(ref, "name")
	if kind := node.Text(ref, "kind"); kind != "ConfigMap" {
		return nil, fmt.Sprintf("values of %s %q are not copied into an Application, and Argo CD reads none from the cluster: without them other manifests are rendered", kind, name)
	}
	data, lost := c.unit.ConfigMap(name)
	if lost != "" {
		return nil, lost
	}
	key := node.Text(ref, "valuesKey")
	if key == "" {
		key = "values.yaml"
	}
	if value = node.Get(data, key); node.Null(value) {
		if node.True(ref, "optional") {
			return nil, ""
		}
		return nil, fmt.Sprintf("ConfigMap %q has no key %q", name, key)
	}
	return value, ""
}

// fold lays the content of a reference over values.
func (c *BackCell) fold(values, own, ref *yaml.Node, content string) (*yaml.Node, error) {
	target := node.Text(ref, "targetPath")
	if target == "" {
		doc := document.Doc{File: c.unit.File, Line: ref.Line, Raw: []byte(content)}
		if doc.Empty() {
			return values, nil
		}
		tree, err := doc.Parse()
		if err != nil {
			return nil, fmt.Errorf("no YAML map")
		}
		node.ResolveOldBools(tree)
		return mergeValues(values, tree), nil
	}
	base := mergeValues(values, node.Clone(own))
	tree := map[string]any{}
	if err := base.Decode(&tree); err != nil {
		return nil, fmt.Errorf("no map of Helm")
	}
	if err := setPath(tree, target, content, node.True(ref, "literal")); err != nil {
		return nil, fmt.Errorf("no path that Helm's --set takes")
	}
	var set yaml.Node
	if err := set.Encode(tree); err != nil {
		return nil, fmt.Errorf("no map of Helm")
	}
	return &set, nil
}

// setPath follows fluxcd/pkg chartutil ReplacePathValue and ReplacePathLiteralValue.
func setPath(tree map[string]any, path, value string, literal bool) error {
	quoted := func(mark string) bool { return strings.HasPrefix(value, mark) && strings.HasSuffix(value, mark) }
	switch {
	case literal:
		escaped := strings.NewReplacer(`\`, `\\`, `,`, `\,`, `[`, `\[`, `]`, `\]`, `{`, `\{`, `}`, `\}`).Replace(value)
		return strvals.ParseIntoString(path+"="+escaped, tree)
	case quoted(`'`) || quoted(`"`):
		return strvals.ParseIntoString(path+"="+strings.Trim(value, `'"`), tree)
	default:
		return strvals.ParseInto(path+"="+value, tree)
	}
}
