package mapping

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// alwaysThere are namespaces that every cluster has.
var alwaysThere = []string{"default", "kube-system", "kube-public", "kube-node-lease"}

// namespaceObject writes the destination's Namespace where Argo CD would create it
// and no HelmRelease does. Argo CD never deletes it, so Flux must not prune it.
func (u *Unit) namespaceObject() {
	name := u.App.DestinationNamespace()
	if name == "" || u.remote() || !u.App.SyncOption("CreateNamespace=true") || slices.Contains(alwaysThere, name) {
		return
	}
	kustomizations := slices.ContainsFunc(u.works(), func(p *Part) bool { return p.kustomization() != nil })
	if !kustomizations && u.helmCreates() && node.Empty(u.App.Spec("syncPolicy", "managedNamespaceMetadata")) {
		return
	}
	u.Namespace = object.New(object.Namespace, "", name)
	u.Namespace.Shared = true
	u.Namespace.Names = []string{name}
	u.Namespace.Set(node.String("disabled"), "metadata", "annotations", "kustomize.toolkit.fluxcd.io/prune")
	u.Namespace.Set(node.String("Merge"), "metadata", "annotations", "kustomize.toolkit.fluxcd.io/ssa")
}

// helmCreates tells whether releases may create their namespace. Helm does so as the account
// of the release, and without the right it fails where the namespace is there, too (helm
// pkg/action/install.go: the API server looks at rights first).
func (u *Unit) helmCreates() bool {
	project := u.project()
	return u.remote() || u.Settings.account(project) == "" || u.Settings.CreatesNamespace(project, u.App.DestinationNamespace())
}

// finish settles what depends on all rows: suspension, hook phases, the order of
// patches and the names that are wanted.
func (u *Unit) finish() {
	owner := u.App.Namespace + "/" + u.App.Name
	for _, p := range u.Parts {
		if p.Origin != nil {
			p.Origin.Shared = true
			p.Origin.Names = originNames(p)
		}
		if p.Work == nil {
			continue
		}
		u.settleChildren(p)
		u.suspendBlocked(p)
		u.resumable(p)
		u.splitPhases(p)
		for _, o := range append(p.Extra, p.Work) {
			u.own(o, owner)
			o.Finish()
		}
	}
	u.watchPhases()
	for _, o := range u.addOns {
		u.own(o, owner)
	}
}

// own makes an object the Application's, and says which names it may have.
func (u *Unit) own(o *object.Object, owner string) {
	o.Owner = owner
	o.Names = []string{o.Name()}
	switch {
	case o.Shared:
		o.Names = append(o.Names, object.Fit(u.App.Name+"-"+o.Name(), object.MaxName))
	case u.App.Namespace != "":
		o.Names = append(o.Names, object.Fit(o.Name()+"-"+u.App.Namespace, object.MaxName))
	}
}

// suspendBlocked turns off what would deploy something else.
func (u *Unit) suspendBlocked(p *Part) {
	if p.blocked && !u.Settings.AllowBlocking {
		p.Work.Set(node.Bool(true), "spec", "suspend")
	}
}

// splitPhases gives the hooks of a phase a Kustomization of their own: the same
// objects, less all that are no hook of the phase.
func (u *Unit) splitPhases(p *Part) {
	for _, phase := range []string{"PreSync", "PostSync"} {
		if len(p.phases[phase]) == 0 {
			continue
		}
		k := p.Work.Clone(object.Fit(p.Work.Name()+"-"+strings.ToLower(phase), object.MaxName))
		k.Set(p.Origin.NameNode(), "spec", "sourceRef", "name")
		rest := k.AddPatch(object.RankStrip, node.Map("annotationSelector", hookAnnotation+" notin ("+phase+")"), deletePatch)
		for _, i := range p.phases[phase] {
			v := &u.absences[i].verdict
			v.To = append(v.To, Target{Object: k, Patch: rest, Suffix: ".patch"})
		}
		p.Work.AddPatch(object.RankStrip, node.Map("annotationSelector", hookAnnotation+" in ("+phase+")"), deletePatch)
		first, then := k, p.Work
		if phase == "PostSync" {
			first, then = p.Work, k
		}
		then.Append(node.List(node.Map("name", first.NameNode())).Content, "spec", "dependsOn")
		p.Extra = append(p.Extra, k)
	}
}

// originNames are names a person would choose: the repository, its revision where
// it is not the default branch, the directory where the source is for it alone.
func originNames(p *Part) []string {
	s := p.Source
	base := object.Slug(s.RepoName())
	switch p.Origin.Kind {
	case flux.HelmRepository:
		base = helmRepositoryName(s.RepoURL)
	case flux.OCIRepository:
		if s.Chart != "" {
			base = object.Slug(s.Chart[lastSlash(s.Chart)+1:])
		}
	}
	if p.Origin.Get("spec", "ignore") != nil && s.Dir() != "" {
		base += "-" + object.Slug(s.Dir())
	}
	revised := base
	if s.Revision != "" {
		revised += "-" + revisionLabel(s.Revision)
	}
	if p.Origin.Kind == flux.HelmRepository {
		revised = base // a repository has no revision
	}
	names := []string{base, revised}
	if p.Origin.Kind == flux.GitRepository && !defaultBranch(p) {
		names = []string{revised}
	}
	if owner := object.Slug(s.RepoOwner()); owner != "" {
		names = append(names, owner+"-"+revised)
		if p.Origin.Kind == flux.GitRepository {
			names = slices.Insert(names, 1, owner+"-"+names[0])
		}
	}
	for i := range names {
		names[i] = object.Fit(names[i], object.MaxName)
	}
	return names
}

func revisionLabel(revision string) string {
	if digest, ok := strings.CutPrefix(revision, "sha256:"); ok {
		revision = digest
	}
	if argocd.KindOfRevision(revision) == argocd.RevisionCommit || len(revision) == 64 {
		return strings.ToLower(revision[:7])
	}
	if _, name, ok := argocd.SplitRef(revision); ok {
		revision = name
	}
	return object.Slug(revision)
}

func defaultBranch(p *Part) bool {
	switch p.Source.Revision {
	case "", "HEAD", "main", "master", "refs/heads/main", "refs/heads/master":
		return true
	}
	return p.Repo != nil && p.Repo.Head() == p.Source.Revision
}

var generic = []string{
	"charts", "chart", "helm", "helm-charts", "helm-chart", "helmcharts", "releases", "release", "stable", "www",
	"repo", "repository", "artifacts", "github", "public", "latest", "com", "io", "org", "net",
}

// helmRepositoryName takes the most telling part of a chart repository's URL; what a query
// holds may be a token.
func helmRepositoryName(url string) string {
	url, _, _ = strings.Cut(url, "?")
	_, rest, found := strings.Cut(url, "://")
	if !found {
		rest = url
	}
	host, dirs, _ := strings.Cut(strings.Trim(rest, "/"), "/")
	words := strings.Split(dirs, "/")
	slices.Reverse(words)
	host, _, _ = strings.Cut(host, ":")
	for _, word := range append(words, strings.Split(host, ".")...) {
		if slug := object.Slug(word); slug != "" && !slices.Contains(generic, slug) {
			return slug
		}
	}
	return object.Slug(host)
}
