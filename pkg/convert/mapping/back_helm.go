package mapping

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backReleaseName always writes the name: the defaults of the two tools differ.
func backReleaseName(c *BackCell) {
	if !c.applier().Release() {
		return
	}
	to := c.set("source.helm.releaseName", node.String(c.applier().ReleaseName()))
	if len(c.leaves) == 0 {
		c.absent("spec.releaseName", equivalent("the name that helm-controller gives the release", to))
		return
	}
	if c.applier().ReleaseName() != node.Text(c.applier().Root, "spec", "releaseName") {
		c.say(equivalent("shortened as helm-controller does", to))
		return
	}
	c.keep(to)
}

// backTemplated says what is lost with the release itself.
func backTemplated(c *BackCell) {
	if !c.applier().Release() {
		return
	}
	c.absent("spec", Verdict{})
	if mark := c.versionMark(); mark != "" {
		c.absent(c.applier().SourcePath(), approximate(fmt.Sprintf("Flux appends +<%s> to the chart's version and Argo CD does not: labels such as helm.sh/chart change, and with them the Pods that have them", mark)).as("chart-version-mark"))
	}
}

// versionMark is what Flux appends to the chart's version: the commit where a chart in
// Git is rebuilt for each, the generation of the HelmChart where it merges value files
// (source-controller internal/controller/helmchart_controller.go), the digest of an
// artifact (helm-controller mutateChartWithSourceRevision).
func (c *BackCell) versionMark() string {
	u, chart := c.unit, c.applier().Chart(c.unit.Chart)
	switch {
	case u.Composed != nil || u.Origin.Kind == flux.OCIRepository.Name:
		return "digest"
	case u.Origin.Kind == flux.GitRepository.Name && node.Text(chart, "reconcileStrategy") == "Revision":
		return "commit"
	case len(node.Items(chart, "valuesFiles")) > 0:
		return "generation"
	}
	return ""
}

func backSchemaValidation(c *BackCell) {
	install, upgrade := node.True(c.spec("install"), "disableSchemaValidation"), node.True(c.spec("upgrade"), "disableSchemaValidation")
	switch {
	case install && upgrade:
		c.keep(c.set("source.helm.skipSchemaValidation", node.Bool(true)))
	case install || upgrade:
		c.say(approximate("Argo CD validates on every sync or never: set for one of install and upgrade only"))
	default:
		c.say(implied("the default"))
	}
}

// backPassCredentials: the switch belongs to the repository in Flux.
func backPassCredentials(c *BackCell) {
	if u := c.unit; u.Origin.Kind == flux.HelmRepository.Name && node.True(u.Origin.Spec(), "passCredentials") {
		c.set("source.helm.passCredentials", node.Bool(true))
	}
}

func spendPassCredentials(c *SourceCell) {
	if !node.True(c.spec(), "passCredentials") {
		c.say(implied("the default"))
		return
	}
	c.keep(c.to("source.helm.passCredentials")...)
}

// backValueFiles: Flux takes the files instead of the chart's values.yaml, Argo CD on
// top of it (source-controller internal/helm/chart/builder_local.go).
func backValueFiles(c *BackCell) {
	chart := c.applier().Chart(c.unit.Chart)
	files := node.Items(chart, "valuesFiles")
	for i, file := range files {
		var to []Target
		own := ownValues(chart, file.Value)
		if i > 0 || !own {
			to = append(to, c.add("source.helm.valueFiles", node.String(c.valueFile(inside("", file.Value)))))
		}
		c.claim(c.of(file), valueFileVerdict(i, own, to))
	}
	if c.unit.Composed != nil {
		c.composedFiles()
	}
}

// ownValues tells whether a file is the values.yaml of the chart itself.
func ownValues(chart *yaml.Node, file string) bool {
	dir := ""
	if node.Text(chart, "sourceRef", "kind") == flux.GitRepository.Name {
		dir = node.Text(chart, "chart")
	}
	return inside("", file) == inside(dir, "values.yaml")
}

func valueFileVerdict(i int, own bool, to []Target) Verdict {
	switch {
	case i == 0 && own:
		return implied("Argo CD takes the chart's own values.yaml by itself")
	case i == 0:
		return approximate("Flux leaves out the chart's values.yaml, which is not in the list; Argo CD takes it first", to...).as("own-values-taken")
	default:
		return equivalent("seen from the chart", to...)
	}
}

// composedFiles writes the files that a generator lays over the chart's values.yaml, in
// the order in which it does.
func (c *BackCell) composedFiles() {
	for i, file := range c.unit.Composed.Files {
		text := "$" + file.Alias + "/" + file.Path
		if c.unit.Places[i] == 0 {
			text = c.valueFile(file.Path)
		}
		c.add("source.helm.valueFiles", node.String(text))
	}
}

// valueFile writes a file of the repository as Argo CD resolves it: relative to the
// chart's path where it lies there, else from the root with a leading slash.
func (c *BackCell) valueFile(name string) string {
	if c.unit.Origin.Kind != flux.GitRepository.Name || c.unit.path() == "." {
		return name
	}
	if below, ok := strings.CutPrefix(name, c.unit.path()+"/"); ok {
		return below
	}
	return "/" + name
}

// spendGenerator: only a generator that composes a chart is spent.
func spendGenerator(c *SourceCell) {
	for _, artifact := range node.Items(c.spec(), "artifacts") {
		c.claim(c.of(node.Get(artifact, "originRevision")), implied("only names the revision"))
		c.claim(c.of(node.Get(artifact, "revision")), implied("only names the revision"))
	}
	c.say(equivalent("the files become value files of sources with a ref", c.to("source.helm.valueFiles")...))
}

func spendValueFiles(c *SourceCell) {
	if c.unit.Source.Kind == flux.ArtifactGenerator.Name {
		spendGenerator(c)
		return
	}
	for i, file := range node.Items(c.spec(), "valuesFiles") {
		c.claim(c.of(file), valueFileVerdict(i, ownValues(c.spec(), file.Value), c.to("source.helm.valueFiles")))
	}
}

func backMissingFiles(c *BackCell) {
	value := node.Get(c.applier().Chart(c.unit.Chart), "ignoreMissingValuesFiles")
	if node.Null(value) {
		return
	}
	if !node.True(value) {
		c.say(implied("the default"))
		return
	}
	to := c.set("source.helm.ignoreMissingValueFiles", node.Bool(true))
	c.keep(to)
}

func spendMissingFiles(c *SourceCell) {
	if !node.True(c.spec(), "ignoreMissingValuesFiles") {
		c.say(implied("the default"))
		return
	}
	c.keep(c.to("source.helm.ignoreMissingValueFiles")...)
}

// backHistory: Helm keeps 5 releases by default and 0 means all, Argo CD 10 revisions
// and 0 means none.
func backHistory(c *BackCell) {
	limit := c.spec("maxHistory")
	if node.Text(c.spec(), "maxHistory") == "0" {
		c.say(approximate("all releases are kept; Argo CD keeps 10 revisions"))
		return
	}
	c.keep(c.set("spec.revisionHistoryLimit", node.Clone(limit)))
}

// escapeDollar protects a text from the variables of Argo CD (types.go Env.Envsubst).
func escapeDollar(text string) string { return strings.ReplaceAll(text, "$", "$$") }
