package argocd

import (
	"os"
	"strings"
)

// Expand replaces the variables that Argo CD sets while it renders a source
// (reposerver/repository/repository.go newEnv; types.go Env.Envsubst). "$$" is a
// dollar sign and an unknown variable is empty, as in Argo CD. dynamic is the first
// variable whose value changes with every commit, or "".
func (a *App) Expand(s *Source, text string) (expanded, dynamic string) {
	if !strings.Contains(text, "$") {
		return text, ""
	}
	expanded = os.Expand(text, func(name string) string {
		switch name {
		case "$":
			return "$"
		case "ARGOCD_APP_NAME":
			return a.InstanceName()
		case "ARGOCD_APP_NAMESPACE":
			return a.DestinationNamespace()
		case "ARGOCD_APP_PROJECT_NAME":
			return a.Project
		case "ARGOCD_APP_SOURCE_REPO_URL":
			return s.RepoURL
		case "ARGOCD_APP_SOURCE_PATH":
			return s.Path
		case "ARGOCD_APP_SOURCE_TARGET_REVISION":
			return s.Revision
		case "ARGOCD_APP_REVISION", "ARGOCD_APP_REVISION_SHORT", "ARGOCD_APP_REVISION_SHORT_8":
			if dynamic == "" {
				dynamic = name
			}
		}
		return ""
	})
	return expanded, dynamic
}

// InstanceName is the Application's name in variables and in the names of override
// files.
func (a *App) InstanceName() string {
	if a.Instance != "" {
		return a.Instance
	}
	return a.Name
}
