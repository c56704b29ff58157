// Package redact takes secrets out of the values of a Kubernetes object, so that what
// is left can be kept for years and shown to anybody. It hides too much rather than too
// little: a password must not survive because its field has an unusual name.
//
// Hidden are: the data of Secrets, what lies below a key or beside a name that speaks
// of a credential, user and password in URLs, tokens of known form, private keys, and
// all of these again inside of YAML and JSON that is kept in strings.
package redact

import (
	"net/url"
	"slices"
	"strings"
)

// Mask stands in for what was hidden.
const Mask = "<redacted>"

// dropped are annotations that hold a whole object.
var dropped = []string{"last-applied-configuration", "kubectl-gitops.io/preserved"}

// Value hides the secrets of a tree of JSON values, in place, and returns it. Keys
// are kept, as they say what a credential is for, but for credentials in them.
func Value(value any) any {
	return below("", value)
}

// below is Value for what stands below a key.
func below(parent string, value any) any {
	switch v := value.(type) {
	case map[string]any:
		object(parent, v)
	case []any:
		arguments(v)
		for i := range v {
			v[i] = below(parent, v[i])
		}
	case string:
		return Text(v)
	}
	return value
}

// arguments hides what follows a flag in a list of arguments: [--token, x].
func arguments(list []any) {
	for i := 1; i < len(list); i++ {
		flag, _ := list[i-1].(string)
		value, isText := list[i].(string)
		if isText && strings.HasPrefix(flag, "-") && !strings.ContainsAny(flag, "= :") && !strings.HasPrefix(value, "-") && Sensitive(flag) {
			list[i] = masked(value)
		}
	}
}

func object(parent string, m map[string]any) {
	if m["kind"] == "Secret" {
		maskAt(m, "data", "stringData")
	}
	if _, sealed := m["sops"].(map[string]any); sealed {
		m["sops"] = Mask
	}
	if spec, ok := m["spec"].(map[string]any); ok && m["kind"] == "Provider" {
		provider(spec)
	}
	if named(m) {
		maskAt(m, "value", "string", "array", "map", "values", "default", "literal", "newValue")
	}
	cleanKeys(m)
	for key, child := range m {
		switch {
		case isDropped(key):
			delete(m, key)
		case Sensitive(key) && !isComponent(key, child) || ownedKey(parent, key):
			m[key] = masked(child)
		default:
			m[key] = below(key, child)
		}
	}
}

// isComponent tells whether a name that speaks of a credential is that of a part of a
// program instead, with images and resources below it.
func isComponent(key string, value any) bool {
	_, isMap := value.(map[string]any)
	return isMap && (key == "webhook" || key == "cookie")
}

// ownedKey tells whether a key is a credential because of what it stands below: tls.key
// and webhook.url are, the key of a secretKeyRef is not.
func ownedKey(parent, key string) bool {
	switch key {
	case "key":
		return Sensitive(parent+"."+key) && !Sensitive(parent) && !refers(words(parent))
	case "url":
		return parent == "webhook"
	default:
		return false
	}
}

// cleanKeys hides credentials in keys. Of two that become one the last counts.
func cleanKeys(m map[string]any) {
	var unclean []string
	for key := range m {
		if Text(key) != key {
			unclean = append(unclean, key)
		}
	}
	slices.Sort(unclean)
	for _, key := range unclean {
		child := m[key]
		delete(m, key)
		m[Text(key)] = child
	}
}

// named tells whether a map is a name and a value, as parameters of Helm, environment
// variables and operations of a JSON patch are, and the name speaks of a credential.
func named(m map[string]any) bool {
	for _, key := range []string{"name", "key", "path", "targetPath", "id"} {
		name, _ := m[key].(string)
		if Sensitive(name) || strings.HasPrefix(name+"/", "/data/") || strings.HasPrefix(name+"/", "/stringData/") {
			return true
		}
	}
	return false
}

// gitProviders take the address of a repository; all others an incoming webhook, which
// lets in whoever knows it (notification-controller docs, Provider, Address).
var gitProviders = []string{"github", "gitlab", "gitea", "bitbucket", "azuredevops"}

// provider hides all but the host in the address of a Provider of Flux.
func provider(spec map[string]any) {
	kind, _ := spec["type"].(string)
	address, _ := spec["address"].(string)
	isGit := func(name string) bool { return strings.HasPrefix(kind, name) }
	if address == "" || slices.ContainsFunc(gitProviders, isGit) {
		return
	}
	spec["address"] = Mask
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		spec["address"] = u.Scheme + "://" + u.Host + "/" + Mask
	}
}

func maskAt(m map[string]any, keys ...string) {
	for _, key := range keys {
		if child, ok := m[key]; ok {
			m[key] = masked(child)
		}
	}
}

// masked hides the texts and numbers of a tree, but for those that only say where a
// credential is. Booleans are settings.
func masked(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			if refers(words(key)) {
				v[key] = below(key, child)
			} else {
				v[key] = masked(child)
			}
		}
		return v
	case []any:
		for i := range v {
			v[i] = masked(v[i])
		}
		return v
	case nil, bool:
		return v
	case string:
		if v == "" {
			return v
		}
	}
	return Mask
}

func isDropped(key string) bool {
	for _, part := range dropped {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}
