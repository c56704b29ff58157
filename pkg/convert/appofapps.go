package convert

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
)

// AppOfApps is where the Applications of a conversion will lie, for the Application
// that deploys them.
type AppOfApps struct {
	Name     string
	RepoURL  string
	Path     string
	Revision string // empty for HEAD
}

// ParseAppOfApps reads [NAME=]URL//PATH[?ref=REV], which but for the name is how
// kustomize writes a directory of a repository. NAME is "apps" where it is left out.
// Errors leave the URL out, as it may carry a password.
func ParseAppOfApps(text string) (*AppOfApps, error) {
	a := &AppOfApps{Name: "apps"}
	if name, rest, ok := strings.Cut(text, "="); ok && !strings.ContainsAny(name, "/:?") {
		a.Name, text = name, rest
	}
	text, query, asked := strings.Cut(text, "?")
	if asked {
		ref, ok := strings.CutPrefix(query, "ref=")
		if !ok || ref == "" || strings.Contains(ref, "&") {
			return nil, errors.New("of what may follow the ? only ref=REV has a meaning")
		}
		a.Revision = ref
	}
	from := 0
	if scheme := strings.Index(text, "://"); scheme >= 0 {
		from = scheme + len("://")
	}
	at := strings.Index(text[from:], "//")
	if at < 0 || text[from+at+2:] == "" {
		return nil, errors.New("the directory is missing: give [NAME=]URL//PATH[?ref=REV], as in https://github.com/example/fleet//apps")
	}
	a.RepoURL, a.Path = text[:from+at], text[from+at+2:]
	return a, nil
}

var appName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`)

// check refuses what Argo CD would not deploy.
func (a *AppOfApps) check(to Direction) error {
	switch {
	case a == nil:
		return nil
	case to == ToFlux:
		return errors.New("an app-of-apps is an Application: it goes with --to argocd and an input of Flux objects")
	case !appName.MatchString(a.Name) || len(a.Name) > 253:
		return fmt.Errorf("app-of-apps: %q is no name of an object: use lower case letters, digits, dots and dashes", a.Name)
	case !urlForm.MatchString(a.RepoURL) || strings.HasPrefix(a.RepoURL, "oci://"):
		return errors.New("app-of-apps: the URL must begin with https://, http:// or ssh://, or be user@host:path")
	case mapping.HasCredentials(a.RepoURL):
		return errors.New("app-of-apps: the URL carries credentials, which an Application would show: put them in a repository Secret of Argo CD")
	case strings.HasPrefix(path.Clean(a.Path), ".."):
		return fmt.Errorf("app-of-apps: %q leads out of the repository", a.Path)
	}
	return nil
}
