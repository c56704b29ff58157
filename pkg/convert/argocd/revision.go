package argocd

import (
	"regexp"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// RevisionKind is what a targetRevision of a Git source means to Argo CD.
type RevisionKind uint8

// The kinds, in the order in which Argo CD tries them (util/git/client.go
// LsRemote, util/versions/tags.go MaxVersion).
const (
	RevisionCommit      RevisionKind = iota // 40 hexadecimal digits
	RevisionHead                            // HEAD or empty
	RevisionRange                           // a constraint over the tags
	RevisionVersion                         // an exact version of three parts: a tag by habit
	RevisionRef                             // refs/heads/..., refs/tags/...
	RevisionShortCommit                     // 7 to 39 hexadecimal digits, not a version
	RevisionName                            // any other name: a branch by habit
)

var (
	commitSHA = regexp.MustCompile(`^[0-9a-fA-F]{40}$`)
	shortSHA  = regexp.MustCompile(`^[0-9a-fA-F]{7,39}$`)
	exact     = regexp.MustCompile(`^v?[0-9]+\.[0-9]+\.[0-9]+([-+].*)?$`)
)

// KindOfRevision classifies the targetRevision of a Git source.
func KindOfRevision(revision string) RevisionKind {
	switch {
	case commitSHA.MatchString(revision):
		return RevisionCommit
	case revision == "" || revision == "HEAD":
		return RevisionHead
	case exact.MatchString(revision):
		return RevisionVersion
	case Range(revision):
		return RevisionRange
	case strings.HasPrefix(revision, "refs/"):
		return RevisionRef
	case shortSHA.MatchString(revision):
		return RevisionShortCommit
	default:
		return RevisionName
	}
}

// Range tells whether Argo CD takes text as a version constraint: it is one and it
// is no version by itself.
func Range(text string) bool {
	if _, err := semver.NewVersion(text); err == nil {
		return false
	}
	_, err := semver.NewConstraint(text)
	return err == nil
}

// SplitRef cuts refs/heads/x and refs/tags/x into kind and name; ok is false for
// other refs.
func SplitRef(ref string) (kind, name string, ok bool) {
	for _, kind := range []string{"heads", "tags"} {
		if name, ok := strings.CutPrefix(ref, "refs/"+kind+"/"); ok {
			return kind, name, true
		}
	}
	return "", "", false
}
