package store

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

var errSyntax = errors.New("database: the address is neither postgres://USER@HOST:PORT/DATABASE nor KEY=VALUE pairs; " +
	"in the former @, :, /, ? and % of a password are written as %40, %3A, %2F, %3F and %25, in the latter a value with spaces is quoted")

// syntaxError says what is wrong with an address without a part of it. The library
// quotes the address with the password masked as well as it can, which is not always.
func syntaxError(err error) error {
	text := err.Error()
	if i := strings.LastIndex(text, "`: "); i >= 0 {
		text = text[i+len("`: "):]
	}
	if strings.HasPrefix(text, "failed to parse as") || strings.Contains(text, "port") {
		return errSyntax
	}
	return fmt.Errorf("database: the address or a PG variable: %s", text)
}

// parameter is the name of a setting of the server.
var parameter = regexp.MustCompile(`^[A-Za-z_][\w.]*$`)

// misread tells whether the library took a part of the password, or a URL of another
// scheme, for something else. Errors of the network and of the server would show it.
func misread(c *pgx.ConnConfig) bool {
	for name := range c.RuntimeParams {
		if !parameter.MatchString(name) {
			return true
		}
	}
	hosts := c.Host
	for _, f := range c.Fallbacks {
		hosts += f.Host
	}
	return strings.Contains(hosts, "@") && !strings.HasPrefix(hosts, "@") // an abstract socket begins with it
}
