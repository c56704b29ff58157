package convert

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// An addOn is an object of Flux that deploys nothing, and what becomes of it.
type addOn struct {
	flux.Ref
	site  site
	file  string
	entry *flux.Entry
	root  *yaml.Node // nil where it is broken or left alone
	// why it stays as it is; empty where others take over what it says.
	why      string
	takers   []ledger.To
	objects  []*object.Object
	findings []mapping.Finding
	// lost are the event sources of an Alert that nothing stands for, and why.
	lost map[int]string
}

func (a *addOn) lose(source int, why string) {
	if a.lost == nil {
		a.lost = map[int]string{}
	}
	a.lost[source] = why
}

// take adds a field that says now what the add-on said, once.
func (a *addOn) take(to ledger.To) {
	if !slices.Contains(a.takers, to) {
		a.takers = append(a.takers, to)
	}
}

// stay keeps the add-on, for the first reason given.
func (a *addOn) stay(why string) {
	a.why = orElse(a.why, why)
}

// addOnsOf returns the add-ons of a kind, in input order.
func (s *survey) addOnsOf(kind string) (found []*addOn) {
	for _, a := range s.addOns {
		if a.Kind == kind {
			found = append(found, a)
		}
	}
	return found
}

// addOn finds one by its reference; several of one name are none.
func (s *survey) addOn(kind, namespace, name string) *addOn {
	var found *addOn
	for _, a := range s.addOnNamed[[2]string{kind, name}] {
		switch {
		case !sameNamespace(a.Namespace, namespace):
		case found != nil:
			return nil
		default:
			found = a
		}
	}
	return found
}

// sameNamespace tells whether two namespaces may be one, as far as they are known.
func sameNamespace(a, b string) bool { return a == b || a == "" || b == "" }

// spendAddOns decides what becomes of every add-on, once it is known which objects are
// converted.
func (s *survey) spendAddOns() {
	s.addOnNamed = map[[2]string][]*addOn{}
	for _, a := range s.addOns {
		a.Namespace = s.namespaceOf(a.file, a.Namespace)
		key := [2]string{a.Kind, a.Name}
		s.addOnNamed[key] = append(s.addOnNamed[key], a)
		s.open(a)
	}
	s.spendAlerts()
	s.spendImages()
	for _, a := range s.addOns {
		a.root = nil // it is parsed again where it is needed
	}
}

// open parses an add-on that may be converted.
func (s *survey) open(a *addOn) {
	root, err := a.entry.Load()
	switch {
	case err != nil:
		a.stay("broken")
	case s.options.plain:
		a.stay("left alone")
	case !s.valid(a, root):
		a.stay("the API server would refuse it")
	case len(s.edited[a.entry]) > 0:
		a.stay("changed by " + firstOf(s.edited[a.entry]) + ", which was not applied here")
	case !s.options.Substitute && mapping.HoldsVariable(root):
		a.stay("holds a variable that only postBuild of a parent Kustomization replaces")
	default:
		a.root = root
	}
}

func (s *survey) valid(a *addOn, root *yaml.Node) bool {
	current, _ := flux.Current(node.Text(root, "apiVersion"), a.Kind)
	return check(a.site.doc, root, current.APIVersion, objectOf(root)) == nil
}

// use tells an applier that its Application takes over what the add-on says.
func (a *applier) use(on *addOn) {
	if !slices.Contains(a.addOns, on) {
		a.addOns = append(a.addOns, on)
	}
}

// spent are the trees of the add-ons that the Application takes over.
func (a *applier) spent() (trees []*yaml.Node) {
	for _, on := range a.addOns {
		if root, err := on.entry.Load(); err == nil && on.why == "" {
			trees = append(trees, root)
		}
	}
	return trees
}

// backAddOn accounts for an add-on, or says why it passes.
func (c *compiler) backAddOn(j *job, a *addOn, root *yaml.Node) (passes bool) {
	o := objectOf(root)
	if a.why != "" {
		j.note(root, o, "spec", "add-on-kept", "passes untouched: "+a.why)
		return true
	}
	s := &flux.Source{Ref: a.Ref, Root: root, File: j.doc.File, Literal: c.literal(a.site)}
	j.units = append(j.units, c.table.Dissolve(s, o, mapping.Dissolved{Takers: a.takers, Objects: a.objects, Findings: a.findings, Lost: a.lost}))
	return false
}
