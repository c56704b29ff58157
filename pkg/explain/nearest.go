package explain

import (
	"cmp"
	"slices"
	"strings"
)

// Names lists every ID, and every field without and with its kind, sorted.
func (b *Book) Names() (names []string) {
	for _, f := range b.findings {
		names = append(names, f.ID)
	}
	for _, e := range b.entries {
		field := strings.ReplaceAll(strings.TrimSuffix(e.text, ".**"), "[]", "")
		names = append(names, field, e.kind+"."+field)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// IDs lists every ID with the first sentence of its text, sorted.
func (b *Book) IDs() (ids [][2]string) {
	for _, f := range b.findings {
		ids = append(ids, [2]string{f.ID, f.Short()})
	}
	return ids
}

// Nearest lists up to five names that somebody may have meant by a word that Find does
// not know: first fields that end in it, then what is spelt alike.
func (b *Book) Nearest(word string) []string {
	type candidate struct {
		name     string
		distance int
	}
	var all []candidate
	kind, rest := cutKind(strings.ToLower(word))
	for _, name := range b.Names() {
		of, field := cutKind(name)
		if of != kind {
			continue
		}
		switch d := distance(rest, strings.ToLower(field)); {
		case rest != "" && strings.HasSuffix(strings.ToLower(field), "."+rest):
			all = append(all, candidate{name, 0})
		case d <= max(2, len(rest)/4):
			all = append(all, candidate{name, d})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var names []string
	for _, c := range all[:min(len(all), 5)] {
		names = append(names, c.name)
	}
	return names
}

// distance is that of Levenshtein: how many letters to add, remove or change.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := before
			if a[i] != b[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
