package convert

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// join follows the references of every applier, names the Applications, that of all
// others last, and tells each source object who uses it. It runs in input order.
func (s *survey) join() {
	s.locate()
	s.twins()
	names := object.NewRegistry()
	s.groups()
	for _, a := range s.appliers {
		s.resolve(a)
		if a.problem == nil {
			s.nameOf(names, a)
		}
	}
	if app := s.options.AppOfApps; app != nil {
		s.root = app.place(names, s.options.ArgoCDNamespace)
	}
	s.order()
	for _, a := range s.appliers {
		s.tellSources(a)
	}
	s.spendAddOns()
	for more := true; more; {
		more = s.keepNeeded()
	}
	s.followSecrets()
}

// locate gives every object and reference its namespace, once it is known which
// Kustomization applies what.
func (s *survey) locate() {
	s.adopt()
	for _, e := range s.entries {
		e.Namespace = s.namespaceOf(e.File, e.Namespace)
		s.index.Add(e)
	}
	for _, a := range s.appliers {
		a.Namespace = s.namespaceOf(a.file, a.Namespace)
		a.source.Namespace = orElse(a.source.Namespace, a.Namespace)
		a.account.Namespace = orElse(a.account.Namespace, a.Namespace)
		for i := range a.dependsOn {
			a.dependsOn[i].Namespace = orElse(a.dependsOn[i].Namespace, a.Namespace)
		}
		for i := range a.values {
			a.values[i].Namespace = a.Namespace
		}
	}
}

// groups joins what one Application with several sources became.
func (s *survey) groups() {
	firsts := map[string]*applier{}
	for _, a := range s.appliers {
		if a.record != nil {
			firsts[a.Kind+"/"+a.Namespace+"/"+a.Name] = a
		}
	}
	for _, a := range s.appliers {
		first := firsts[a.partOf]
		if first == nil || first.record.Objects[0].Whole == nil {
			continue
		}
		if first.group == nil {
			first.group = &group{first: first}
		}
		first.group.others = append(first.group.others, a)
		a.group, a.record = first.group, first.record
	}
}

// nameOf gives the Application the object's name, with the namespace or the kind
// where another has it; or the name that it had before.
func (s *survey) nameOf(names *object.Registry, a *applier) {
	wanted, namespace := "", ""
	if a.record != nil && (a.group == nil || a.group.first == a) {
		wanted, namespace = a.record.Wanted(a.Name, defaultArgoCDNamespace)
	}
	a.namespace = orElse(namespace, s.options.ArgoCDNamespace)
	o := object.New(object.Kind{APIVersion: argocd.APIVersion, Name: "Application"}, a.namespace, a.Name)
	o.Owner = a.Kind + "/" + a.Namespace + "/" + a.Name + "/" + a.file
	o.Names = []string{orElse(wanted, a.Name)}
	if a.Namespace != "" {
		o.Names = append(o.Names, object.Fit(a.Namespace+"-"+a.Name, object.MaxName))
	}
	o.Names = append(o.Names, object.Fit(a.Name+"-"+strings.ToLower(a.Kind), object.MaxName))
	names.Place(o)
	a.name = o.Name()
}

// A use is a source object that an applier uses, and where its Application has it.
type use struct {
	entry *flux.Entry
	at    string
}

// uses are the source objects of the input that the applier uses.
func (a *applier) uses() (uses []use) {
	at := "spec.source"
	if a.composed != nil {
		at = "spec.sources[0]"
	}
	all := []use{{a.generator, at}, {a.chart, at}, {a.origin, at}}
	for i, place := range a.places() {
		if place > 0 {
			all = append(all, use{a.lenders[i], ledger.Index("spec.sources", place)})
		}
	}
	for _, u := range all {
		if u.entry != nil && !u.entry.Assumed {
			uses = append(uses, u)
		}
	}
	return uses
}

// places tells for each file of a composed chart which item of sources lends it; 0 is
// the chart's own. An item that was there already counts once.
func (a *applier) places() (places []int) {
	if a.composed == nil {
		return nil
	}
	known := map[string]int{"": 0}
	for _, file := range a.composed.Files {
		if _, ok := known[file.Alias]; !ok {
			known[file.Alias] = len(known)
		}
		places = append(places, known[file.Alias])
	}
	return places
}

// resolve finds what an applier deploys from, be it complete or not: either way it
// needs its source.
func (s *survey) resolve(a *applier) {
	s.follow(a)
	if len(a.missing) > 0 || a.err != nil {
		a.problem = &problem{id: "incomplete-object"}
	}
}

