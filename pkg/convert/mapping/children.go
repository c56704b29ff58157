package mapping

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A Family is what an Application deploys of Argo CD's own objects (app-of-apps).
type Family struct {
	// RepoURL and Revision are those of the source.
	RepoURL, Revision string
	// Children are to be converted, in the order of the files.
	Children []checkout.Child
	// Namespace is where Argo CD puts children that name none; "" for its own.
	Namespace string
	// root is the directory of the repository below which conversions will be, dir that
	// of this one.
	root, dir string
	// files are those of the children that a kustomization names; nil where all of a
	// directory count.
	files []string
	// given are children that the input has, too, with the files.
	given []string
	// projects and rest are the manifests beside the children.
	projects, rest []string
	// committed tells that the checkout has dir, with the files of all children.
	committed bool
}

// Families returns the families of the unit's sources. Restored objects lead to none.
func (u *Unit) Families() (all []*Family) {
	for _, p := range u.Parts {
		if p.family != nil && u.restored == nil {
			all = append(all, p.family)
		}
	}
	return all
}

// meet looks for children among the manifests. Of those that are not as their files say
// nobody knows before they are built.
func (u *Unit) meet(p *Part) {
	s := p.Source
	if u.Settings.ConvertedPath == "" || len(p.Scan.Children) == 0 || !u.asWritten(p) {
		return
	}
	f := &Family{RepoURL: s.RepoURL, Revision: s.Revision, root: u.Settings.ConvertedPath, dir: path.Join(u.Settings.ConvertedPath, s.Dir())}
	if n := u.App.DestinationNamespace(); n != u.Settings.ArgoCDNamespace && p.Scan.Namespace == "" {
		f.Namespace = n
	}
	for _, child := range p.Scan.Children {
		if u.is(child, f.Namespace) {
			continue
		}
		if s.Renderer == argocd.Kustomize {
			f.files = append(f.files, child.File)
		}
		if file := u.Settings.Given(child, f.Namespace); file != "" {
			f.given = append(f.given, child.String()+" of "+file)
			continue
		}
		f.Children = append(f.Children, child)
	}
	for _, o := range p.Scan.Objects {
		switch {
		case !o.ArgoCD():
			f.rest = append(f.rest, o.String())
		case o.Kind == "AppProject":
			f.projects = append(f.projects, o.String())
		}
	}
	switch {
	case len(f.Children)+len(f.given) == 0: // but itself
		return
	case len(f.rest) > 0 && below(s.Dir(), f.dir): // the rest's Kustomization would build both
		return
	}
	f.committed = p.Repo.IsDir(f.dir) && !slices.ContainsFunc(f.Children, func(child checkout.Child) bool {
		return !p.Repo.Exists(path.Join(f.root, child.File))
	})
	p.family = f
}

// asWritten tells whether the children are as their files say: plain manifests, or those
// of a kustomization that changes nothing and names files below its directory.
func (u *Unit) asWritten(p *Part) bool {
	if p.Source.Renderer != argocd.Kustomize {
		return p.Source.Renderer == argocd.Directory
	}
	scan := p.Scan
	if !scan.Complete() || len(scan.Changing)+len(scan.Namespaces) > 0 || !node.Empty(node.Get(p.Source.Node, "kustomize")) {
		return false
	}
	return !slices.ContainsFunc(scan.Children, func(child checkout.Child) bool {
		moved := scan.Namespace != "" && child.Namespace != scan.Namespace &&
			(child.Namespace != "" || scan.Namespace != u.Settings.ArgoCDNamespace)
		return moved || !below(p.Source.Dir(), child.File)
	})
}

