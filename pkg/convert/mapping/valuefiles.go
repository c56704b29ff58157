package mapping

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
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
		{
			ID: "helm-file-parameters", Argo: []string{helm + ".fileParameters[].name", helm + ".fileParameters[].path"},
			Writes:  []string{"HelmRelease:spec.valuesFrom[]", "ConfigMap:data.{}"},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "in a ConfigMap: frozen as of the conversion, and a top-level key of spec.values wins over it"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "targetPath becomes a parameter"},
			Forward: forwardFileParameters,
		},
	}
}

func forwardValueFiles(c *Cell) {
	if c.part.release() == nil {
		c.say(implied("not deployed by Helm"))
		return
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
	c.say(implied("no file matches"))
}

// chartFiles lists the chart's own values.yaml first: Flux replaces it by the list
// (source-controller internal/helm/chart/builder_local.go).
func (c *Cell) chartFiles(files []valueFile) {
	if !slices.ContainsFunc(files, func(f valueFile) bool { return f.refused == "" }) {
		return
	}
	own := "values.yaml"
	if c.part.Source.Origin == argocd.Git {
		own = inside(c.part.Source.Dir(), own)
	}
	if c.part.Repo == nil || c.part.Source.Origin != argocd.Git || c.part.Repo.Exists(own) {
		c.add(c.part.Work, "spec.chart.spec.valuesFiles", node.String(own))
	}
	for _, f := range files {
		if l := c.of(f.item); f.refused == "" && l != nil {
			to := c.add(c.part.Work, "spec.chart.spec.valuesFiles", node.String(f.name))
			if l.claimed {
				to2 := append(l.verdict.To, to)
				c.claim(l, Verdict{To: to2})
				continue
			}
			c.claim(l, Verdict{To: []Target{to}})
		}
	}
}

// inlineValues freezes the files of other sources, and all that come after them, in
// spec.values; files before stay value files of the chart.
func (c *Cell) inlineValues() {
	first := 0
	for c.part.files[first].lender == nil {
		first++
	}
	c.chartFiles(c.part.files[:first])
	values, ok := c.unit.readFiles(c.part)
	for _, f := range c.part.files[first:] {
		if f.refused != "" {
			continue
		}
		if !ok {
			c.claim(c.of(f.item), blocking("the file lies in another source and cannot be read: pass --source, or choose --ref-values artifact").as("ref-values-unread"))
			continue
		}
		c.claim(c.of(f.item), approximate("its content as of the conversion; it no longer follows Git", Target{Object: c.part.Work, Path: "spec.values"}).as("ref-values-inline"))
	}
	c.part.inlined = values
	if ok && len(values.Content) > 0 {
		c.set(c.part.Work, "spec.values", node.Clone(values))
	}
}

// composeValues lays the files over the chart's values.yaml (source-watcher docs,
// ArtifactGenerator, Helm chart composition).
func (c *Cell) composeValues() {
	g := c.part.generator()
	s := c.part.Source
	from := "@chart/**"
	to := "@artifact/"
	if s.Origin == argocd.Git {
		from, to = "@chart/"+s.Dir()+"/**", "@artifact/"+chartDir(s)+"/"
		if s.Dir() == "" {
			from, to = "@chart/**", "@artifact/chart/"
		}
	}
	operations := node.List(node.Map("from", from, "to", to))
	values := strings.TrimSuffix(to, "/") + "/values.yaml"
	if s.Origin != argocd.Git {
		values = to + chartDir(s) + "/values.yaml"
	}
	aliases := c.aliases(g)
	for _, f := range c.part.files {
		if f.refused != "" {
			continue
		}
		name := "@chart/" + f.name
		if f.lender != nil {
			name = "@" + aliases[f.lender] + "/" + f.name
		} else if s.Origin != argocd.Git {
			name = "@chart/" + chartDir(s) + "/" + f.name
		}
		operations.Content = append(operations.Content, node.Map("from", name, "strategy", "Merge", "to", values))
		at := fmt.Sprintf("spec.artifacts[0].copy[%d]", len(operations.Content)-1)
		c.claim(c.of(f.item), approximate("laid over the chart's values.yaml; needs source-watcher, and --feature-gates=ExternalArtifact=true on helm-controller",
			Target{Object: g, Path: at + ".from"}).as("ref-values-artifact"))
	}
	c.set(g, "spec.artifacts", node.List(node.Map("copy", operations, "name", g.NameNode(), "originRevision", "@chart")))
}

// aliases lists the sources of the generator.
func (c *Cell) aliases(g *object.Object) map[*Part]string {
	names := map[*Part]string{}
	source := func(alias string, o *object.Object) *yaml.Node {
		return node.Map("alias", alias, "kind", o.Kind.Name, "name", o.NameNode())
	}
	chart := c.part.Origin
	if hc := c.part.chart(); hc != nil {
		chart = hc
	}
	list := node.List(source("chart", chart))
	for _, f := range c.part.files {
		if f.lender != nil && names[f.lender] == "" {
			names[f.lender] = "values-" + object.Slug(f.lender.Source.Ref)
			list.Content = append(list.Content, source(names[f.lender], f.lender.Origin))
		}
	}
	c.set(g, "spec.sources", list)
	return names
}

// configMapValues reads ConfigMaps that Kustomizations generate in the repository
// of the files, which needs a kustomization file there.
func (c *Cell) configMapValues() {
	for _, f := range c.part.files {
		if f.refused != "" {
			continue
		}
		if f.lender == nil {
			c.chartFiles([]valueFile{f})
			continue
		}
		name := c.generatedMap(f)
		to := c.add(c.part.Work, "spec.valuesFrom", node.Map("kind", "ConfigMap", "name", name, "valuesKey", path.Base(f.name)))
		c.claim(c.of(f.item), approximate(fmt.Sprintf(
			"add %s to the repository: configMapGenerator [{name: %s, files: [%s]}] and generatorOptions {disableNameSuffixHash: true, labels: {reconcile.fluxcd.io/watch: Enabled}}",
			path.Join(path.Dir(f.name), "kustomization.yaml"), name, path.Base(f.name)), to).as("ref-values-configmap"))
	}
}

// generatedMap names the ConfigMap of a file's directory and writes the Kustomization
// that builds it.
func (c *Cell) generatedMap(f valueFile) string {
	name := object.Fit(c.part.Work.Name()+"-"+object.Slug(path.Dir(f.name)), object.MaxName-7) + "-values"
	for _, o := range c.part.Extra {
		if o.Name() == name {
			return name
		}
	}
	k := object.New(flux.Kustomization, c.part.Work.Namespace(), name)
	c.refer(k, "spec.sourceRef", f.lender.Origin)
	c.set(k, "spec.path", node.String("./"+path.Dir(f.name)))
	c.set(k, "spec.prune", node.Bool(true))
	c.set(k, "spec.targetNamespace", node.String(c.part.Work.Namespace()))
	c.part.Extra = append(c.part.Extra, k)
	return name
}

func forwardMissingFiles(c *Cell) {
	value := node.At(c.part.Source.Node, "helm", "ignoreMissingValueFiles")
	r := c.part.release()
	switch {
	case r == nil || len(c.part.files) == 0:
		c.say(implied("there are no value files"))
	case r.Get("spec", "chart", "spec", "valuesFiles") != nil:
		c.keep(c.set(r, "spec.chart.spec.ignoreMissingValuesFiles", node.Clone(value)))
	case c.part.way == wayInline:
		c.say(implied("the files were read at conversion time"))
	case !node.True(value):
		c.say(implied("the default"))
	default:
		c.say(unsupported("composed charts need every file"))
	}
}
