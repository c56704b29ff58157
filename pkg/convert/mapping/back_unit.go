package mapping

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// application is the kind that the way back writes.
var application = object.Kind{APIVersion: argocd.APIVersion, Name: "Application"}

// Surroundings are what a Kustomization or HelmRelease needs of other objects.
type Surroundings struct {
	// Chart is the HelmChart that a release names, or nil.
	Chart *flux.Source
	// Origin is the repository that it deploys from.
	Origin *flux.Source
	// Composed is the chart that Generator puts together, or nil; each of its files is
	// in the source of the same index in Lenders, which becomes that item of sources.
	Composed  *flux.Composition
	Generator *flux.Source
	Lenders   []*flux.Source
	Places    []int
	// ConfigMap returns the data of a ConfigMap of the input, or why it is not at hand.
	ConfigMap func(name string) (data *yaml.Node, lost string)
	// Name and Namespace are the Application's; the name differs where two objects want
	// the same.
	Name, Namespace string
	// Cluster is the cluster Secret that the kubeconfig has become, or nil.
	Cluster *object.Object
	// Wave is the sync wave that its dependencies make, and Waves what is to say of
	// each item of dependsOn.
	Wave  int
	Waves []Verdict
	// Findings are about the object as a whole, or what it does not say.
	Findings []Finding
	// Taken are annotations that stand for Alerts and image policies, which are AddOns.
	Taken  []Taken
	AddOns []*yaml.Node
	// Project is what the ServiceAccount became, or nil.
	Project *TenantProject
	// PostBuild is nil where nothing was substituted.
	PostBuild *PostBuild
	// Literal tells that what looks like a variable is meant as it stands.
	Literal bool
}

// A Finding is a verdict about a path that a row does not know of.
type Finding struct {
	Path    string
	Verdict Verdict
}

// A BackUnit is one Kustomization or HelmRelease on its way to Argo CD.
type BackUnit struct {
	Surroundings
	Applier  *flux.Applier
	File     string
	Settings *Settings
	App      *object.Object
	// at is where source stands in the Application; holder has it below "source".
	at     string
	holder *object.Object
	// renderer is how Argo CD renders the source; Undecided where nobody looked.
	renderer argocd.Renderer
	repo     *checkout.Repo
	scan     *checkout.FluxScan // nil where nobody looked
	revision revision
	leaves   []leaf
	absences []absence
	blocked  bool
	// whole and silent: see Whole.
	whole, silent bool
	err           error
}

// ToArgo turns a Kustomization or HelmRelease into an Application.
func (t *Table) ToArgo(a *flux.Applier, file string, around Surroundings, s *Settings) (*BackUnit, error) {
	u := &BackUnit{
		Surroundings: around, Applier: a, File: file, Settings: s,
		App: object.New(application, around.Namespace, around.Name),
		at:  "spec.source", holder: &object.Object{Root: node.Map("source", node.Map())},
	}
	u.revision = revisionOf(u)
	u.look()
	u.placeSource()
	t.runBack(u)
	if u.err != nil {
		return nil, u.err
	}
	if u.blocked && !s.AllowBlocking {
		u.App.Set(node.Bool(false), "spec", "syncPolicy", "automated", "enabled")
	}
	return u, nil
}

// placeSource makes room for the source: alone, or as the first of several where a
// chart takes values from other repositories.
func (u *BackUnit) placeSource() {
	source := u.holder.Get("source")
	if u.Composed == nil {
		u.App.Set(source, "spec", "source")
		return
	}
	u.at = "spec.sources[0]"
	sources := node.List(source)
	for i, place := range u.Places {
		if place == len(sources.Content) {
			sources.Content = append(sources.Content, node.Map("ref", u.Composed.Files[i].Alias,
				"repoURL", WithoutUserinfo(u.Lenders[i].URL()), "targetRevision", gitRevisionOf(u.Lenders[i]).text))
		}
	}
	u.App.Set(sources, "spec", "sources")
}

// look finds out how the source renders.
func (u *BackUnit) look() {
	if u.Applier.Release() {
		u.renderer = argocd.Helm
		return
	}
	if u.Settings.Checkout == nil {
		return
	}
	if u.repo = u.Settings.Checkout(u.Origin.URL(), u.revision.text); u.repo == nil {
		return
	}
	switch u.repo.KindOf(u.path()) {
	case checkout.IsKustomize:
		u.renderer = argocd.Kustomize
	case checkout.IsDirectory, checkout.IsHelm:
		// Flux knows no charts here, and Argo CD takes none for one that says directory.
		u.renderer = argocd.Directory
	default:
		return
	}
	u.scan = u.repo.ScanFlux(checkout.FluxView{
		Path: u.path(), Components: u.components(), Ignore: node.Text(u.Origin.Root, "spec", "ignore"),
	})
}

// components lists the components that Flux adds.
func (u *BackUnit) components() (names []string) {
	for _, item := range node.Items(u.Applier.Root, "spec", "components") {
		if !node.True(u.Applier.Root, "spec", "ignoreMissingComponents") || u.repo.Exists(inside(u.path(), item.Value)) {
			names = append(names, item.Value)
		}
	}
	return names
}

// Inputs returns what the unit was read from: the object itself and its sources.
func (u *BackUnit) Inputs() []*yaml.Node {
	trees := []*yaml.Node{u.Applier.Root}
	for _, s := range u.sources() {
		if !s.Assumed && !slices.Contains(trees, s.Root) {
			trees = append(trees, s.Root)
		}
	}
	return append(trees, u.AddOns...)
}

// sources are the source objects that the unit has read.
func (u *BackUnit) sources() []*flux.Source {
	all := append([]*flux.Source{u.Generator, u.Chart, u.Origin}, u.Lenders...)
	return slices.DeleteFunc(all, func(s *flux.Source) bool { return s == nil })
}

// Whole makes root the Application of the unit, which it was before it became several
// Flux objects. Only the first of their units writes it.
func (u *BackUnit) Whole(root *yaml.Node, first bool) {
	u.App, u.whole, u.silent = object.From(root), true, !first
}

// Objects returns what the unit writes.
func (u *BackUnit) Objects() []*object.Object {
	if u.silent {
		return nil
	}
	return []*object.Object{u.App}
}

// Entries returns the ledger of the unit, as Unit.Entries does.
func (u *BackUnit) Entries() []ledger.Entry {
	if u.whole {
		for i := range u.leaves {
			u.leaves[i].verdict = equivalent("part of an Application that is restored whole", Target{Object: u.App, Path: "spec"}).as("preserved")
		}
		u.absences = nil
	}
	entries := entriesOf(u.Applier.ID(), u.File, u.leaves, u.absences)
	if u.App.Restored {
		entries = existing(entries, []*object.Object{u.App})
	}
	return entries
}

func entriesOf(id ledger.Object, file string, leaves []leaf, absences []absence) []ledger.Entry {
	entries := make([]ledger.Entry, 0, len(leaves)+len(absences))
	for i := range leaves {
		from := ledger.From{Object: id, Path: leaves[i].Path, File: file, Line: leaves[i].Line()}
		entries = append(entries, entry(from, leaves[i].verdict, false))
	}
	for _, a := range absences {
		from := ledger.From{Object: id, Path: a.path, File: file, Line: a.line}
		entries = append(entries, entry(from, a.verdict, true))
	}
	return entries
}
