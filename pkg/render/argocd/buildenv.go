package argocd

import (
	"cmp"
	"encoding/hex"
	"os"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// A buildEnv holds the variables of Argo CD's build environment (repository.go newEnv).
type buildEnv struct {
	values map[string]string
	// guess is called, once, where a revision is used that is not known.
	guess func()
}

func newBuildEnv(r *rendering, tree *source.Tree) buildEnv {
	revision := cmp.Or(tree.Resolved, r.source.TargetRevision)
	e := buildEnv{values: map[string]string{
		"ARGOCD_APP_NAME":                   r.app.Metadata.Name,
		"ARGOCD_APP_NAMESPACE":              r.app.Spec.Destination.Namespace,
		"ARGOCD_APP_PROJECT_NAME":           cmp.Or(r.app.Spec.Project, "default"),
		"ARGOCD_APP_REVISION":               revision,
		"ARGOCD_APP_REVISION_SHORT":         revision[:min(len(revision), 7)],
		"ARGOCD_APP_REVISION_SHORT_8":       revision[:min(len(revision), 8)],
		"ARGOCD_APP_SOURCE_REPO_URL":        r.source.RepoURL,
		"ARGOCD_APP_SOURCE_PATH":            r.source.Path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION": r.source.TargetRevision,
	}}
	noted := tree.Resolved != "" || r.source.pinned()
	e.guess = func() {
		if !noted {
			r.note("revision-unknown", r.source.at+".targetRevision",
				"a local checkout does not tell which revision it is: $ARGOCD_APP_REVISION stands for targetRevision here, and for the resolved revision in Argo CD")
		}
		noted = true
	}
	return e
}

// pinned tells whether the revision that is asked for is what it resolves to.
func (s *appSource) pinned() bool {
	if s.Chart != "" {
		_, err := semver.StrictNewVersion(s.TargetRevision)
		return err == nil
	}
	_, err := hex.DecodeString(s.TargetRevision)
	return err == nil && len(s.TargetRevision) == 40
}

// expand substitutes $NAME and ${NAME}; $$ is a dollar sign, and what is not known
// becomes nothing (types.go Env.Envsubst).
func (e buildEnv) expand(text string) string {
	return os.Expand(text, func(name string) string {
		if name == "$" {
			return "$"
		}
		if strings.HasPrefix(name, "ARGOCD_APP_REVISION") {
			e.guess()
		}
		return e.values[name]
	})
}
