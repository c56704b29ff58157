package credential

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// sshURL is what Argo CD takes for ssh (util/git/git.go).
var sshURL = regexp.MustCompile(`^(ssh://)?([^/:]*?)@[^@]+$`)

// normal is a URL as Argo CD compares it (util/git/git.go NormalizeGitURL); empty where it
// is none.
func normal(repoURL string) string {
	text := strings.ToLower(strings.TrimSpace(repoURL))
	if sshURL.MatchString(text) && !strings.HasPrefix(text, "ssh://") {
		text = "ssh://" + strings.Replace(text, ":", "/", 1)
	}
	u, err := url.Parse(strings.TrimSuffix(text, ".git"))
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(u.String(), "ssh://")
}

// hostOf returns host and port of a URL, of scp's user@host:path, or of an address of a
// registry without scheme.
func hostOf(address string) (host, port string) {
	text := address
	if sshURL.MatchString(text) && !strings.Contains(text, "://") {
		text = "ssh://" + strings.Replace(text, ":", "/", 1)
	}
	if !strings.Contains(text, "://") {
		text = "oci://" + text
	}
	u, err := url.Parse(text)
	if err != nil {
		return "", ""
	}
	return u.Hostname(), u.Port()
}

// ownerOf returns the first element of a URL's path: the owner at GitHub.
func ownerOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	owner, _, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	return owner
}

// withoutUser takes the user out of a URL for http.
func withoutUser(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil || !strings.HasPrefix(u.Scheme, "http") {
		return address
	}
	u.User = nil
	return u.String()
}

// withUser puts user and password into a URL; it stays as it is where it is none.
func withUser(address, user, password string) string {
	u, err := url.Parse(address)
	if err != nil || user == "" {
		return address
	}
	u.User = url.User(user)
	if password != "" {
		u.User = url.UserPassword(user, password)
	}
	return u.String()
}

// splitUser takes user and password out of a URL. Without a scheme it is an http proxy, as
// Argo CD hands it to git as it is.
func splitUser(address string) (bare, user, password string) {
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address, "", ""
	}
	user = u.User.Username()
	password, _ = u.User.Password()
	u.User = nil
	return u.String(), user, password
}

// list joins names in alphabetical order.
func list(names []string) string {
	slices.Sort(names)
	return strings.Join(names, ", ")
}
