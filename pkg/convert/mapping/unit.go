package mapping

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Settings are the choices that rows depend on, completed with their defaults.
type Settings struct {
	FluxNamespace   string
	ArgoCDNamespace string
	Placement       string
	DefaultBranch   string
	RefValues       string
	// KustomizationIgnore tells that the target Flux has Kustomization.spec.ignore
	// and valuesFrom[].literal (2.9).
	Flux29 bool
	// Checkout finds the local copy of a repository, or nil.
	Checkout func(url, revision string) *checkout.Repo
	// AllowBlocking leaves on what a blocking loss would turn off.
	AllowBlocking bool
	// AppOfApps tells that one Application deploys the others, in waves.
	AppOfApps bool
	// Credentials are those of Argo CD that the input holds, or nil.
	Credentials *credential.Store
	// Account names the ServiceAccounts that the AppProject of a name became, or "".
	Account func(project string) string
	// CreatesNamespace tells whether these may create the Namespace of a name; nil where
	// there are none.
	CreatesNamespace func(project, name string) bool
	// Forbidden says what of an Application its project does not permit, or nothing.
	Forbidden func(*argocd.App) string
	// Unnamed tells that the Application stands for others, whose names nobody knows yet.
	Unnamed bool
	// AppProjects are those of the input, by name.
	AppProjects map[string]*yaml.Node
	// NoAddOns leaves notifications and image updates alone.
	NoAddOns bool
	// NotificationV1 tells that the target Flux serves Alert and Provider as v1 (2.10).
	NotificationV1 bool
	// Notifications is the configuration of Argo CD's notifications; nil where the input
	// has none. Projects are the subscriptions of AppProjects.
	Notifications *notify.Config
	Projects      map[string][]notify.Subscription
	// Updaters are the ImageUpdaters of the input.
	Updaters []*imageupdate.Updater
	// ConvertedPath is the directory of a repository below which the converted children
	// of its Applications will be; "" where they are not converted.
	ConvertedPath string
	// Given returns the file of the input that has a child, or "". namespace is where a
	// child is that names none; "" for Argo CD's.
	Given func(child checkout.Child, namespace string) string
}

// Place returns the namespace of an Application's Flux objects.
func (s *Settings) Place(a *argocd.App) string {
	switch {
	case s.Placement == "per-app" && a.DestinationNamespace() != "":
		return a.DestinationNamespace()
	case s.Placement == "by-namespace" && a.Namespace != "" && a.Namespace != s.ArgoCDNamespace:
		return a.Namespace
	default:
		return s.FluxNamespace
	}
}

// A Unit is one Application on its way to Flux.
type Unit struct {
	App      *argocd.App
	File     string
	Settings *Settings
	Parts    []*Part
	// Namespace is the destination's Namespace object, or nil.
	Namespace *object.Object
	// addOns are objects that deploy nothing, such as Alerts; they are written last.
	addOns []*object.Object
	// restored are the objects as a record of an earlier conversion has them, or nil.
	restored []*object.Object
	// kubeconfig is the Secret of a cluster that the input lacks, or nil.
	kubeconfig *object.Object
	leaves     []leaf
	absences   []absence
	err        error
}

// A Part is one source of the Application and what it becomes.
type Part struct {
	Source *argocd.Source
	// Repo is the local copy of the source's repository, or nil.
	Repo *checkout.Repo
	// Scan is what a look at the source's directory found, or nil.
	Scan *checkout.Scan
	// flux is what Flux makes of the directory, once somebody looked.
	flux *checkout.FluxScan
	// Origin is the GitRepository, OCIRepository or HelmRepository.
	Origin *object.Object
	// Work is the Kustomization or HelmRelease; nil where the source only lends files.
	Work *object.Object
	// Extra are further objects, written between Origin and Work.
	Extra []*object.Object
	// files are the chart's value files, see planFiles.
	files []valueFile
	// spares are items of helm.valueFiles that no file is left for.
	spares []spareItem
	way    way
	// inlined are the values of files that were read at conversion time.
	inlined *yaml.Node
	// hidden are the override files of Argo CD that were merged into Source.
	hidden []string
	// brought are the leaves of these files that Source has now, by row.
	brought map[int][]*leaf
	// phases are the hook phases that get Kustomizations of their own, with the indexes of
	// what absences say about these hooks.
	phases map[string][]int
	// family are the Applications among the manifests, or nil.
	family *Family
	// lent tells how a source that only lends files is used.
	lent    way
	blocked bool
}

