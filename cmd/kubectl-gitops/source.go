package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// A sourceFlag is one --source URL[@REV]=DIR.
type sourceFlag struct{ url, revision, dir string }

// parseSource splits URL[@REV]=DIR. The first = ends the URL.
func parseSource(s string) (sourceFlag, error) {
	url, dir, ok := strings.Cut(s, "=")
	if !ok || url == "" || dir == "" {
		return sourceFlag{}, fmt.Errorf("%q is not URL[@REV]=DIR", s)
	}
	url, revision, ok := cutRevision(url)
	if !ok {
		return sourceFlag{}, fmt.Errorf("%q has no revision after the @", s)
	}
	return sourceFlag{url, revision, dir}, nil
}

// parseSourceURL splits NAME=URL[@REV]. The first = ends the name. Errors leave the
// URL out, as it may carry a password.
func parseSourceURL(s string) (convert.SourceURL, error) {
	name, url, ok := strings.Cut(s, "=")
	if !ok || name == "" || url == "" || strings.Contains(name, ":") {
		return convert.SourceURL{}, errors.New("give NAME=URL[@REV], as in flux-system/apps=https://github.com/example/apps")
	}
	url, revision, ok := cutRevision(url)
	if !ok {
		return convert.SourceURL{}, fmt.Errorf("%s: no revision follows the @: name one or leave out the @", name)
	}
	return convert.SourceURL{Name: name, URL: url, Revision: revision}, nil
}

// cutRevision splits URL[@REV]; ok is false where nothing follows the @. The last @
// behind the host starts the revision, which may itself contain slashes (release/1.2);
// the user of ssh://git@host/repo and of git@host:repo stands before the host's end and
// stays. An @ that opens a path element (https://host/@scope/repo) belongs to the path.
func cutRevision(text string) (url, revision string, ok bool) {
	from := pathStart(text)
	at := from + strings.LastIndexByte(text[from:], '@')
	if at < from || at == from || strings.ContainsRune("/:", rune(text[at-1])) {
		return text, "", true
	}
	return text[:at], text[at+1:], text[at+1:] != ""
}

// pathStart is where the host ends: at the first slash behind the scheme, at the
// colon of scp's user@host:path, or at the first slash of host/path.
func pathStart(url string) int {
	if scheme := strings.Index(url, "://"); scheme >= 0 {
		return cutAt(url, scheme+len("://"), "/")
	}
	return cutAt(url, 0, ":/")
}

func cutAt(s string, from int, chars string) int {
	if i := strings.IndexAny(s[from:], chars); i >= 0 {
		return from + i
	}
	return len(s)
}

func (f sourceFlag) checkout() (convert.Checkout, error) {
	info, err := os.Stat(f.dir)
	if err != nil {
		return convert.Checkout{}, fmt.Errorf("--source %s: %w", f.url, err)
	}
	if !info.IsDir() {
		return convert.Checkout{}, fmt.Errorf("--source %s: %s is not a directory", f.url, f.dir)
	}
	return convert.Checkout{URL: f.url, Revision: f.revision, FS: os.DirFS(f.dir)}, nil
}