func (s *survey) follow(a *applier) {
	entry := s.find(a, a.source)
	if entry != nil && entry.Kind == flux.ExternalArtifact.Name {
		entry = s.compose(a, entry)
	}
	if entry != nil && entry.Kind == flux.HelmChart.Name {
		tree, err := entry.Load()
		if err != nil {
			a.problem = &problem{"source-broken", a.sourcePath, a.source.String() + " is broken"}
			return
		}
		a.chart = entry
		entry = s.find(a, flux.ChartSource(tree, entry.Ref))
	}
	a.origin = entry
	if entry == nil || a.problem != nil {
		return
	}
	a.problem = s.refused(a, entry)
}

// compose follows an artifact to the generator that makes it, and returns the source
// of the chart in it. Other artifacts are refused later.
func (s *survey) compose(a *applier, artifact *flux.Entry) *flux.Entry {
	tree, err := artifact.Load()
	if err != nil || a.Kind != flux.HelmRelease.Name {
		return artifact
	}
	composed, ok := flux.ReadComposition(tree, artifact.Namespace)
	if !ok {
		return artifact
	}
	a.composed, a.generator = composed, artifact
	a.lenders = make([]*flux.Entry, len(composed.Files))
	for i, file := range composed.Files {
		if a.lenders[i] = s.find(a, file.Source); a.lenders[i] == nil {
			return nil
		}
	}
	return s.find(a, composed.Chart)
}

// find returns the object that ref means, or sets why there is none.
func (s *survey) find(a *applier, ref flux.Ref) *flux.Entry {
	found, given := s.index.Find(ref, a.file), s.options.given(ref)
	switch {
	case len(found) == 1 || len(found) > 1 && s.alike(found):
		return found[0]
	case given != nil:
		return given
	}
	for _, e := range found {
		s.sources[s.cache.sites[e]].kept = true
	}
	switch {
	case len(found) > 1:
		a.problem = &problem{"source-ambiguous", a.sourcePath, fmt.Sprintf(
			"%d objects of the input may be %s: give them their namespaces, or convert behind kustomize, with -k or as a transformer", len(found), ref)}
	case refusedKind(a, ref.Kind) != nil:
		a.problem = refusedKind(a, ref.Kind)
	default:
		s.wanted = append(s.wanted, ref)
		a.problem = &problem{"source-missing", a.sourcePath, ref.String() + " is not in the input, so the object passes untouched: add its manifest" + urlHint(ref)}
	}
	return nil
}

// urlHint says how to do without the manifest of a source; only a HelmChart has no URL.
func urlHint(ref flux.Ref) string {
	if ref.Kind == flux.HelmChart.Name {
		return ""
	}
	return fmt.Sprintf(", or pass --source-url %s=URL", strings.TrimPrefix(ref.Namespace+"/"+ref.Name, "/"))
}

// tellSources registers the applier with the objects that it uses.
func (s *survey) tellSources(a *applier) {
	for _, u := range a.uses() {
		a.sourceEdits = append(a.sourceEdits, s.edited[u.entry]...)
		src := s.sources[s.cache.sites[u.entry]]
		if a.problem != nil {
			src.kept = true
			continue
		}
		src.users = append(src.users, mapping.User{
			App: ledger.Object{APIVersion: argocd.APIVersion, Kind: "Application", Namespace: a.namespace, Name: a.name},
			At:  u.at, Applier: a.Kind,
		})
	}
}

// surround loads the sources of an applier.
func (a *applier) surround(around *mapping.Surroundings) (err error) {
	if around.Chart, err = load(a.chart); err != nil {
		return err
	}
	if around.Origin, err = load(a.origin); err != nil {
		return err
	}
	around.Composed, around.Places = a.composed, a.places()
	for _, e := range a.lenders {
		lender, err := load(e)
		if err != nil {
			return err
		}
		around.Lenders = append(around.Lenders, lender)
	}
	around.Generator, err = load(a.generator)
	return err
}

// load returns a source as the table reads it, or nil.
func load(e *flux.Entry) (*flux.Source, error) {
	if e == nil {
		return nil, nil
	}
	tree, err := e.Load()
	if err != nil {
		return nil, err
	}
	return &flux.Source{Ref: e.Ref, Root: tree, File: e.File, Assumed: e.Assumed}, nil
}
