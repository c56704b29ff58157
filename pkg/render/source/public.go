package source

import (
	"net/url"
	"regexp"
	"strings"
)

// Public returns a URL without what may be secret in it: user, password and query.
func Public(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		if at := strings.LastIndexByte(raw, '@'); at >= 0 {
			return raw[at+1:]
		}
		return raw
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

// hidden is an error whose text lacks what is secret.
type hidden struct {
	text string
	err  error
}

func (h hidden) Error() string { return h.text }
func (h hidden) Unwrap() error { return h.err }

// user is what stands before the host in URLs, and in paths that were made of them.
var user = regexp.MustCompile(`(:/{1,2})[^/\s'"@]+@`)

// Hide takes users and passwords of URLs out of an error: libraries write whole URLs, and
// those of remote bases are known to kustomize alone.
func Hide(err error) error { return hide(err, "") }

// hide is Hide, which also takes out what is secret in the URL that the error is about.
func hide(err error, raw string) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, secret := range secrets(raw) {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	text = user.ReplaceAllString(text, "$1***@")
	if text == err.Error() {
		return err
	}
	return hidden{text, err}
}

// secrets are the parts of a URL that may be secret. What does not parse has some too.
func secrets(raw string) (parts []string) {
	_, rest, ok := strings.Cut(raw, "://")
	if at := strings.LastIndexByte(rest, '@'); ok && at >= 0 {
		parts = append(parts, rest[:at+1])
	}
	if _, query, ok := strings.Cut(rest, "?"); ok {
		parts = append(parts, query)
	}
	if u, err := url.Parse(raw); err == nil && u.User != nil {
		password, _ := u.User.Password()
		parts = append(parts, u.User.String(), password)
	}
	return parts
}
