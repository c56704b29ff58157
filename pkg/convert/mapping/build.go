package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A Refusal says why an Application stays on Argo CD.
type Refusal struct {
	ID, Path, Note string
}

// Refuse returns why no Flux object can stand for the Application, or nil.
func Refuse(a *argocd.App) *Refusal {
	if !slices.ContainsFunc(a.Sources, (*argocd.Source).Renders) {
		return &Refusal{"nothing-deployed", "spec.sources", "no source deploys anything"}
	}
	for _, s := range a.Sources {
		if s.Renderer == argocd.Plugin {
			return &Refusal{"plugin", s.At + ".plugin", "config management plugins have no Flux counterpart: render in CI to Git or OCI, or keep the Application on Argo CD"}
		}
		if helmOrigin := s.Origin == argocd.HelmHTTP || s.Origin == argocd.HelmOCI; helmOrigin && s.Renderer != argocd.Helm {
			return &Refusal{"chart-not-helm", s.At + ".chart", "a block of another renderer beside a chart: Argo CD does not render it with Helm"}
		}
		if _, ok := gitRepositoryURL(s.RepoURL); !ok && s.Origin == argocd.Git {
			return &Refusal{"url-scheme", s.At + ".repoURL", "Flux fetches over http, https and ssh only"}
		}
	}
	return nil
}

// Convert turns an Application into a Unit with its Flux objects. The error is
// about the Application's content.
func (t *Table) Convert(a *argocd.App, file string, settings *Settings) (*Unit, error) {
	if a.Namespace != "" && a.Namespace != settings.ArgoCDNamespace {
		a.Instance = a.Namespace + "_" + a.Name
	}
	a.Local = settings.Credentials.Local(a, settings.Place(a))
	u := &Unit{App: a, File: file, Settings: settings}
	for _, s := range a.Sources {
		u.Parts = append(u.Parts, u.newPart(s))
	}
	for _, p := range u.Parts {
		if p.Source.Renders() && p.Source.Renderer == argocd.Helm {
			u.planFiles(p)
		}
	}
	for _, p := range u.Parts {
		u.skeleton(p)
	}
	u.namespaceObject()
	t.run(u)
	if u.err != nil {
		return nil, u.err
	}
	u.finish()
	return u, nil
}

// newPart looks at the source's repository where it is at hand.
func (u *Unit) newPart(s *argocd.Source) *Part {
	p := &Part{Source: s}
	if u.Settings.Checkout != nil && s.Chart == "" {
		p.Repo = u.Settings.Checkout(s.RepoURL, s.Revision)
	}
	if p.Repo == nil || !s.Renders() {
		return p
	}
	p.mergeHidden(u.App.InstanceName())
	s = p.Source
	if s.Renderer == argocd.Undecided {
		s.Renderer = rendererOf(p.Repo.KindOf(s.Dir()))
	}
	switch s.Renderer {
	case argocd.Directory:
		d := node.Get(s.Node, "directory")
		p.Scan = p.Repo.ScanDirectory(s.Dir(), checkout.Filter{
			Recurse: node.True(d, "recurse"), Include: node.Text(d, "include"), Exclude: node.Text(d, "exclude"),
		})
		u.meet(p)
	case argocd.Kustomize:
		p.Scan = p.Repo.ScanKustomize(s.Dir(), p.edits())
		u.meet(p)
	case argocd.Helm:
		p.Scan = p.Repo.ScanChart(s.Dir())
	}
	return p
}

func rendererOf(kind string) argocd.Renderer {
	return map[string]argocd.Renderer{
		"directory": argocd.Directory, "helm": argocd.Helm, "kustomize": argocd.Kustomize,
	}[kind]
}

// skeleton makes the empty objects of a part.
func (u *Unit) skeleton(p *Part) {
	s := p.Source
	needed := s.Renders() || p.lent == wayArtifact || p.lent == wayConfigMap
	if needed {
		p.Origin = object.New(originKind(p), u.place(), "")
	}
	if !s.Renders() {
		return
	}
	name := u.workName(p)
	if s.Renderer != argocd.Helm {
		p.Work = object.New(flux.Kustomization, u.place(), name)
		return
	}
	p.Work = object.New(flux.HelmRelease, u.place(), name)
	if p.way != wayArtifact {
		return
	}
	if s.Origin == argocd.HelmHTTP {
		p.Extra = append(p.Extra, object.New(flux.HelmChart, u.place(), name))
	}
	p.Extra = append(p.Extra, object.New(flux.ArtifactGenerator, u.place(), name))
}

// originKind: a chart from a registry comes by OCIRepository, except that only a
// HelmRepository can overlay value files of the chart.
func originKind(p *Part) object.Kind {
	switch {
	case p.Source.Origin == argocd.OCI:
		return flux.OCIRepository
	case p.Source.Origin == argocd.HelmHTTP:
		return flux.HelmRepository
	case p.Source.Origin == argocd.HelmOCI && p.usesChartFiles():
		return flux.HelmRepository
	case p.Source.Origin == argocd.HelmOCI:
		return flux.OCIRepository
	default:
		return flux.GitRepository
	}
}

func (p *Part) usesChartFiles() bool {
	if p.way == wayFiles {
		return true
	}
	return (p.way == wayInline || p.way == wayConfigMap) && len(p.files) > 0 && p.files[0].lender == nil
}

// place returns the namespace of the Application's Flux objects.
func (u *Unit) place() string { return u.Settings.Place(u.App) }

// workName names the object that deploys a part: the Application's name, with the
// source's own name where several deploy.
func (u *Unit) workName(p *Part) string {
	rendering := 0
	for _, other := range u.App.Sources {
		if other.Renders() {
			rendering++
		}
	}
	if rendering <= 1 {
		return object.Fit(u.App.Name, object.MaxName)
	}
	base := u.App.Name + "-" + object.Slug(partLabel(p.Source))
	for _, other := range u.Parts {
		if other == p {
			break
		}
		if other.Work != nil && other.Work.Name() == object.Fit(base, object.MaxName) {
			base = ledger.Index(u.App.Name+"-"+object.Slug(partLabel(p.Source))+"-", p.Source.Index)
			base = object.Slug(base)
			break
		}
	}
	return object.Fit(base, object.MaxName)
}

func partLabel(s *argocd.Source) string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Chart != "":
		return s.Chart
	case s.Dir() != "":
		return s.Dir()[lastSlash(s.Dir())+1:]
	default:
		return s.RepoName()
	}
}
