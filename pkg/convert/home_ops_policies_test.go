package convert_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A policy is something that is true of some Applications.
type policy struct {
	text  string
	holds func(app *yaml.Node) bool
}

func policies() []policy {
	automated := func(key, value string) policy {
		return policy{"`automated." + key + ": " + value + "`", func(app *yaml.Node) bool {
			return node.Text(app, "spec", "syncPolicy", "automated", key) == value
		}}
	}
	option := func(text string) policy {
		return policy{"`" + text + "`", func(app *yaml.Node) bool {
			return holds(node.At(app, "spec", "syncPolicy", "syncOptions"), text)
		}}
	}
	finalizer := func(suffix, meaning string) policy {
		return policy{"deletes what it deployed, " + meaning, func(app *yaml.Node) bool {
			return holds(node.At(app, "metadata", "finalizers"), "resources-finalizer.argocd.argoproj.io"+suffix)
		}}
	}
	retry := func(text string, want func(limit string) bool) policy {
		return policy{text, func(app *yaml.Node) bool {
			return want(node.Text(app, "spec", "syncPolicy", "retry", "limit"))
		}}
	}
	set := func(text string, keys ...string) policy {
		return policy{text, func(app *yaml.Node) bool { return node.At(app, keys...) != nil }}
	}
	return []policy{
		automated("prune", "true"), automated("allowEmpty", "true"), automated("selfHeal", "true"), automated("enabled", "false"),
		retry("tries again without end", func(limit string) bool { return limit == "-1" }),
		retry("tries again a few times", func(limit string) bool { return limit != "" && limit != "-1" && limit != "0" }),
		retry("never tries again", func(limit string) bool { return limit == "0" }),
		finalizer("", "in the foreground"), finalizer("/background", "in the background"),
		set("has a sync wave", "metadata", "annotations", "argocd.argoproj.io/sync-wave"),
		set("has a `revisionHistoryLimit`", "spec", "revisionHistoryLimit"),
		set("renders a Helm chart by itself", "spec", "source", "chart"),
		option("ServerSideApply=true"), option("CreateNamespace=true"), option("PrunePropagationPolicy=background"),
		option("ApplyOutOfSyncOnly=true"), option("SkipDryRunOnMissingResource=true"),
		{"in a project of its own", func(app *yaml.Node) bool { return node.Text(app, "spec", "project") != "default" }},
	}
}

func holds(list *yaml.Node, text string) bool {
	return slices.ContainsFunc(node.Items(list), func(n *yaml.Node) bool { return n.Value == text })
}

// policiesTable compares the templates and the Application that a person wrote with
// the Applications of the conversion.
func policiesTable(t *testing.T, after convert.Input, out []convert.Outcome) string {
	var sets, byHand, byTool []*yaml.Node
	for _, root := range parse(t, after.Name, after.Data) {
		switch node.Text(root, "kind") {
		case "ApplicationSet":
			if node.At(root, "spec", "strategy") != nil {
				t.Errorf("an ApplicationSet has a strategy, and the page says that none has")
			}
			sets = append(sets, node.At(root, "spec", "template"))
		case "Application":
			byHand = append(byHand, root)
		}
	}
	for _, o := range out {
		for _, written := range o.Out {
			if written.Object.Kind == "Application" {
				byTool = append(byTool, parse(t, o.File, written.Data)...)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "| | by hand: %d ApplicationSets | by hand: %d Application | by the tool: %d Applications |\n|---|--:|--:|--:|\n",
		len(sets), len(byHand), len(byTool))
	for _, p := range policies() {
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", p.text, count(sets, p), count(byHand, p), count(byTool, p))
	}
	return b.String()
}

func count(apps []*yaml.Node, p policy) (n int) {
	for _, app := range apps {
		if p.holds(app) {
			n++
		}
	}
	return n
}

func parse(t *testing.T, name string, data []byte) (roots []*yaml.Node) {
	t.Helper()
	docs, err := document.Split(name, data)
	if err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		if docs[i].Empty() {
			continue
		}
		root, err := docs[i].Parse()
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, root)
	}
	return roots
}
