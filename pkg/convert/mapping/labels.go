package mapping

import (
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

func quoteMeta(text string) string { return regexp.QuoteMeta(text) }

// relative returns name as seen from dir; both are repository paths.
func relative(dir, name string) string {
	if rest, ok := strings.CutPrefix(name, dir+"/"); ok || dir == "" {
		if dir == "" {
			return name
		}
		return rest
	}
	return strings.Repeat("../", strings.Count(dir, "/")+1) + name
}

func labelRows() []Row {
	return []Row{
		{
			ID: "common-labels", Argo: []string{edits + ".commonLabels.{}"},
			Back:    backCommonLabels,
			Flux:    []string{"Kustomization:spec.commonMetadata.labels.{}"},
			Writes:  []string{"Kustomization:spec.patches[].patch", "Application:" + edits + ".labelWithoutSelector", "Application:" + edits + ".forceCommonLabels"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "commonLabels with labelWithoutSelector and forceCommonLabels"},
			Forward: forwardCommonLabels,
		},
		{
			ID:   "common-labels-form",
			Argo: []string{edits + ".labelWithoutSelector", edits + ".labelIncludeTemplates"},
			ToFlux: Promise{
				Fidelity: ledger.Equivalent, Implied: true, Note: "decides which fields the labels reach",
			},
			Forward: forwardLabelForm,
		},
		{
			ID: "common-metadata-force", Argo: []string{edits + ".forceCommonLabels", edits + ".forceCommonAnnotations"},
			ToFlux: Promise{
				Fidelity: ledger.Approximate,
				Note:     "a key that the kustomization file sets itself: Argo CD overrides it with force and stops without; in Flux it wins on selectors and templates, and is overridden on the objects",
			},
		},
		{
			ID: "common-annotations", Argo: []string{edits + ".commonAnnotations.{}", edits + ".commonAnnotationsEnvsubst"},
			Back:    backCommonAnnotations,
			Flux:    []string{"Kustomization:spec.commonMetadata.annotations.{}"},
			Writes:  []string{"Kustomization:spec.patches[].patch", "Application:" + edits + ".patches[]"},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "commonMetadata for the objects, patches for the pod templates of built-in kinds; custom kinds with templates are not covered"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "a patch, as kustomize's commonAnnotations would reach the Pods; a key that the kustomization file has among its own keeps the file's value"},
			Forward: forwardCommonAnnotations,
		},
	}
}

// A reach is a group of kinds and the fields that a common label or annotation
// reaches there. Groups and versions are as kustomize has them, left open where it
// leaves them open (kustomize api/internal/konfig/builtinpluginconsts: commonlabels.go,
// metadatalabels.go, commonannotations.go).
type reach struct {
	group, version, kind string
	paths                [][]string
}

var podTemplate = []string{"spec", "template", "metadata"}

var selectors = []reach{
	{"", "v1", "(Service|ReplicationController)", [][]string{{"spec", "selector"}}},
	{"", "", "(Deployment|ReplicaSet|DaemonSet)", [][]string{{"spec", "selector", "matchLabels"}}},
	{"apps", "", "StatefulSet", [][]string{{"spec", "selector", "matchLabels"}}},
}

var labelTemplates = append([]reach{
	{"", "", "(Deployment|ReplicaSet|DaemonSet)", [][]string{podTemplate}},
	{"apps", "", "StatefulSet", [][]string{podTemplate}},
}, jobTemplates...)

var annotationTemplates = append([]reach{
	{"", "", "(Deployment|ReplicaSet|DaemonSet|StatefulSet)", [][]string{podTemplate}},
}, jobTemplates...)

var jobTemplates = []reach{
	{"", "v1", "ReplicationController", [][]string{podTemplate}},
	{"batch", "", "Job", [][]string{podTemplate}},
	{"batch", "", "CronJob", [][]string{{"spec", "jobTemplate", "metadata"}, {"spec", "jobTemplate", "spec", "template", "metadata"}}},
}

// target selects the kinds of a reach.
func (r reach) target() *yaml.Node {
	t := node.Map()
	for _, field := range []struct{ key, value string }{{"group", r.group}, {"kind", r.kind}, {"version", r.version}} {
		if field.value != "" {
			node.Put(t, field.key, node.String(field.value))
		}
	}
	return t
}

// forwardCommonLabels: labels reach selectors and pod templates unless
// labelWithoutSelector (kustomize/commands/edit/add/addmetadata.go).
func forwardCommonLabels(c *Cell) {
	block := node.Get(c.part.Source.Node, "kustomize")
	labels, ok := c.expandAll(node.Get(block, "commonLabels"), true)
	if !ok {
		return
	}
	withoutSelector, includeTemplates := node.True(block, "labelWithoutSelector"), node.True(block, "labelIncludeTemplates")
	to := c.commonMetadata("labels", labels)
	if withoutSelector && !includeTemplates {
		c.ownLabels(labels, to)
		return
	}
	note := "the pod templates of built-in kinds are patched; the claim templates of StatefulSets are not covered"
	if !withoutSelector {
		note = "the selectors and pod templates of built-in kinds are patched; claim templates, affinity and spread rules, selectors of Jobs, budgets and network policies are not covered"
		to = append(to, c.reachPatches(selectors, "", labels)...)
	}
	to = append(to, c.reachPatches(labelTemplates, "labels", labels)...)
	c.say(approximate(note, to...))
}

