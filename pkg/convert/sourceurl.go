package convert

import (
	"fmt"
	"strings"
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