func (p *Part) kustomization() *object.Object { return p.work(flux.Kustomization) }

func (p *Part) release() *object.Object { return p.work(flux.HelmRelease) }

func (p *Part) work(k object.Kind) *object.Object {
	if p == nil || p.Work == nil || p.Work.Kind != k {
		return nil
	}
	return p.Work
}

// works returns the parts that deploy something.
func (u *Unit) works() (parts []*Part) {
	for _, p := range u.Parts {
		if p.Work != nil {
			parts = append(parts, p)
		}
	}
	return parts
}

func (u *Unit) fail(err error) {
	if u.err == nil {
		u.err = err
	}
}

// block suspends what a blocking loss would deploy wrongly: one source's objects,
// or all of the Application's.
func (u *Unit) block(p *Part) {
	if p != nil {
		p.blocked = true
		return
	}
	for _, p := range u.Parts {
		p.blocked = true
	}
}

// remote tells whether the destination is another cluster than Flux's own.
func (u *Unit) remote() bool { return !u.App.InCluster() }

// Inputs returns what the unit was read from.
func (u *Unit) Inputs() []*yaml.Node { return []*yaml.Node{u.App.Root} }

// Restored makes objects what the unit writes.
func (u *Unit) Restored(objects []*object.Object) {
	for _, o := range objects {
		o.Shared = !flux.IsApplier(o.Kind.Name) && o.Kind.Name != "ConfigMap"
		if o.Owner == "" {
			o.Owner = u.App.Namespace + "/" + u.App.Name
		}
		u.missAddress(o)
	}
	u.restored = objects
}

// Objects returns what the unit writes, in the order of creation.
func (u *Unit) Objects() (objects []*object.Object) {
	if u.restored != nil {
		return u.restored
	}
	if u.Namespace != nil {
		objects = append(objects, u.Namespace)
	}
	for _, p := range u.Parts {
		if p.Origin != nil {
			objects = append(objects, p.Origin)
		}
		objects = append(objects, p.Extra...)
	}
	for _, p := range u.works() {
		objects = append(objects, p.Work)
	}
	return append(objects, u.addOns...)
}

// Core returns what the unit writes but for its add-ons: what deploys.
func (u *Unit) Core() []*object.Object {
	return slices.DeleteFunc(slices.Clone(u.Objects()), func(o *object.Object) bool { return flux.IsAddOn(o.Kind.Name) })
}

// addOn makes an object that is written behind those that deploy.
func (u *Unit) addOn(k object.Kind, name string) *object.Object {
	o := object.New(k, u.place(), name)
	u.addOns = append(u.addOns, o)
	return o
}

// Entries returns the ledger of the unit: a leaf each, in document order, then the
// absent fields. Names are as of now.
func (u *Unit) Entries() []ledger.Entry {
	entries := make([]ledger.Entry, 0, len(u.leaves)+len(u.absences))
	id := u.App.ID()
	for i := range u.leaves {
		l := &u.leaves[i]
		if l.Path == "metadata.name" && u.renamed() && !l.verdict.Blocking {
			l.verdict = approximate("another Application has this name: the namespace is added", l.verdict.To...).as("name-taken")
		}
		entries = append(entries, entry(ledger.From{Object: id, Path: l.Path, File: u.File, Line: l.Line()}, l.verdict, false))
	}
	for _, a := range u.absences {
		file := u.File
		if a.file != "" {
			file = a.file
		}
		entries = append(entries, entry(ledger.From{Object: id, Path: a.path, File: file, Line: a.line}, a.verdict, true))
	}
	return u.prune(entries)
}

func entry(from ledger.From, v Verdict, absent bool) ledger.Entry {
	e := ledger.Entry{
		ID: v.ID, Fidelity: v.Fidelity, From: from, To: make([]ledger.To, 0, len(v.To)),
		Note: v.Note, Blocking: v.Blocking, Absent: absent,
	}
	for _, t := range v.To {
		e.To = append(e.To, t.Resolve())
	}
	return e
}

// Leaf returns the node of the i-th entry, which is a leaf of the input.
func (u *Unit) Leaf(i int) *yaml.Node { return u.leaves[i].Node }

// First returns the first object that deploys something.
func (u *Unit) First() *object.Object { return u.works()[0].Work }

// renamed tells whether the registry had to give a name of second choice.
func (u *Unit) renamed() bool {
	for _, p := range u.works() {
		if p.Work.Name() != p.Work.Names[0] {
			return true
		}
	}
	return false
}
