package redact

import (
	"bytes"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"

	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// secretKind finds a Secret in text that cannot be parsed.
var secretKind = regexp.MustCompile(`["']?kind["']?\s*:\s*["']?Secret\b`)

// embedded hides the secrets of YAML or JSON in a string: values of Helm, patches,
// templates.
func embedded(s string) string {
	if !strings.Contains(s, ":") {
		return s
	}
	if !strings.ContainsAny(s, "\n{[") {
		return lines(s, func(string) bool { return true }) // the value may be of several words
	}
	if text, ok := fromJSON(s); ok {
		return text
	}
	if text, ok := fromYAML(s); ok {
		return lines(text, isComment)
	}
	if secretKind.MatchString(s) {
		return Mask
	}
	return lines(s, func(string) bool { return true })
}

// fromJSON writes JSON anew, so that a key that occurs twice keeps no hidden value.
func fromJSON(s string) (string, bool) {
	trimmed := strings.TrimSpace(s)
	if trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return "", false
	}
	d := json.NewDecoder(strings.NewReader(trimmed))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil || d.More() {
		return "", false
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(Value(value))
	return strings.TrimSuffix(b.String(), "\n"), err == nil
}

// fromYAML redacts a stream of documents; those without secrets stay as they are.
func fromYAML(s string) (string, bool) {
	docs, err := document.Split("", []byte(s))
	if err != nil {
		return "", false
	}
	var b strings.Builder
	for i := range docs {
		d := &docs[i]
		if d.Empty() {
			b.Write(d.Lead)
			b.Write(d.Raw)
			continue
		}
		text, ok := ofDocument(d)
		if !ok {
			return "", false
		}
		b.Write(d.Separator())
		b.WriteString(text)
	}
	return b.String(), true
}

func ofDocument(d *document.Doc) (string, bool) {
	value, ok := valueOf(d)
	if !ok {
		return "", false
	}
	before, err := sigsyaml.Marshal(value)
	if err != nil {
		return "", false
	}
	after, err := sigsyaml.Marshal(Value(value))
	if err != nil || reflect.DeepEqual(before, after) {
		return string(d.Raw), err == nil
	}
	return string(after), true
}

// valueOf reads a map or a list. Only maps are documents: a list, such as a JSON
// patch, is put into one.
func valueOf(d *document.Doc) (any, bool) {
	if root, err := d.Parse(); err == nil {
		return node.Value(root), true
	}
	text := bytes.TrimSpace(d.Raw)
	if len(text) == 0 || text[0] != '-' && text[0] != '[' && text[0] != '#' {
		return nil, false
	}
	root, err := (&document.Doc{Raw: append([]byte("list:\n"), d.Raw...)}).Parse()
	if err != nil {
		return nil, false
	}
	return node.Value(node.Get(root, "list")), true
}

func isComment(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "#") }

// keyLine is a line of YAML that begins with a key, commented out or not.
var keyLine = regexp.MustCompile(`^([\s#-]*)(["']?)([\w./-]+)(["']?\s*:)(\s*)(.*)$`)

// lines hides, line by line, the values of keys that speak of credentials and the
// lines that belong to them.
func lines(s string, chosen func(line string) bool) string {
	var b strings.Builder
	hidden := -1 // the column of the key whose lines are hidden
	for line := range strings.Lines(s) {
		text, end := strings.TrimSuffix(line, "\n"), ""
		if len(text) < len(line) {
			end = "\n"
		}
		part := keyLine.FindStringSubmatch(text)
		column := len(text) - len(strings.TrimLeft(text, " \t#-"))
		switch {
		case hidden >= 0 && column > hidden && strings.TrimSpace(text) != "":
			text = text[:column] + Mask
		case part != nil && chosen(text) && Sensitive(part[3]):
			hidden = column
			if value := part[6]; value != "" && value != Mask {
				text = part[1] + part[2] + part[3] + part[4] + part[5] + Mask
			}
		default:
			hidden = -1
		}
		b.WriteString(text + end)
	}
	return b.String()
}
