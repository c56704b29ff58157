package argocd

import (
	"regexp"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// gitURL is what git and Argo CD take as a remote: a scheme and a host, or the
// scp form user@host:path (util/git/git.go).
var gitURL = regexp.MustCompile(`^((https?|ssh|git|file)://\S+|[^\s/@:]+@[^\s/:]+:\S+|[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+:\S+)$`)

var ociRepo = regexp.MustCompile(`^(oci://)?[a-zA-Z0-9.-]+(:[0-9]+)?(/\S*)?$`)

// Missing names the fields without which the Application cannot be understood: a
// kustomization or another tool is expected to supply them. It is empty for a whole
// Application.
func (a *App) Missing() []string {
	var fields []string
	if node.Text(a.Root, "spec", "project") == "" && node.Get(node.Get(a.Root, "spec"), "project") == nil {
		fields = append(fields, "spec.project")
	}
	destination := a.Spec("destination")
	if node.Text(destination, "server") == "" && node.Text(destination, "name") == "" {
		fields = append(fields, "spec.destination.server")
	}
	for _, key := range []string{"server", "name"} {
		if placeholder(node.Text(destination, key)) {
			fields = append(fields, "spec.destination."+key)
		}
	}
	if len(a.Sources) == 0 {
		return append(fields, "spec.source")
	}
	for _, s := range a.Sources {
		fields = append(fields, s.missing()...)
	}
	return fields
}

func (s *Source) missing() (fields []string) {
	if !s.knownURL() {
		fields = append(fields, s.At+".repoURL")
	}
	if s.Renders() && s.Path == "" && s.Chart == "" && s.Origin != OCI {
		fields = append(fields, s.At+".path")
	}
	if s.Chart != "" && s.Revision == "" {
		fields = append(fields, s.At+".targetRevision")
	}
	return fields
}

// placeholder tells whether another tool is to replace text, which no cluster and
// no URL allows as it is.
func placeholder(text string) bool { return strings.ContainsAny(text, "${}<>") }

// knownURL refuses placeholders, which a kustomize patch replaces.
func (s *Source) knownURL() bool {
	if placeholder(s.RepoURL) {
		return false
	}
	switch s.Origin {
	case HelmOCI, OCI:
		return ociRepo.MatchString(s.RepoURL)
	default:
		return gitURL.MatchString(s.RepoURL)
	}
}