// forwardLabelForm: `kustomize edit add label` takes templates only without selectors.
func forwardLabelForm(c *Cell) {
	block := node.Get(c.part.Source.Node, "kustomize")
	if !node.Empty(node.Get(block, "commonLabels")) && node.True(block, "labelIncludeTemplates") && !node.True(block, "labelWithoutSelector") {
		c.say(blocking("labelIncludeTemplates without labelWithoutSelector: Argo CD refuses it and deploys nothing; Flux would"))
		return
	}
	c.keep()
}

// ownLabels settles labels of the objects alone. kustomize keeps one YAML node for the
// label, the selectors and the templates that a kustomization file labels (kyaml
// yaml/fns.go FieldSetter), so that a new value for the key reaches them all; and
// commonLabels of the file at the path run after what Argo CD adds
// (api/internal/target/kusttarget_configplugin.go, LabelTransformer).
func (c *Cell) ownLabels(labels *yaml.Node, to []Target) {
	for i, key := range pairs(labels) {
		v, unseen := Verdict{To: to[i : i+1]}, c.part.unseen()
		switch file := c.part.labelled(key.Value); {
		case file != "":
			v = blocking(file + " sets this key on selectors or templates, which follow the value in Argo CD and not in Flux: change it there")
		case unseen != "":
			v = approximate("where a kustomization file sets this key on selectors or templates, they follow the value in Argo CD and not in Flux ("+unseen+")", to[i])
		}
		c.claim(c.of(node.At(c.part.Source.Node, "kustomize", "commonLabels", key.Value)), v)
	}
}

// labelled returns the file that sets a label key on more than metadata, or "".
func (p *Part) labelled(key string) string {
	if p.Scan == nil {
		return ""
	}
	return p.Scan.Labels[key]
}

func forwardCommonAnnotations(c *Cell) {
	block := node.Get(c.part.Source.Node, "kustomize")
	annotations, ok := c.expandAll(node.Get(block, "commonAnnotations"), node.True(block, "commonAnnotationsEnvsubst"))
	c.claim(c.of(node.Get(block, "commonAnnotationsEnvsubst")), implied("resolved at conversion"))
	if !ok || len(annotations.Content) == 0 {
		return
	}
	if c.part.Scan != nil && !node.True(block, "forceCommonAnnotations") {
		for _, key := range c.part.Scan.Annotations {
			c.claim(c.of(node.At(block, "commonAnnotations", key)), blocking("the kustomization file sets this key too: Argo CD refuses it without forceCommonAnnotations and deploys nothing; Flux would"))
		}
	}
	to := c.commonMetadata("annotations", annotations)
	c.keep(append(to, c.reachPatches(annotationTemplates, "annotations", annotations)...)...)
}

// expandAll substitutes the static variables in every value; ok is false where a
// value changes with every commit.
func (c *Cell) expandAll(m *yaml.Node, substitute bool) (*yaml.Node, bool) {
	expanded := node.Map()
	for i, key := range pairs(m) {
		value := m.Content[2*i+1]
		text, dynamic := value.Value, ""
		if substitute {
			text, dynamic = c.app().Expand(c.part.Source, value.Value)
		}
		if dynamic != "" {
			c.say(blocking("$" + dynamic + " changes with every commit and cannot be converted").as("revision-variable"))
			return nil, false
		}
		expanded.Content = append(expanded.Content, node.String(key.Value), node.String(text))
	}
	return expanded, true
}

func (c *Cell) commonMetadata(group string, m *yaml.Node) (to []Target) {
	for i, key := range pairs(m) {
		to = append(to, c.set(c.part.Work, "spec.commonMetadata."+group, node.Clone(m.Content[2*i+1]), key.Value))
	}
	return to
}

// reachPatches adds one strategic merge patch for each group of kinds.
func (c *Cell) reachPatches(groups []reach, last string, m *yaml.Node) (to []Target) {
	for _, g := range groups {
		patch := node.Map("apiVersion", "v1", "kind", "any", "metadata", node.Map("name", "any"))
		for _, keys := range g.paths {
			if last != "" {
				keys = append(append([]string{}, keys...), last)
			}
			at := patch
			for _, key := range keys {
				child := node.Get(at, key)
				if child == nil {
					child = node.Map()
					at.Content = append(at.Content, node.String(key), child)
				}
				at = child
			}
			at.Content = node.Clone(m).Content
		}
		text, err := yaml.String(patch)
		if err != nil {
			c.unit.fail(err)
			return nil
		}
		to = append(to, c.patch(c.part.Work, object.RankMetadata, g.target(), text))
	}
	return to
}
