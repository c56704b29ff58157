package argocd

import (
	"cmp"
	"os"
)

// A buildEnv holds the variables of Argo CD's build environment (repository.go newEnv).
type buildEnv map[string]string

func newBuildEnv(app *application, s *appSource, revision string) buildEnv {
	return buildEnv{
		"ARGOCD_APP_NAME":                   app.Metadata.Name,
		"ARGOCD_APP_NAMESPACE":              app.Spec.Destination.Namespace,
		"ARGOCD_APP_PROJECT_NAME":           cmp.Or(app.Spec.Project, "default"),
		"ARGOCD_APP_REVISION":               revision,
		"ARGOCD_APP_REVISION_SHORT":         revision[:min(len(revision), 7)],
		"ARGOCD_APP_REVISION_SHORT_8":       revision[:min(len(revision), 8)],
		"ARGOCD_APP_SOURCE_REPO_URL":        s.RepoURL,
		"ARGOCD_APP_SOURCE_PATH":            s.Path,
		"ARGOCD_APP_SOURCE_TARGET_REVISION": s.TargetRevision,
	}
}

// expand substitutes $NAME and ${NAME}; $$ is a dollar sign, and what is not known
// becomes nothing (types.go Env.Envsubst).
func (e buildEnv) expand(text string) string {
	return os.Expand(text, func(name string) string {
		if name == "$" {
			return "$"
		}
		return e[name]
	})
}
