package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// A sourceFlag is one --source URL[@REV]=DIR.
type sourceFlag struct{ url, revision, dir string }

// parseSource splits URL[@REV]=DIR. The first = ends the URL. The last @ behind the
// host starts the revision, which may itself contain slashes (release/1.2); the user
// of ssh://git@host/repo and of git@host:repo stands before the host's end and stays.
// An @ that opens a path element (https://host/@scope/repo) belongs to the path.
func parseSource(s string) (sourceFlag, error) {
	url, dir, ok := strings.Cut(s, "=")
	if !ok || url == "" || dir == "" {
		return sourceFlag{}, fmt.Errorf("%q is not URL[@REV]=DIR", s)
	}
	from := pathStart(url)
	at := from + strings.LastIndexByte(url[from:], '@')
	if at < from || at == from || strings.ContainsRune("/:", rune(url[at-1])) {
		return sourceFlag{url: url, dir: dir}, nil
	}
	if url[at+1:] == "" {
		return sourceFlag{}, fmt.Errorf("%q has no revision after the @", s)
	}
	return sourceFlag{url[:at], url[at+1:], dir}, nil
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
