package policy

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// takesFrom names the repositories and charts of the whole deployment: what two of them
// hold may be the same today, and only today. It is empty where the input lacks one.
func (u *unit) takesFrom() string {
	var places []string
	for _, other := range unitsOf(u.of) {
		place := other.repository()
		if place == "" {
			return ""
		}
		places = appendNew(places, place)
	}
	slices.Sort(places)
	return strings.Join(places, ", ")
}

// repository is where the unit's files or chart come from.
func (u *unit) repository() string {
	switch {
	case u.app != nil && (u.source.Origin == argocd.HelmHTTP || u.source.Origin == argocd.HelmOCI):
		return u.label
	case u.app != nil:
		return labelOf(u.source.URL(), "")
	case u.origin == nil:
		return ""
	case u.origin.Kind == flux.HelmRepository.Name:
		return u.label
	default:
		return labelOf(node.Text(u.origin.Root, "spec", "url"), "")
	}
}

func (u *unit) from(path string) aspect {
	place := u.takesFrom()
	if place == "" || strings.Trim(place, "/") == "" {
		return u.says(path, "", "", "").unknown(BySource, "Where one of the sides takes its files from is not in the input.")
	}
	return u.says(path, "from "+place, "takes it from "+place, "What is pushed to the other repository is not deployed there.").hidden()
}

// argoSigned: signatures are asked for by a project (Argo CD types.go AppProjectSpec
// SignatureKeys and SourceIntegrity), of commits alone.
func (u *unit) argoSigned() aspect {
	for _, o := range u.of.Side.Objects.Kind("AppProject") {
		for _, field := range []string{"signatureKeys", "sourceIntegrity"} {
			if o.Name == u.app.Project && !node.Null(node.At(o.Root, "spec", field)) {
				a := u.signed("", "signed by keys of AppProject "+o.Name)
				a.where = elsewhere(o, "spec."+field)
				return a
			}
		}
	}
	return u.unsigned(u.source.At)
}

// fluxSigned: a source or a chart may have to be signed (source-controller docs,
// Verification).
func (u *unit) fluxSigned() aspect {
	for _, o := range []struct {
		set  bool
		path string
	}{
		{u.origin != nil && !node.Null(node.At(u.origin.Root, "spec", "verify")), "spec.verify"},
		{!node.Null(node.Get(u.chartSpec(), "verify")), "spec.chart.spec.verify"},
	} {
		if o.set {
			return u.signed(o.path, "signed as "+o.path+" says")
		}
	}
	return u.unsigned(u.applier.SourcePath())
}

func (u *unit) signed(path, key string) aspect {
	return u.says(path, key, "deploys only what is "+key, "What nobody signed is not deployed there, be it a fix.").hidden().
		open(ByCluster, "Whether both sides trust the same keys is decided by keyrings and Secrets: compare the keys.", "signed *")
}

func (u *unit) unsigned(path string) aspect {
	return u.says(path, "unsigned too", "deploys what nobody signed", "What the other side would have refused is deployed there.").hidden()
}
