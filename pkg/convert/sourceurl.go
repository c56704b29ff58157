package convert

import (
	"errors"
	"fmt"
	"strings"
)

// ParseSourceURL reads NAME=URL[@REV]. The first = ends the name. Errors leave the URL
// out, as it may carry a password.
func ParseSourceURL(text string) (SourceURL, error) {
	name, url, ok := strings.Cut(text, "=")
	if !ok || name == "" || url == "" || strings.Contains(name, ":") {
		return SourceURL{}, errors.New("give NAME=URL[@REV], as in flux-system/apps=https://github.com/example/apps")
	}
	url, revision, ok := CutRevision(url)
	if !ok {
		return SourceURL{}, fmt.Errorf("%s: no revision follows the @: name one or leave out the @", name)
	}
	return SourceURL{Name: name, URL: url, Revision: revision}, nil
}

// CutRevision splits URL[@REV]; ok is false where nothing follows the @. The last @
// behind the host starts the revision, which may itself contain slashes (release/1.2);
// the user of ssh://git@host/repo and of git@host:repo stands before the host's end and
// stays. An @ that opens a path element (https://host/@scope/repo) belongs to the path.
func CutRevision(text string) (url, revision string, ok bool) {
	from := pathStart(text)
	at := from + strings.LastIndexByte(text[from:], '@')
	if at <= from || strings.ContainsRune("/:", rune(text[at-1])) {
		return text, "", true
	}
	return text[:at], text[at+1:], text[at+1:] != ""
}

// pathStart is where the host ends: at the first slash behind the scheme, at the
// colon of scp's user@host:path, or at the first slash of host/path.
func pathStart(url string) int {
	scheme, ends := 0, ":/"
	if i := strings.Index(url, "://"); i >= 0 {
		scheme, ends = i+len("://"), "/"
	}
	if i := strings.IndexAny(url[scheme:], ends); i >= 0 {
		return scheme + i
	}
	return len(url)
}
