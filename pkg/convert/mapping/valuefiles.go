package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func valueFileRows() []Row {
	var composed []string
	for _, field := range []string{
		"sources[].alias", "sources[].kind", "sources[].name", "artifacts[].name", "artifacts[].originRevision",
		"artifacts[].copy[].from", "artifacts[].copy[].to", "artifacts[].copy[].strategy",
	} {
		composed = append(composed, "ArtifactGenerator:spec."+field)
	}
	return []Row{
		{
			ID: "helm-value-files", Argo: []string{helm + ".valueFiles[]"},
			Back: backValueFiles, BackAlways: true, BackSource: spendValueFiles,
			Flux: append(composed, "HelmRelease:spec.chart.spec.valuesFiles[]", "HelmRelease:spec.values", "HelmChart:spec.valuesFiles[]"),
			Writes: []string{
				"HelmRelease:spec.valuesFrom[]",
				"Kustomization:spec.sourceRef.kind", "Kustomization:spec.sourceRef.name", "Kustomization:spec.path",
				"Kustomization:spec.prune", "Kustomization:spec.targetNamespace",
			},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "source-controller repackages the chart: its version gains +<generation>, which shows in labels such as helm.sh/chart"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "paths start at the repository's root; values.yaml is implied in Argo CD"},
			Forward: forwardValueFiles,
		},
		{
			ID: "helm-missing-value-files", Argo: []string{helm + ".ignoreMissingValueFiles"},
			Back: backMissingFiles, BackAlways: true, BackSource: spendMissingFiles,
			Flux:    []string{"HelmRelease:spec.chart.spec.ignoreMissingValuesFiles", "HelmChart:spec.ignoreMissingValuesFiles"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardMissingFiles,
		},
	}
}

func forwardValueFiles(c *Cell) {
	if c.part.release() == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	for _, s := range c.part.spares {
		c.claim(c.of(s.item), s.verdict)
	}
	for _, f := range c.part.files {
		if f.refused != "" {
			c.claim(c.of(f.item), blocking(f.refused).as("value-file-refused"))
		}
	}
	switch c.part.way {
	case wayArtifact:
		c.composeValues()
	case wayConfigMap:
		c.configMapValues()
	case wayInline:
		c.inlineValues()
	default:
		c.chartFiles(c.part.files)
	}
}

// carry settles the item of a file, or adds where a further match of a pattern went.
func (c *Cell) carry(f valueFile, v Verdict) {
	l := c.of(f.item)
	if l == nil {
		return
	}
	if f.glob && !v.Blocking {
		note := "stands for " + strings.Join(c.part.matches(f.item), ", ") + " as of the conversion; a file that comes later does not count"
		if also := c.complete(v).Note; also != "" {
			note += "; " + also
		}
		v = approximate(note, v.To...).as("value-files-glob")
	}
	before := slices.DeleteFunc(l.verdict.To, func(to Target) bool { return slices.Contains(v.To, to) })
	v.To = append(before, v.To...)
	c.claim(l, v)
}

func (p *Part) matches(item *yaml.Node) (names []string) {
	for _, f := range p.files {
		if f.item == item {
			names = append(names, f.name)
		}
	}
	return names
}

// chartFiles lists the chart's own values.yaml first: Flux replaces it by the list
// (source-controller internal/helm/chart/builder_local.go). Paths start at the root of
// the repository, or of the chart in a chart repository (builder_remote.go).
func (c *Cell) chartFiles(files []valueFile) {
	files = usable(files)
	if len(files) == 0 {
		return
	}
	p, own, v := c.part, "values.yaml", Verdict{}
	if p.Source.Origin == argocd.Git {
		own = inside(p.Source.Dir(), own)
	}
	switch {
	case files[0].name == own:
	case p.Source.Origin == argocd.Git && p.Repo == nil:
		v.Note = c.row.ToFlux.Note + "; " + own + " is listed too, unseen: take it off where the chart has none"
		fallthrough
	case p.Source.Origin != argocd.Git, p.Repo.Exists(own):
		c.add(p.Work, "spec.chart.spec.valuesFiles", node.String(own))
	}
	for _, f := range files {
		v.To = []Target{c.add(p.Work, "spec.chart.spec.valuesFiles", node.String(f.name))}
		c.carry(f, v)
	}
}

func usable(files []valueFile) (left []valueFile) {
	for _, f := range files {
		if f.refused == "" {
			left = append(left, f)
		}
	}
	return left
}

// inlineValues freezes the files of other sources, and all that come after them, in
// spec.values; files before stay value files of the chart.
func (c *Cell) inlineValues() {
	first := c.part.foreign()
	c.chartFiles(c.part.files[:first])
	values, ok := c.unit.readFiles(c.part)
	for _, f := range usable(c.part.files[first:]) {
		if !ok {
			c.carry(f, blocking("this file, or one after the first of another source, cannot be read: pass --source, or choose --ref-values artifact").as("ref-values-unread"))
			continue
		}
		c.carry(f, approximate("its content as of the conversion; it no longer follows Git", Target{Object: c.part.Work, Path: "spec.values"}).as("ref-values-inline"))
	}
	c.part.inlined = values
	if ok && len(values.Content) > 0 {
		c.set(c.part.Work, "spec.values", node.Clone(values))
	}
}

func forwardMissingFiles(c *Cell) {
	value := node.At(c.part.Source.Node, "helm", "ignoreMissingValueFiles")
	r := c.part.release()
	if r == nil || len(c.part.files)+len(c.part.spares) == 0 {
		c.say(implied("there are no value files"))
		return
	}
	var to []Target
	if r.Get("spec", "chart", "spec", "valuesFiles") != nil {
		to = append(to, c.set(r, "spec.chart.spec.ignoreMissingValuesFiles", node.Clone(value)))
	}
	composed := c.part.way == wayArtifact || c.part.way == wayConfigMap
	switch {
	case composed && node.True(value):
		v := unsupported("composed charts and ConfigMaps need every file from now on; those that a checkout lacks were left out")
		v.To = to
		c.say(v)
	case len(to) > 0:
		c.keep(to...)
	case composed:
		c.say(implied("the default"))
	default:
		c.say(implied("no file is left to look for"))
	}
}
