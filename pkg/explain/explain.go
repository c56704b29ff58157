// Package explain answers what becomes of a field and what a finding means, from the
// field table and the catalogue of findings.
package explain

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/finding"
)

// A Topic is all that is known about an ID.
type Topic struct {
	ID string `json:"id"`
	// Text is what the finding means, why, and what to do: a paragraph an item.
	Text []string `json:"text"`
	// ToFlux and ToArgo are nil where the row has nothing to say of that direction.
	ToFlux *Direction `json:"toFlux,omitempty"`
	ToArgo *Direction `json:"toArgo,omitempty"`
}

// Short returns the first sentence of the text.
func (t Topic) Short() string { return finding.Finding{Paragraphs: t.Text}.Short() }

// A Direction is what the row of an ID promises on the way to one tool. A conversion
// gives less where the value, or what stands beside it, cannot cross as well.
type Direction struct {
	Fidelity ledger.Fidelity `json:"fidelity"`
	Note     string          `json:"note,omitempty"`
	// From are the fields that it is about, To those that it may write, as Kind path. Those
	// of spec.source are the same in spec.sources[].
	From []string `json:"from,omitempty"`
	To   []string `json:"to,omitempty"`
}

// A Book is the rows and the findings, to be looked up in.
type Book struct {
	findings []finding.Finding
	rows     []mapping.Row
	entries  []entry
}

// An entry is a field that a row claims.
type entry struct {
	row  int
	kind string
	path path
	text string
}

// Open reads the table and the catalogue.
func Open() (*Book, error) {
	table, err := mapping.Default()
	if err != nil {
		return nil, err
	}
	b := &Book{rows: table.Rows}
	if b.findings, err = finding.All(); err != nil {
		return nil, err
	}
	for i, r := range b.rows {
		for _, text := range slices.Concat(argo(r), r.Flux, sets(r)) {
			kind, pattern, _ := strings.Cut(text, ":")
			if !slices.Contains(kinds(), kind) {
				continue // a field that is only written
			}
			b.entries = append(b.entries, entry{i, kind, parsePath(pattern), pattern})
			if rest, ok := strings.CutPrefix(pattern, "spec.source."); ok && kind == application {
				pattern = "spec.sources[]." + rest
				b.entries = append(b.entries, entry{i, kind, parsePath(pattern), pattern})
			}
		}
	}
	return b, nil
}

// argo returns the fields of Argo CD that a row claims, as Kind:pattern; those of
// spec.source stand for spec.sources[], too.
func argo(r mapping.Row) (fields []string) {
	for _, pattern := range r.Argo {
		if strings.HasPrefix(pattern, "source.") {
			pattern = "spec." + pattern
		}
		fields = append(fields, application+":"+pattern)
	}
	for _, pattern := range r.Project {
		fields = append(fields, "AppProject:"+pattern)
	}
	return fields
}

const application = "Application"

// sets returns the fields of an ApplicationSet that a row claims, as Kind:pattern, but for
// those of generators in generators.
func sets(r mapping.Row) (fields []string) {
	for _, pattern := range r.Sets {
		if !strings.Contains(pattern, ".generators[].m") {
			fields = append(fields, mapping.SetKind+":"+pattern)
		}
	}
	return fields
}

// kinds are those whose fields have rows.
func kinds() []string { return append(mapping.Kinds(), mapping.SetKind) }

// Find returns what is known of a word: an ID, or a field with or without its kind
// before it, such as HelmRelease.spec.values. A field that holds others is about all of
// these. It returns nothing for a word that nobody knows.
func (b *Book) Find(word string) []Topic {
	if i := slices.IndexFunc(b.findings, func(f finding.Finding) bool { return f.ID == word }); i >= 0 {
		return []Topic{b.topic(word)}
	}
	kind, rest := cutKind(word)
	found := b.match(kind, rest)
	if len(found) == 0 && rest != "" {
		found = b.match(kind, "spec."+rest)
	}
	var topics []Topic
	for i, r := range b.rows {
		if slices.ContainsFunc(found, func(e entry) bool { return e.row == i }) {
			topics = append(topics, b.topic(r.ID))
		}
	}
	return topics
}

// match returns the fields of a kind, or of any, at or below a path. Of those that say
// the same key by a pattern and by its name, the latter count.
func (b *Book) match(kind, text string) (found []entry) {
	wanted := parsePath(text)
	if len(wanted) == 0 {
		return nil
	}
	best := 0
	for _, e := range b.entries {
		score := e.path.match(wanted)
		whole := kind == "" && (e.text == "spec.**" || e.text == "metadata.**") && len(wanted) > 1 // would be about any field
		if score == 0 || kind != "" && e.kind != kind || score < best || whole {
			continue
		}
		if score > best {
			best, found = score, nil
		}
		found = append(found, e)
	}
	return found
}

// cutKind cuts the kind off a field, if it starts with one.
func cutKind(word string) (kind, rest string) {
	i := strings.IndexAny(word, ".:")
	if i < 0 {
		return "", word
	}
	for _, k := range kinds() {
		if strings.EqualFold(k, word[:i]) {
			return k, word[i+1:]
		}
	}
	return "", word
}

func (b *Book) topic(id string) Topic {
	t := Topic{ID: id}
	if f, ok := finding.Find(id); ok {
		t.Text = f.Paragraphs
	}
	i := slices.IndexFunc(b.rows, func(r mapping.Row) bool { return r.ID == id })
	if i < 0 {
		return t
	}
	r := b.rows[i]
	inArgo, inFlux := argo(r), r.Flux
	for _, written := range r.Writes {
		if strings.HasPrefix(written, application+":") {
			inArgo = append(inArgo, strings.Replace(written, ":source.", ":spec.source.", 1))
		} else {
			inFlux = append(slices.Clone(inFlux), written)
		}
	}
	if len(r.Argo)+len(r.Project)+len(r.Sets) > 0 || r.Forward != nil {
		t.ToFlux = direction(r.ToFlux, append(argo(r), sets(r)...), inFlux)
	}
	if len(r.Flux) > 0 || r.Back != nil {
		t.ToArgo = direction(r.ToArgo, r.Flux, inArgo)
	}
	return t
}

func direction(p mapping.Promise, from, to []string) *Direction {
	d := &Direction{Fidelity: p.Fidelity, Note: p.Note, From: plain(from), To: plain(to)}
	if p.Fidelity == ledger.Unknown {
		return nil
	}
	if p.Implied || p.Fidelity == ledger.Unsupported || p.Fidelity == ledger.Runtime {
		d.To = nil
	}
	return d
}

// plain writes fields as Kind path.
func plain(fields []string) (texts []string) {
	for _, f := range fields {
		texts = append(texts, strings.Replace(f, ":", " ", 1))
	}
	return texts
}
