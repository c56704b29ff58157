package mapping

import (
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backIgnore writes drift rules as ignoreDifferences, which Argo CD leaves alone
// while it syncs only with RespectIgnoreDifferences (controller/sync.go). A rule that
// cannot cross would let Argo CD overwrite what Flux leaves alone.
func backIgnore(c *BackCell) {
	list := c.spec("ignore")
	if c.applier().Release() {
		list = c.spec("driftDetection", "ignore")
	}
	if list == nil || list.Kind != yaml.SequenceNode {
		return
	}
	for _, item := range list.Content {
		rule, lost := ignoreDifference(item)
		if lost != "" {
			for _, l := range c.below(item) {
				c.claim(l, c.lostRule(lost))
			}
			continue
		}
		to := []Target{c.add("spec.ignoreDifferences", rule), c.option("RespectIgnoreDifferences=true")}
		v := equivalent("with RespectIgnoreDifferences=true", to...)
		if c.applier().Release() {
			v = approximate("with RespectIgnoreDifferences=true; an upgrade of the release writes these fields, a sync does not", to...)
		}
		for _, l := range c.below(item) {
			c.claim(l, v)
		}
	}
}

// lostRule blocks where drift would be undone.
func (c *BackCell) lostRule(why string) Verdict {
	v := blocking(why + ", so Argo CD would overwrite what Flux leaves alone").as("ignore-rule-unsupported")
	if c.applier().Release() && node.Text(c.spec("driftDetection"), "mode") != "enabled" {
		v = unsupported(why + "; drift is not undone, but Argo CD shows it").as("ignore-rule-unsupported")
	}
	return v
}

// ignoreDifference returns the rule in Argo CD's form, or what it has that cannot
// cross. Flux selects by regular expressions, and an empty one selects all (fluxcd/pkg
// ssa/jsondiff/selector.go); Argo CD by globs for group and kind, else literally
// (util/argo/normalizers/diff_normalizer.go).
func ignoreDifference(item *yaml.Node) (rule *yaml.Node, lost string) {
	target := node.Get(item, "target")
	for _, key := range []string{"version", "labelSelector", "annotationSelector"} {
		if node.Text(target, key) != "" {
			return nil, "ignoreDifferences has no " + key
		}
	}
	rule = node.Map()
	for _, key := range []string{"group", "kind"} {
		glob, ok := globOf(node.Text(target, key))
		if !ok {
			return nil, "the " + key + " is a regular expression that no glob says"
		}
		if key == "kind" || glob != "" {
			node.Put(rule, key, node.String(glob))
		}
	}
	for _, key := range []string{"name", "namespace"} {
		expression := node.Text(target, key)
		if everything(expression) {
			continue
		}
		text, ok := literalOf(expression)
		if !ok {
			return nil, "the " + key + " is a regular expression, Argo CD takes a literal name"
		}
		node.Put(rule, key, node.String(text))
	}
	pointers := node.List()
	for _, p := range node.Items(item, "paths") {
		if p.Value == "" || p.Value == "/" {
			return nil, "a rule for the whole object has no counterpart"
		}
		pointers.Content = append(pointers.Content, node.Clone(p))
	}
	node.Put(rule, "jsonPointers", pointers)
	return rule, ""
}

// globOf turns an expression that names one thing, or all, into a glob.
func globOf(expression string) (glob string, ok bool) {
	switch {
	case everything(expression):
		return "*", true
	case expression == "^$":
		return "", true
	}
	return literalOf(expression)
}

func everything(expression string) bool {
	return expression == "" || expression == ".*" || expression == "^.*$"
}

var metaCharacters = regexp.MustCompile(`[.*+?()|\[\]{}^$\\]`)

// literalOf returns the one text that an expression matches. The selectors anchor
// their expressions, so the anchors may be missing.
func literalOf(expression string) (text string, ok bool) {
	text = strings.TrimSuffix(strings.TrimPrefix(expression, "^"), "$")
	plain := strings.NewReplacer(`\.`, ".", `\-`, "-").Replace(text)
	rest := strings.NewReplacer(`\.`, "", `\-`, "").Replace(text)
	// A bare dot is what people write for a dot.
	return plain, !metaCharacters.MatchString(strings.ReplaceAll(rest, ".", ""))
}
