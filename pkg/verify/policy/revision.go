package policy

import (
	"fmt"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Nights of revisions.
const (
	pinnedNight  = "Nothing that you push is deployed there until somebody changes the pin."
	followsNight = "What is deployed there is whatever that name points at."
	namedNight   = "Where the repository has no %s %s, nothing new is deployed there."
)

// argoRevision is what is followed, where, and whether it has to be signed.
func argoRevision(u *unit) []aspect {
	return []aspect{u.argoFollows(), u.from(u.source.At + ".repoURL"), u.argoSigned()}
}

// argoFollows: an empty revision is HEAD, ranges come before branches, and a short SHA
// is completed (Argo CD util/git/client.go lsRemote; util/versions/tags.go MaxVersion).
func (u *unit) argoFollows() aspect {
	s := u.source
	at := s.At + ".targetRevision"
	if s.At == "spec.sourceHydrator.syncSource" {
		return u.branch("spec.sourceHydrator.syncSource.targetBranch", s.Revision)
	}
	if s.Origin != argocd.Git {
		return u.artifact(at, s.Revision)
	}
	if prefix := node.Text(s.Node, "tagPrefix"); prefix != "" {
		return u.says(s.At+".tagPrefix", "tags "+prefix+s.Revision, "follows tags that begin with "+prefix+" in "+s.Revision, followsNight)
	}
	switch argocd.KindOfRevision(s.Revision) {
	case argocd.RevisionCommit:
		return u.commit(at, s.Revision)
	case argocd.RevisionHead:
		return u.says(at, "HEAD", "follows the default branch of the remote, whichever it is", "It moves there with a change of the default branch.")
	case argocd.RevisionRange:
		return u.says(at, "tags in "+s.Revision, "follows the highest tag in "+s.Revision+", short ones such as v1.2 included", followsNight)
	case argocd.RevisionVersion:
		return u.named(at, "tag")
	case argocd.RevisionRef:
		return u.ref(at, s.Revision)
	case argocd.RevisionShortCommit:
		return u.says(at, "short commit "+s.Revision, "takes the commit that begins with "+s.Revision, pinnedNight)
	default:
		return u.named(at, "branch")
	}
}

// named is a name that Argo CD looks up among branches and tags. main and master are
// branches everywhere.
func (u *unit) named(at, habit string) aspect {
	name := u.source.Revision
	if name == "main" || name == "master" {
		return u.branch(at, name)
	}
	a := u.says(at, habit+" or other ref "+name, "takes any ref of the name "+name+", by habit a "+habit, followsNight)
	return a.open(ByRefs, "Whether "+name+" is a "+habit+" in the repository is not known here: look with git ls-remote.", habit+" "+name)
}

func (u *unit) branch(at, name string) aspect {
	return u.says(at, "branch "+name, "follows the branch "+name, fmt.Sprintf(namedNight, "branch", name))
}

func (u *unit) tag(at, name string) aspect {
	return u.says(at, "tag "+name, "takes the tag "+name, fmt.Sprintf(namedNight, "tag", name))
}

func (u *unit) commit(at, sha string) aspect {
	if argocd.KindOfRevision(sha) != argocd.RevisionCommit {
		return u.says(at, "commit "+sha, "asks for a commit "+sha+", which is no whole SHA", "Flux cannot fetch a shortened commit: nothing new is deployed there.")
	}
	return u.says(at, "commit "+strings.ToLower(sha), "stays at the commit "+sha[:min(len(sha), 12)], pinnedNight)
}

func (u *unit) ref(at, ref string) aspect {
	switch kind, name, _ := argocd.SplitRef(ref); kind {
	case "heads":
		return u.branch(at, name)
	case "tags":
		return u.tag(at, name)
	}
	return u.says(at, "ref "+ref, "follows "+ref, followsNight)
}

// artifact is a version of a chart or a tag, digest or range of a registry, which both
// tools read with one library (Masterminds/semver). A tag has _ for the + of a version.
func (u *unit) artifact(at, text string) aspect {
	text = strings.Replace(text, "_", "+", 1)
	switch _, err := semver.StrictNewVersion(text); {
	case text == "":
		return u.says(at, "", "", "").unknown(ByRefs, "Argo CD is told no version, and what it takes then depends on the registry: set targetRevision.")
	case strings.HasPrefix(text, "sha256:"):
		return u.says(at, "digest "+text, "stays at the digest "+text, pinnedNight)
	case err == nil:
		return u.says(at, "version "+text, "stays at version "+text, pinnedNight)
	case argocd.Range(text):
		return u.says(at, "versions in "+text, "follows the newest version in "+text, "A new version reaches the cluster there by itself.")
	default:
		return u.says(at, "version "+text, "takes "+text, followsNight)
	}
}

// fluxRevision is what is followed, where, and whether it has to be signed.
func fluxRevision(u *unit) []aspect {
	return []aspect{u.fluxFollows(), u.from(u.applier.SourcePath()), u.fluxSigned()}
}

// fluxFollows: of several fields of ref the first counts of commit, name, tag, semver
// and branch, and without any it is master (fluxcd/pkg git/gogit/client.go); for a
// registry digest, semver and tag, without any latest (source-controller docs,
// OCIRepository, Reference); for a chart any version (HelmChart API, Version).
func (u *unit) fluxFollows() aspect {
	if u.origin == nil {
		return u.says(u.applier.SourcePath(), "", "", "").unknown(BySource, u.sourceMissing())
	}
	var a aspect
	switch u.origin.Kind {
	case flux.GitRepository.Name:
		a = u.gitRef()
	case flux.OCIRepository.Name:
		a = u.ociRef()
	case flux.HelmRepository.Name:
		a = u.artifact("spec.chart.spec.version", orElse(node.Text(u.chartSpec(), "version"), "*"))
		if u.chart != nil {
			a.where = elsewhere(u.chart, "spec.version")
		}
		return a
	default:
		a = u.says("", "contents of the "+u.origin.Kind, "takes whatever the "+u.origin.Kind+" holds", followsNight)
	}
	a.where = elsewhere(u.origin, a.where.Path)
	return a
}

func (u *unit) gitRef() aspect {
	ref := func(key string) string { return node.Text(u.origin.Root, "spec", "ref", key) }
	switch {
	case ref("commit") != "":
		return u.commit("spec.ref.commit", ref("commit"))
	case ref("name") != "":
		return u.ref("spec.ref.name", ref("name"))
	case ref("tag") != "":
		return u.tag("spec.ref.tag", ref("tag"))
	case ref("semver") != "":
		return u.says("spec.ref.semver", "three-part tags in "+ref("semver"), "follows the highest tag of three parts in "+ref("semver"), followsNight)
	default:
		return u.branch("spec.ref.branch", orElse(ref("branch"), "master"))
	}
}

func (u *unit) ociRef() aspect {
	ref := func(key string) string { return node.Text(u.origin.Root, "spec", "ref", key) }
	switch {
	case ref("digest") != "":
		return u.artifact("spec.ref.digest", ref("digest"))
	case ref("semver") != "" && ref("semverFilter") != "":
		return u.says("spec.ref.semverFilter", "versions in "+ref("semver")+" that match "+ref("semverFilter"),
			"follows the newest version in "+ref("semver")+" that matches "+ref("semverFilter"), followsNight)
	case ref("semver") != "":
		constraint := ref("semver")
		if _, err := semver.NewVersion(constraint); err == nil { // a constraint all the same
			constraint = "=" + strings.TrimPrefix(constraint, "v")
		}
		return u.artifact("spec.ref.semver", constraint)
	default:
		return u.artifact("spec.ref.tag", orElse(ref("tag"), "latest"))
	}
}
