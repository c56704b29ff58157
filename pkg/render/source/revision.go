package source

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/go-git/go-git/v5/plumbing"
)

var (
	wholeCommit = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
	shortCommit = regexp.MustCompile(`^[0-9a-fA-F]{7,39}$`)
)

// A revision is what a Ref means in a repository: a reference, or a commit.
type revision struct {
	name   plumbing.ReferenceName
	commit string // may be short
}

// resolve finds a Ref among the references of a remote.
func resolve(r Ref, refs []*plumbing.Reference) (revision, error) {
	if r.isArgo() {
		return resolveArgo(r, refs)
	}
	return resolveFlux(r, refs)
}

// isArgo tells whether the Ref is one of Argo CD, whose empty revision is HEAD.
func (r Ref) isArgo() bool { return r == Ref{Revision: r.Revision, TagPrefix: r.TagPrefix} }

// resolveArgo follows util/git/client.go lsRemote and util/versions/tags.go MaxVersion.
// A prefix of tags counts for versions and ranges, and for nothing else.
func resolveArgo(r Ref, refs []*plumbing.Reference) (revision, error) {
	text := r.Revision
	if wholeCommit.MatchString(text) {
		return revision{commit: text}, nil
	}
	if text == "" {
		text = "HEAD"
	}
	if _, err := semver.NewVersion(text); err == nil {
		text = r.TagPrefix + text
	} else if constraint, err := semver.NewConstraint(text); err == nil {
		if tag := highest(constraint, refs, r.prefixed); tag != "" {
			text = tag
		}
	}
	for _, ref := range refs {
		if ref.Name().String() == text || !strings.HasPrefix(text, "refs/") && ref.Name().Short() == text {
			return revision{name: ref.Name()}, nil
		}
	}
	if shortCommit.MatchString(text) {
		return revision{commit: text}, nil
	}
	return revision{}, fmt.Errorf("no branch, tag or commit is called %q", text)
}

// prefixed reads the version in a tag.
func (r Ref) prefixed(tag string) (*semver.Version, error) {
	version, ok := strings.CutPrefix(tag, r.TagPrefix)
	if !ok {
		return nil, semver.ErrInvalidSemVer
	}
	return semver.NewVersion(version)
}

// resolveFlux follows fluxcd/pkg git/gogit/client.go Clone: commit, name, tag, semver,
// branch.
func resolveFlux(r Ref, refs []*plumbing.Reference) (revision, error) {
	var name plumbing.ReferenceName
	switch {
	case r.Commit != "":
		if !wholeCommit.MatchString(r.Commit) {
			return revision{}, fmt.Errorf("commit %q: Flux takes whole commit hashes only", r.Commit)
		}
		return revision{commit: r.Commit}, nil
	case r.Name != "":
		name = plumbing.ReferenceName(r.Name)
	case r.Tag != "":
		name = plumbing.NewTagReferenceName(r.Tag)
	case r.Semver != "":
		constraint, err := semver.NewConstraint(r.Semver)
		if err != nil {
			return revision{}, fmt.Errorf("semver %q: %w", r.Semver, err)
		}
		tag := highest(constraint, refs, strictVersion)
		if tag == "" {
			return revision{}, fmt.Errorf("no tag is a version in %q", r.Semver)
		}
		name = plumbing.NewTagReferenceName(tag)
	default:
		name = plumbing.NewBranchReferenceName(r.Branch)
	}
	for _, ref := range refs {
		if ref.Name() == name {
			return revision{name: name}, nil
		}
	}
	return revision{}, fmt.Errorf("it has no %s", name)
}

// strictVersion takes versions of three parts, with or without v (fluxcd/pkg
// version/version.go ParseVersion).
func strictVersion(text string) (*semver.Version, error) {
	return semver.StrictNewVersion(strings.TrimPrefix(text, "v"))
}

// highest returns the tag of the highest version that fits; "" where none does.
func highest(constraint *semver.Constraints, refs []*plumbing.Reference, parse func(string) (*semver.Version, error)) string {
	var tags []string
	for _, ref := range refs {
		if ref.Name().IsTag() {
			tags = append(tags, ref.Name().Short())
		}
	}
	return highestTag(constraint, tags, parse)
}

func highestTag(constraint *semver.Constraints, tags []string, parse func(string) (*semver.Version, error)) (best string) {
	var top *semver.Version
	for _, tag := range tags {
		version, err := parse(tag)
		if err == nil && constraint.Check(version) && (top == nil || version.GreaterThan(top)) {
			best, top = tag, version
		}
	}
	return best
}
