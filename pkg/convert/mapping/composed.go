package mapping

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// composeValues lays the files over the chart's values.yaml, in order (source-watcher
// docs, ArtifactGenerator, Helm chart composition).
func (c *Cell) composeValues() {
	g := c.part.generator()
	from, to, values := composition(c.part.Source)
	operations := node.List(node.Map("from", from, "to", to))
	aliases := c.aliases(g)
	for _, f := range usable(c.part.files) {
		name := "@chart/" + f.name
		if f.lender != nil {
			name = "@" + aliases[f.lender] + "/" + f.name
		} else if s := c.part.Source; s.Origin != argocd.Git {
			name = "@chart/" + chartDir(s) + "/" + f.name
		}
		operations.Content = append(operations.Content, node.Map("from", name, "strategy", "Merge", "to", values))
		at := fmt.Sprintf("spec.artifacts[0].copy[%d]", len(operations.Content)-1)
		c.carry(f, approximate("laid over the chart's values.yaml; needs source-watcher, and --feature-gates=ExternalArtifact=true on helm-controller",
			Target{Object: g, Path: at + ".from"}).as("ref-values-artifact"))
	}
	c.set(g, "spec.artifacts", node.List(node.Map("copy", operations, "name", g.NameNode(), "originRevision", "@chart")))
	c.composedChart()
}

// composition returns what to copy of the chart, where to, and its values.yaml there.
func composition(s *argocd.Source) (from, to, values string) {
	switch {
	case s.Origin != argocd.Git:
		return "@chart/**", "@artifact/", "@artifact/" + chartDir(s) + "/values.yaml"
	case s.Dir() == "":
		return "@chart/**", "@artifact/chart/", "@artifact/chart/values.yaml"
	default:
		to := "@artifact/" + chartDir(s) + "/"
		return "@chart/" + s.Dir() + "/**", to, to + "values.yaml"
	}
}

// composedChart: helm-controller renders a chart of an ExternalArtifact as it is
// (internal/loader/artifact_url.go), and without the dependencies that it lacks, which
// only Helm's command line looks for. Argo CD builds them first (reposerver/repository/
// repository.go helmTemplate, runHelmBuild). source-watcher leaves the files of Flux's
// default exclusions out of its artifacts, whatever the sources hold
// (internal/builder/builder.go Build).
func (c *Cell) composedChart() {
	p, at := c.part, c.part.Source.At
	if p.Source.Origin != argocd.Git {
		// helm package has checked the dependencies.
		c.absent(at, approximate("chart not inspected: source-watcher leaves files out of a composed chart that Flux excludes by default (.png, .zip and so on)").as("composed-chart-files"))
		return
	}
	if p.Repo == nil {
		c.absent(at, approximate("repository not inspected: a composed chart is rendered without the dependencies that its charts directory lacks, and without files that Flux leaves out by default (.png, .zip and so on). Pass --source").as("chart-dependencies"))
		return
	}
	missing, ok := p.Repo.MissingDependencies(p.Source.Dir())
	switch {
	case !ok:
		c.absent(at, blocking("no Chart.yaml to read in the path: its dependencies are not known").as("chart-dependencies"))
	case len(missing) > 0:
		c.absent(at, blocking("a composed chart is rendered without dependencies that its charts directory lacks ("+some(missing)+"): run helm dependency update and commit charts, or inline the values").as("chart-dependencies"))
	}
	c.composedFiles(at)
}

func (c *Cell) composedFiles(at string) {
	scan := c.part.Scan
	if scan == nil || len(scan.Excluded) == 0 {
		return
	}
	note := "source-watcher leaves files out of a composed chart (" + some(scan.Excluded) + ")"
	if scan.ReadsFiles {
		c.absent(at, blocking(note+", and its templates read files: rename them, or inline the values").as("composed-chart-files"))
		return
	}
	c.absent(at, approximate(note+"; no template of its own reads files").as("composed-chart-files"))
}

// aliases lists the sources of the generator.
func (c *Cell) aliases(g *object.Object) map[*Part]string {
	names, taken := map[*Part]string{}, map[string]bool{}
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
			alias := distinct("values-"+object.Slug(f.lender.Source.Ref), "", func(name string) bool { return taken[name] })
			names[f.lender], taken[alias] = alias, true
			list.Content = append(list.Content, source(alias, f.lender.Origin))
		}
	}
	c.set(g, "spec.sources", list)
	return names
}
