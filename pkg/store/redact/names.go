package redact

import (
	"slices"
	"strings"
	"unicode"
)

// stems are words, or parts of words, that name a credential.
var stems = []string{
	"password", "passwd", "passphrase", "passwort", "secret", "token", "apikey", "privatekey",
	"accesskey", "authkey", "credential", "kubeconfig", "dockerconfig", "connectionstring", "htpasswd",
}

// whole are words that name a credential when they stand alone.
var whole = []string{
	"pass", "pwd", "pw", "creds", "cred", "bearer", "jwt", "cookie", "dsn", "sas", "otp",
	"mnemonic", "webhook", "authorization", "pat", "pin", "auths", "salt", "signature",
}

// keyOwners are words that make the word key name a credential: a ssh key is one, a
// foreign key is not.
var keyOwners = []string{
	"api", "access", "private", "secret", "encryption", "signing", "license", "auth", "account",
	"master", "shared", "ssh", "tls", "rsa", "client", "storage", "deploy", "app", "session",
	"service", "host", "root", "admin", "user", "server", "gpg", "pgp", "age", "data",
}

// references are last words of names that say where a credential is, or of what form.
var references = []string{
	"name", "names", "ref", "refs", "namespace", "kind", "class", "type", "provider", "version",
	"enabled", "annotations", "labels", "file", "files", "path", "mount", "interval", "ttl", "reload",
}

// Sensitive tells whether a key or a name speaks of a credential: dbPassword,
// DB_PASSWORD and auth.db-password do, secretRef and existingSecret only say where
// one is.
func Sensitive(name string) bool {
	if !suspicious(name) {
		return false
	}
	list := words(name)
	return !refers(list) && speaks(list)
}

// suspicious is a quick look that leaves out most names.
func suspicious(name string) bool {
	if len(name) < 2 {
		return false
	}
	lower := strings.ToLower(name)
	has := func(part string) bool { return strings.Contains(lower, part) }
	return has("key") || slices.ContainsFunc(stems, has) || slices.ContainsFunc(whole, has)
}

func speaks(list []string) bool {
	for i, word := range list {
		switch {
		case slices.Contains(whole, word):
			return true
		case (word == "key" || word == "keys") && i > 0 && slices.Contains(keyOwners, list[i-1]):
			return true
		case slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(word, stem) }):
			return true
		}
	}
	return false
}

// refers tells whether a name only says where something is. Only the last element of
// a path counts: secret.name is a reference, name.secret is not.
func refers(list []string) bool {
	if len(list) == 0 {
		return false
	}
	last := list[len(list)-1]
	return slices.Contains(references, last) || list[0] == "existing" ||
		slices.Equal(list, []string{"image", "pull", "secrets"})
}

// words cuts a name at its separators and capitals: DBPassword2 is db, password.
func words(name string) []string {
	var list []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			list = append(list, strings.ToLower(string(word)))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) {
			flush()
			continue
		}
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) ||
			i+1 < len(runes) && unicode.IsLower(runes[i+1]) && unicode.IsUpper(runes[i-1])) {
			flush()
		}
		word = append(word, r)
	}
	flush()
	return list
}
