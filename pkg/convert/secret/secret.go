// Package secret reads, writes and masks Secrets of Kubernetes. What it returns as text
// may be secret: only a Secret may carry it on.
package secret

import (
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Kind is that of Secrets.
var Kind = object.Kind{APIVersion: "v1", Name: "Secret"}

// A Secret is one of the input.
type Secret struct {
	Root *yaml.Node
	File string
	// texts are the decoded values, paths where they stand.
	texts, paths map[string]string
}

// Is tells whether an object is a Secret.
func Is(o ledger.Object) bool { return o.APIVersion == Kind.APIVersion && o.Kind == Kind.Name }

// Read decodes the Secret at root. Of a key in both, stringData wins, as in the API
// server (k8s.io/api core/v1 Secret). The error names the key and never its value.
func Read(root *yaml.Node, file string) (*Secret, error) {
	s := &Secret{Root: root, File: file, texts: map[string]string{}, paths: map[string]string{}}
	for _, field := range []string{"data", "stringData"} {
		values := node.Get(root, field)
		if values == nil || values.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(values.Content); i += 2 {
			key, value := values.Content[i].Value, values.Content[i+1]
			if value.Kind != yaml.ScalarNode {
				return nil, s.wrong(field, key, value, "no text: write the value as one, as the API server takes no other")
			}
			text := node.Text(values, key)
			if field == "data" {
				decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
				if err != nil {
					return nil, s.wrong(field, key, value, "not base64: encode it, or write it in stringData")
				}
				text = string(decoded)
			}
			s.texts[key], s.paths[key] = text, ledger.Key(field, key)
		}
	}
	return s, nil
}

func (s *Secret) wrong(field, key string, value *yaml.Node, what string) error {
	return fmt.Errorf("%s:%d: Secret %q: %s is %s", s.File, value.Line, s.Name(), ledger.Key(field, key), what)
}

// ID is the Secret as ledger entries name it.
func (s *Secret) ID() ledger.Object {
	return ledger.Object{APIVersion: Kind.APIVersion, Kind: Kind.Name, Namespace: s.Namespace(), Name: s.Name()}
}

// Name returns the Secret's name.
func (s *Secret) Name() string { return node.Text(s.Root, "metadata", "name") }

// Namespace returns its namespace, or "".
func (s *Secret) Namespace() string { return node.Text(s.Root, "metadata", "namespace") }

// Label returns a label, or "".
func (s *Secret) Label(key string) string { return node.Text(s.Root, "metadata", "labels", key) }

// Text returns the decoded value of a key, or "".
func (s *Secret) Text(key string) string { return s.texts[key] }

// At returns where the value of a key stands.
func (s *Secret) At(key string) string { return s.paths[key] }

// First returns the first of the keys that has a value, and that value.
func (s *Secret) First(keys ...string) (key, text string) {
	for _, key := range keys {
		if s.texts[key] != "" {
			return key, s.texts[key]
		}
	}
	return "", ""
}

// True tells whether the value of a key is a boolean that is true.
func (s *Secret) True(key string) bool {
	return strings.EqualFold(s.texts[key], "true") || s.texts[key] == "1" || strings.EqualFold(s.texts[key], "t")
}

// KeyAt returns the key whose value stands at a path; ok is false for other paths, and
// for a value in data that one in stringData overrides.
func (s *Secret) KeyAt(path string) (key string, ok bool) {
	for key, at := range s.paths {
		if at == path {
			return key, true
		}
	}
	return "", false
}

// Encrypted tells whether the values are ciphertext of SOPS, which nobody can read
// without its key (kustomize-controller internal/decryptor).
func Encrypted(root *yaml.Node) bool {
	if node.Get(root, "sops") != nil {
		return true
	}
	for _, field := range []string{"data", "stringData"} {
		for i, value := range contentOf(node.Get(root, field)) {
			if i%2 == 1 && strings.HasPrefix(value.Value, "ENC[") {
				return true
			}
		}
	}
	return false
}

func contentOf(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	return n.Content
}

// Keys lists the keys in alphabetical order.
func (s *Secret) Keys() []string { return slices.Sorted(maps.Keys(s.paths)) }
