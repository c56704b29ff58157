package mapping

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backPatches moves patches, except those that stand for what Argo CD does by itself.
func backPatches(c *BackCell) {
	for _, item := range node.Items(c.applier().Root, "spec", "patches") {
		if v, ok := c.needless(item); ok {
			for _, l := range c.below(item) {
				c.claim(l, v)
			}
		}
	}
	if !c.edits() {
		return
	}
	for _, item := range node.Items(c.applier().Root, "spec", "patches") {
		leaves := c.below(item)
		if len(leaves) > 0 && leaves[0].claimed {
			continue
		}
		to := c.add("source.kustomize.patches", node.Clone(item))
		for _, l := range leaves {
			at := to
			at.Path += l.Path[strings.IndexByte(l.Path, ']')+1:]
			c.claim(l, Verdict{To: []Target{at}})
		}
	}
}

// needless tells what takes the place of a patch. The patches are those that a
// conversion to Flux writes; who wrote them by hand meant the same.
func (c *BackCell) needless(item *yaml.Node) (v Verdict, ok bool) {
	text, target := node.Text(item, "patch"), node.Get(item, "target")
	if v, ok := ofHooks(item); ok {
		return v, ok
	}
	switch {
	case protection(item):
		return implied("Argo CD never prunes a CRD"), true
	case placing(text):
		return implied("Argo CD knows which objects name no namespace"), true
	case node.Text(target, "namespace") == "default":
		return c.filling(text)
	case node.Text(target, "kind") == replicaKinds:
		return c.replicas(text, node.Text(target, "name"))
	}
	return Verdict{}, false
}

// ofHooks is needless for the patches that mean hooks.
func ofHooks(item *yaml.Node) (v Verdict, ok bool) {
	text, selector := node.Text(item, "patch"), node.Text(item, "target", "annotationSelector")
	switch {
	case text == deletePatch && (selector == stripSelector || selector == stripHelmSelector):
		return approximate("Argo CD runs hooks by itself, each in its phase; the patch kept Flux from applying these").as("hooks-run"), true
	case text == forcePatch && strings.Contains(selector, hookAnnotation) && !strings.Contains(selector, " in ("):
		return implied("Argo CD recreates hooks by itself"), true
	}
	return Verdict{}, false
}

// protects tells whether a patch keeps Flux from deleting CRDs.
func protects(a *flux.Applier) bool {
	return slices.ContainsFunc(node.Items(a.Root, "spec", "patches"), protection)
}

func protection(item *yaml.Node) bool {
	return node.Text(item, "patch") == protectPatch && node.Text(item, "target", "kind") == "CustomResourceDefinition"
}

var fillPatch = regexp.MustCompile(`^- op: add\n  path: /metadata/namespace\n  value: "?([a-z0-9-]+)"?\n$`)

// fills tells whether a patch gives objects without a namespace theirs.
func fills(a *flux.Applier) bool {
	return slices.ContainsFunc(node.Items(a.Root, "spec", "patches"), func(item *yaml.Node) bool {
		return node.Text(item, "target", "namespace") == "default" && fillPatch.MatchString(node.Text(item, "patch"))
	})
}

// filling: Argo CD gives objects without a namespace that of the destination.
func (c *BackCell) filling(text string) (v Verdict, ok bool) {
	m := fillPatch.FindStringSubmatch(text)
	if m == nil || c.applier().TargetNamespace() != "" {
		return v, false
	}
	to := c.set("spec.destination.namespace", node.String(m[1]))
	return approximate("the destination's namespace fills where there is none; what names the namespace default stays there, where kustomize takes it for none", to), true
}

// placing tells whether a patch marks what names a namespace, or takes the mark away.
func placing(text string) bool {
	return strings.Contains(text, placedMark) || strings.Contains(text, strings.ReplaceAll(placedMark, "/", "~1"))
}

var replicaPatch = regexp.MustCompile(`^- op: add\n  path: /spec/replicas\n  value: (\d+)\n$`)

func (c *BackCell) replicas(text, name string) (v Verdict, ok bool) {
	m := replicaPatch.FindStringSubmatch(text)
	name, literal := literalOf(name)
	if m == nil || !literal || name == "" {
		return v, false
	}
	count, err := strconv.Atoi(m[1])
	if err != nil {
		return v, false
	}
	to := c.add("source.kustomize.replicas", node.Map("count", node.Int(count), "name", name))
	return approximate("kustomize's replicas: they win over those of the kustomization file, and fail where nothing has the name", to), true
}
