package mapping

import (
	"fmt"
	"strings"

	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func valuesRows() []Row {
	return []Row{{
		ID:   "helm-values",
		Back: backValues, BackAlways: true,
		Argo: []string{
			helm + ".values", helm + ".valuesObject", helm + ".valuesObject.**",
			helm + ".parameters[].name", helm + ".parameters[].value", helm + ".parameters[].forceString",
		},
		Flux: []string{
			"HelmRelease:spec.values.**", "HelmRelease:spec.valuesFrom[].kind", "HelmRelease:spec.valuesFrom[].name",
			"HelmRelease:spec.valuesFrom[].valuesKey", "HelmRelease:spec.valuesFrom[].optional",
			"HelmRelease:spec.valuesFrom[].targetPath", "HelmRelease:spec.valuesFrom[].literal",
		},
		ToFlux:  Promise{Fidelity: ledger.Exact},
		ToArgo:  Promise{Fidelity: ledger.Exact},
		Forward: forwardValues,
	}}
}

// forwardValues composes spec.values as Argo CD calls Helm: values or valuesObject
// (which wins whole), then --set, then --set-string (util/helm/cmd.go template).
// Values of a $ref file that was read come first.
func forwardValues(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	block := node.Get(c.part.Source.Node, "helm")
	values, err := c.baseValues(block)
	if err != nil {
		c.unit.fail(err)
		return
	}
	values = mergeValues(c.part.inlined, values)
	if !c.parameters(values, block) {
		return
	}
	if len(values.Content) > 0 {
		c.set(r, "spec.values", values)
	}
	c.valuesVerdicts(block)
}

// baseValues returns valuesObject, else the parsed values; a copy.
func (c *Cell) baseValues(block *yaml.Node) (*yaml.Node, error) {
	if object := node.Get(block, "valuesObject"); !node.Null(object) {
		return node.Clone(object), nil
	}
	text := node.Get(block, "values")
	if node.Null(text) || strings.TrimSpace(text.Value) == "" {
		return node.Map(), nil
	}
	doc := document.Doc{File: c.unit.File, Line: text.Line + 1, Raw: []byte(text.Value)}
	if text.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		doc.Line = text.Line
	}
	if doc.Empty() {
		return node.Map(), nil
	}
	values, err := doc.Parse()
	if err != nil {
		return nil, fmt.Errorf("%s.helm.values: %w", c.part.Source.At, err)
	}
	node.ResolveOldBools(values)
	return values, nil
}

// parameters applies --set and --set-string with Helm's own parser.
func (c *Cell) parameters(values, block *yaml.Node) bool {
	items := node.Items(block, "parameters")
	if len(items) == 0 {
		return true
	}
	var tree map[string]any
	if err := values.Decode(&tree); err != nil {
		c.unit.fail(fmt.Errorf("%s.helm: the values are no map of Helm", c.part.Source.At))
		return false
	}
	if tree == nil {
		tree = map[string]any{}
	}
	touched := map[string]bool{}
	for _, forced := range []bool{false, true} {
		for _, item := range items {
			if node.True(item, "forceString") != forced {
				continue
			}
			if !c.parameter(tree, item, forced) {
				return false
			}
			touched[topKey(node.Text(item, "name"))] = true
		}
	}
	return c.write(values, tree, touched)
}

func (c *Cell) parameter(tree map[string]any, item *yaml.Node, forced bool) bool {
	name := node.Text(item, "name")
	if strings.Contains(name, "[") && len(c.part.files) > 0 && c.part.way != wayInline {
		for _, l := range c.below(item) {
			c.claim(l, blocking("sets an item of a list that a value file may hold, and Flux would replace the whole list: inline the values").as("parameter-list-index"))
		}
	}
	value, dynamic := c.app().Expand(c.part.Source, node.Text(item, "value"))
	if dynamic != "" {
		for _, l := range c.below(item) {
			c.claim(l, blocking("$"+dynamic+" changes with every commit and cannot be converted").as("revision-variable"))
		}
		return true
	}
	parse := strvals.ParseInto
	if forced {
		parse = strvals.ParseIntoString
	}
	if parse(name+"="+escapeCommas(value), tree) != nil {
		c.unit.fail(fmt.Errorf("%s.helm.parameters: %q is no name that Helm's --set takes", c.part.Source.At, name))
		return false
	}
	return true
}

// write replaces the touched top-level keys, so that all others keep their form and
// comments.
func (c *Cell) write(values *yaml.Node, tree map[string]any, touched map[string]bool) bool {
	for _, key := range sortedKeys(touched) {
		var fresh yaml.Node
		if err := fresh.Encode(tree[key]); err != nil {
			c.unit.fail(fmt.Errorf("%s.helm.parameters: %w", c.part.Source.At, err))
			return false
		}
		replaced := false
		for i := 0; i+1 < len(values.Content); i += 2 {
			if values.Content[i].Value == key {
				values.Content[i+1], replaced = &fresh, true
			}
		}
		if _, there := tree[key]; there && !replaced {
			values.Content = append(values.Content, node.String(key), &fresh)
		}
	}
	return true
}

// escapeCommas follows util/helm/cmd.go cleanSetParameters: a comma is text unless
// the value is a {list} or the comma is escaped already.
func escapeCommas(value string) string {
	if strings.HasPrefix(value, "{") && strings.HasSuffix(value, "}") {
		return value
	}
	var b strings.Builder
	var last rune
	for _, r := range value {
		if r == ',' && last != '\\' {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

func topKey(name string) string {
	escaped := false
	for i, r := range name {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '.' || r == '[':
			return strings.ReplaceAll(name[:i], `\`, "")
		}
	}
	return strings.ReplaceAll(name, `\`, "")
}

// valuesVerdicts points every leaf at where its value went.
func (c *Cell) valuesVerdicts(block *yaml.Node) {
	object := !node.Null(node.Get(block, "valuesObject"))
	for _, l := range c.leaves {
		if l.claimed {
			continue
		}
		to := Target{Object: c.part.Work, Path: "spec.values"}
		switch {
		case l.Path == c.part.Source.At+".helm.values" && object:
			c.claim(l, implied("Argo CD takes valuesObject instead"))
		case l.Path == c.part.Source.At+".helm.valuesObject":
			c.claim(l, implied("no values"))
		case l.Path == c.part.Source.At+".helm.values" && c.part.Work.Get("spec", "values") == nil:
			c.claim(l, implied("no values"))
		case l.Path == c.part.Source.At+".helm.values":
			c.claim(l, equivalent("parsed", to))
		case strings.Contains(l.Path, ".helm.parameters["):
			c.claim(l, equivalent("merged as helm --set does", to))
		default:
			_, rest, _ := strings.Cut(l.Path, ".helm.valuesObject")
			to.Path += rest
			c.claim(l, Verdict{To: []Target{to}})
		}
	}
}
