package mapping

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Releases are the Helm releases of a run and the Applications that have them first.
type Releases map[string]ledger.From

// Claim notes the releases of a unit, and blocks one that an earlier Application has.
// Units must come in input order. The earlier object may be written already, so the
// later one is what stays suspended; the entries returned tell the earlier one of it.
func (r Releases) Claim(u *Unit) (entries []ledger.Entry) {
	if u.restored != nil {
		return nil // the releases were so before
	}
	for _, p := range u.works() {
		if p.release() == nil {
			continue
		}
		key := strings.Join([]string{
			cluster(u.App), node.Text(p.Work.Root, "spec", "storageNamespace"), node.Text(p.Work.Root, "spec", "releaseName"),
		}, "\x00")
		first, taken := r[key]
		switch {
		case !taken:
			r[key] = ledger.From{Object: u.App.ID(), Path: p.Source.At, File: u.File, Line: u.lineOf(p)}
		case first.Object != u.App.ID():
			u.shareRelease(p, first.Object)
			v := unsupported(sharedNote(u.App.ID())).as("release-name-shared")
			entries = append(entries, entry(first, v, true))
		}
	}
	return entries
}

func sharedNote(other ledger.Object) string {
	return "Application " + qualified(other) + " has the same release name and namespace: Argo CD only templates, but two Helm releases of one name replace each other; give one of them another helm.releaseName"
}

func qualified(o ledger.Object) string { return strings.TrimPrefix(o.Namespace+"/"+o.Name, "/") }

// cluster names the destination as the Application does: a server and a name of the
// same cluster are two to whoever sees only them.
func cluster(a *argocd.App) string {
	if a.InCluster() {
		return ""
	}
	if server := node.Text(a.Spec("destination"), "server"); server != "" {
		return strings.TrimSuffix(server, "/")
	}
	return node.Text(a.Spec("destination"), "name")
}

// shareRelease changes the verdict on a release's name once that of another
// Application is known to be the same.
func (u *Unit) shareRelease(p *Part, first ledger.Object) {
	v := blocking(sharedNote(first)).as("release-name-shared")
	v.To = []Target{{Object: p.Work, Path: "spec.releaseName"}}
	if was := u.verdict(releasePath(p)); !was.Blocking {
		*was = v
	}
	if !u.Settings.AllowBlocking {
		p.Work.Set(node.Bool(true), "spec", "suspend")
		u.resumable(p)
	}
}

// verdict returns what is said about a field, set or absent.
func (u *Unit) verdict(path string) *Verdict {
	if i := slices.IndexFunc(u.leaves, func(l leaf) bool { return l.Path == path }); i >= 0 {
		return &u.leaves[i].verdict
	}
	i := slices.IndexFunc(u.absences, func(a absence) bool { return a.path == path })
	return &u.absences[i].verdict
}
