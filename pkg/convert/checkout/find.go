package checkout

import "strings"

// Normal reduces a repository URL to what tells repositories apart, as Argo CD
// compares them (util/git/git.go NormalizeGitURL): no scheme, user, port 22 or 443,
// ".git" or trailing slash, all in lower case.
func Normal(url string) string {
	url = strings.ToLower(strings.TrimSpace(url))
	scheme, rest, found := strings.Cut(url, "://")
	if !found {
		rest = url
		// scp form: user@host:path
		if host, path, ok := strings.Cut(rest, ":"); ok && !strings.Contains(host, "/") {
			rest = host + "/" + strings.TrimPrefix(path, "/")
		}
	}
	if at := strings.IndexByte(rest, '@'); at >= 0 && !strings.Contains(rest[:at], "/") {
		rest = rest[at+1:]
	}
	host, path, _ := strings.Cut(rest, "/")
	switch {
	case scheme == "ssh":
		host = strings.TrimSuffix(host, ":22")
	case scheme == "https":
		host = strings.TrimSuffix(host, ":443")
	}
	path = strings.TrimSuffix(strings.TrimRight(path, "/"), ".git")
	return host + "/" + path
}
