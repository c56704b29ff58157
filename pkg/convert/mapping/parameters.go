package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"helm.sh/helm/v4/pkg/strvals"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// parameters applies --set and --set-string with Helm's own parser.
func (c *Cell) parameters(values, block *yaml.Node) bool {
	items := node.Items(block, "parameters")
	if len(items) == 0 {
		return true
	}
	tree, err := helmTree(values)
	if err != nil {
		c.unit.fail(fmt.Errorf("%s.helm: the values are no map of Helm", c.part.Source.At))
		return false
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

const listItem = "sets an item of a list that a value file may hold, and Flux would replace the whole list: inline the values"

func (c *Cell) parameter(tree map[string]any, item *yaml.Node, forced bool) bool {
	name := node.Text(item, "name")
	if strings.Contains(name, "[") && c.part.readsFiles() {
		c.claimAll(item, blocking(listItem).as("parameter-list-index"))
	}
	value, dynamic := c.app().Expand(c.part.Source, node.Text(item, "value"))
	if dynamic != "" {
		c.claimAll(item, blocking(variable(dynamic)).as("revision-variable"))
		return true
	}
	if text := asFloat(value); text != "" && !forced {
		c.claimAll(item, approximate("helm --set makes it an integer, a HelmRelease a float, which templates print as "+text+": set forceString where it is text",
			Target{Object: c.part.Work, Path: "spec.values"}).as("parameter-large-integer"))
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

// readsFiles tells whether some value files stay files: of the chart, or of a ConfigMap.
func (p *Part) readsFiles() bool {
	return len(p.files) > 0 && (p.way != wayInline || p.foreign() > 0)
}

// claimAll settles every leaf of an item that no stronger verdict has settled.
func (c *Cell) claimAll(item *yaml.Node, v Verdict) {
	for _, l := range c.below(item) {
		if !l.claimed || v.Blocking {
			c.claim(l, v)
		}
	}
}

// asFloat returns how templates print an integer, or an item of a list, that became a
// float, "" where they print it alike (helm pkg/strvals typedVal; HelmRelease GetValues).
func asFloat(value string) string {
	for text := range strings.SplitSeq(strings.Trim(value, "{}"), ",") {
		n, err := strconv.ParseInt(text, 10, 64)
		if printed := fmt.Sprint(float64(n)); err == nil && text[0] != '0' && printed != strconv.FormatInt(n, 10) {
			return printed
		}
	}
	return ""
}

// write replaces the touched top-level keys, so that all others keep their form and
// comments.
func (c *Cell) write(values *yaml.Node, tree map[string]any, touched map[string]bool) bool {
	for _, key := range sortedKeys(touched) {
		fresh, err := helmNode(tree[key])
		if err != nil {
			c.unit.fail(fmt.Errorf("%s.helm.parameters: %w", c.part.Source.At, err))
			return false
		}
		replaced := false
		for i := 0; i+1 < len(values.Content); i += 2 {
			if values.Content[i].Value == key {
				values.Content[i+1], replaced = fresh, true
			}
		}
		if _, there := tree[key]; there && !replaced {
			values.Content = append(values.Content, node.String(key), fresh)
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

// topKey returns the first key of a parameter's name.
func topKey(name string) string { return strings.ReplaceAll(name[:keyEnd(name)], `\`, "") }

// keyEnd returns where the first key of a parameter's name ends.
func keyEnd(name string) int {
	escaped := false
	for i, r := range name {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '.' || r == '[':
			return i
		}
	}
	return len(name)
}
