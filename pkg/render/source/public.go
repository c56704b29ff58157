package source

import (
	"net/url"
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
