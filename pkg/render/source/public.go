package source

import (
	"errors"
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

// hide takes what is secret in a URL out of an error about it: libraries write whole
// URLs.
func hide(err error, raw string) error {
	u, parsed := url.Parse(raw)
	if parsed != nil {
		return err
	}
	text, secrets := err.Error(), []string{u.RawQuery}
	if u.User != nil {
		password, _ := u.User.Password()
		secrets = append(secrets, u.User.String(), password)
	}
	for _, secret := range secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	if text == err.Error() {
		return err
	}
	return errors.New(text)
}
