package content

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/redact"
)

// shortestSecret is the bytes that a value of a Secret has at least, to be looked for in
// other texts: shorter ones are in any text.
const shortestSecret = 4

// Secrets hides what Secrets hold wherever it turns up, such as in a ConfigMap whose
// template took it from values. The zero value hides nothing.
type Secrets struct {
	texts    []string
	replacer *strings.Replacer
}

// With returns what hides the same as both, and the values of these Secrets.
func (s Secrets) With(other Secrets, secrets ...map[string]any) Secrets {
	texts := slices.Concat(s.texts, other.texts)
	for _, secret := range secrets {
		for _, field := range []string{"data", "stringData"} {
			pairs, _ := secret[field].(map[string]any)
			for _, v := range pairs {
				text := fmt.Sprint(v)
				if plain, err := base64.StdEncoding.DecodeString(text); err == nil && field == "data" {
					texts = append(texts, text)
					text = string(plain)
				}
				texts = append(texts, partsOf(text)...)
			}
		}
	}
	texts = slices.DeleteFunc(texts, func(t string) bool {
		return len(t) < shortestSecret || slices.Contains([]string{"true", "false", "null"}, t)
	})
	// Where one text begins another, the longer one has to be found first.
	slices.SortFunc(texts, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	texts = slices.Compact(texts)
	pairs := make([]string, 0, 2*len(texts))
	for _, t := range texts {
		pairs = append(pairs, t, redact.Mask)
	}
	return Secrets{texts, strings.NewReplacer(pairs...)}
}

// partsOf returns the text of a value, its lines, and the values of the YAML that it may be.
func partsOf(text string) (parts []string) {
	parts = append(parts, text, strings.TrimSpace(text))
	for line := range strings.Lines(text) {
		parts = append(parts, strings.TrimSpace(line))
	}
	var tree any
	if yaml.Unmarshal([]byte(text), &tree) == nil {
		parts = append(parts, leaves(tree)...)
	}
	return parts
}

func leaves(tree any) (texts []string) {
	switch v := tree.(type) {
	case map[string]any:
		for _, value := range v {
			texts = append(texts, leaves(value)...)
		}
	case []any:
		for _, value := range v {
			texts = append(texts, leaves(value)...)
		}
	case string:
		for line := range strings.Lines(v) {
			texts = append(texts, strings.TrimSpace(line))
		}
		texts = append(texts, v)
	case nil, bool:
	case float64:
		texts = append(texts, strings.TrimSuffix(fmt.Sprintf("%f", v), ".000000"))
	}
	return texts
}

// Hide returns a text without what Secrets hold.
func (s Secrets) Hide(text string) string {
	if s.replacer == nil {
		return text
	}
	return s.replacer.Replace(text)
}

// hideIn hides in all texts and numbers of a tree, in place. Keys are hidden where paths are
// made of them.
func (s Secrets) hideIn(tree any) any {
	switch v := tree.(type) {
	case map[string]any:
		for key := range maps.Keys(v) {
			v[key] = s.hideIn(v[key])
		}
	case []any:
		for i := range v {
			v[i] = s.hideIn(v[i])
		}
	case string:
		return s.Hide(v)
	case int64, float64:
		if text := fmt.Sprint(v); s.Hide(text) != text {
			return redact.Mask
		}
	}
	return tree
}

// secretsOf are the values of the rendered Secrets.
func secretsOf(objects []manifest.Object) (secrets []map[string]any) {
	for i := range objects {
		if objects[i].GetKind() == "Secret" {
			secrets = append(secrets, objects[i].Object)
		}
	}
	return secrets
}