// lines are patterns of .gitignore's syntax that leave of the directory of the converted
// children those that a kustomization names.
func (f *Family) lines() (lines []string) {
	if len(f.files) == 0 {
		return nil
	}
	lines = append(lines, "/"+f.dir+"/**")
	for _, file := range f.files {
		line := "!/" + path.Join(f.root, file)
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// is tells whether the child is the unit's Application itself, which manages itself.
func (u *Unit) is(child checkout.Child, namespace string) bool {
	place := func(names ...string) string { return cmp.Or(append(names, u.Settings.ArgoCDNamespace)...) }
	return child.Kind == "Application" && child.Name == u.App.Name &&
		place(child.Namespace, namespace) == place(u.App.Namespace)
}

// below tells whether a directory of a repository lies in another.
func below(dir, name string) bool { return dir == "" || strings.HasPrefix(name+"/", dir+"/") }

// onlyChildren tells that the part's object deploys converted children and nothing else.
func (p *Part) onlyChildren() bool { return p.family != nil && len(p.family.rest) == 0 }

// dirs are the directories that the part's Kustomizations build.
func (p *Part) dirs() []string {
	switch {
	case p.onlyChildren():
		return []string{p.family.dir}
	case p.family != nil:
		return []string{p.Source.Dir(), p.family.dir}
	}
	return []string{p.Source.Dir()}
}

// workPath is the path of the part's Kustomization.
func (p *Part) workPath() string { return "./" + p.dirs()[0] }

// stripArgoCD selects what Flux must not apply of the manifests beside children.
var stripArgoCD = "(Application|ApplicationSet|AppProject)"

// splitChildren gives converted children that have other manifests beside them a
// Kustomization of their own, and returns it; else the one that there is. Its patches
// are for the manifests: converted objects name their namespaces.
func (u *Unit) splitChildren(p *Part) *object.Object {
	if p.onlyChildren() {
		return p.Work
	}
	k := p.Work.Bare(object.Fit(p.Work.Name()+"-apps", object.MaxName))
	k.Set(node.String("./"+p.family.dir), "spec", "path")
	k.Set(p.Origin.NameNode(), "spec", "sourceRef", "name")
	p.Work.AddPatch(object.RankStrip, node.Map("group", argocdGroup, "kind", stripArgoCD), deletePatch)
	p.Extra = append(p.Extra, k)
	return k
}

var argocdGroup, _, _ = strings.Cut(argocd.APIVersion, "/")

// settleChildren says what becomes of the children and of what lies beside them.
func (u *Unit) settleChildren(p *Part) {
	f := p.family
	if f == nil || p.Work == nil || p.Work.Kind != flux.Kustomization {
		return
	}
	if !f.committed {
		u.block(p)
	}
	u.suspendBlocked(p)
	to := Target{Object: u.splitChildren(p), Path: "spec.path"}
	say := func(id string, v Verdict) {
		u.absences = append(u.absences, absence{path: p.Source.At, line: u.lineOf(p), verdict: v.as(id)})
	}
	say("app-of-apps-tree", f.verdict(p, to))
	for _, part := range []struct {
		id, format string
		items      []string
	}{
		{"app-of-apps-given", "in the input, too, and converted there: commit what became of them to " + f.dir + " as well (%s)", f.given},
		{"app-of-apps-rest", "stay where they are, in a Kustomization of their own, without the objects of Argo CD (%s)", f.rest},
		{"app-of-apps-project", "no Flux object stands for them, so that they are not deployed (%s)", f.projects},
		{"app-of-apps-namespace", "Argo CD puts them into the namespace " + f.Namespace + ", where it reads Applications only if told to; they were converted as if they were in " + u.Settings.ArgoCDNamespace + " (%s)", f.homeless()},
	} {
		if len(part.items) > 0 {
			say(part.id, approximate(fmt.Sprintf(part.format, some(slices.Compact(part.items)))))
		}
	}
}

// homeless are the children without a namespace, where that is not Argo CD's.
func (f *Family) homeless() (names []string) {
	for _, child := range f.Children {
		if f.Namespace != "" && child.Namespace == "" {
			names = append(names, child.String())
		}
	}
	return names
}

// verdict says where the converted children belong.
func (f *Family) verdict(p *Part, to Target) Verdict {
	var names []string
	for _, child := range f.Children {
		names = append(names, child.String())
	}
	what := f.dir
	if len(names) > 0 {
		what += " (" + some(names) + ")"
	}
	if f.committed {
		return approximate("deploys the converted children, which the checkout has in "+what+": commit them again when their originals change", to)
	}
	note := "deploys the converted children once they are there: commit what they became to " + what + " of the repository, then remove spec.suspend"
	if node.True(p.Source.Node, "directory", "recurse") && below(p.Source.Dir(), f.dir) {
		note += ". Argo CD reads that directory, too: commit it when this Application is gone, or choose another with --converted-path"
	}
	v := blocking(note)
	v.To = []Target{to}
	return v
}

// Waits tells the unit which objects wait for those of an earlier sync wave, so that it
// accounts for its own among them.
func (u *Unit) Waits(waiting []*object.Object) {
	var to []Target
	for _, o := range u.Objects() {
		if slices.Contains(waiting, o) {
			to = append(to, Target{Object: o, Path: "spec.dependsOn"})
		}
	}
	if len(to) == 0 {
		return
	}
	v := approximate("waits, by dependsOn, for what the children of the wave before became and until that is ready; Argo CD waits only where argocd-cm assesses the health of Applications. Kustomizations and HelmReleases do not wait for each other", to...).as("app-of-apps-waves")
	for i := range u.leaves {
		if l := &u.leaves[i]; l.Path == ledger.Key("metadata.annotations", "argocd.argoproj.io/sync-wave") {
			l.verdict = v
			return
		}
	}
	u.absences = append(u.absences, absence{path: "metadata.annotations", line: u.App.Root.Line, verdict: v})
}
