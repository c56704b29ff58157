package convert

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// ParseSourceURL reads NAME=URL[@REV]. The last @ behind the host starts the
// revision, which may itself contain slashes (release/1.2); the user of
// ssh://git@host/repo and of git@host:repo stands before the host's end and stays.
// An @ that opens a path element (https://host/@scope/repo) belongs to the path.
func ParseSourceURL(text string) (SourceURL, error) {
	name, url, ok := strings.Cut(text, "=")
	if !ok || name == "" || url == "" {
		return SourceURL{}, fmt.Errorf("%q is not NAME=URL[@REV]", text)
	}
	from := pathStart(url)
	at := from + strings.LastIndexByte(url[from:], '@')
	if at <= from || strings.ContainsRune("/:", rune(url[at-1])) {
		return SourceURL{Name: name, URL: url}, nil
	}
	if url[at+1:] == "" {
		return SourceURL{}, fmt.Errorf("%q has no revision after the @", text)
	}
	return SourceURL{Name: name, URL: url[:at], Revision: url[at+1:]}, nil
}

// pathStart is where the host ends: at the first slash behind the scheme, at the
// colon of scp's user@host:path, or at the first slash of host/path.
func pathStart(url string) int {
	scheme, chars := 0, ":/"
	if i := strings.Index(url, "://"); i >= 0 {
		scheme, chars = i+len("://"), "/"
	}
	if i := strings.IndexAny(url[scheme:], chars); i >= 0 {
		return scheme + i
	}
	return len(url)
}

// checkSourceURLs refuses what no source can have, and a second URL for a name:
// which of the two counts would be a guess.
func checkSourceURLs(list []SourceURL) error {
	for i, s := range list {
		parts := strings.Split(s.Name, "/")
		switch {
		case len(parts) > 3 || slices.Contains(parts, ""):
			return fmt.Errorf("source URL %s: the name is not NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME", s.Name)
		case len(parts) == 3 && !fetchable(parts[0]):
			return fmt.Errorf("source URL %s: %s is no kind of source: use GitRepository, OCIRepository or HelmRepository", s.Name, parts[0])
		case s.URL == "":
			return fmt.Errorf("source URL %s: the URL is missing", s.Name)
		}
		same := func(other SourceURL) bool { return strings.EqualFold(other.Name, s.Name) }
		if slices.ContainsFunc(list[:i], same) {
			return fmt.Errorf("source URL %s: given twice", s.Name)
		}
	}
	return nil
}

// fetchable tells whether a URL stands for the whole of a source of the kind.
func fetchable(kind string) bool {
	return slices.ContainsFunc(
		[]object.Kind{flux.GitRepository, flux.OCIRepository, flux.HelmRepository},
		func(k object.Kind) bool { return strings.EqualFold(k.Name, kind) })
}
