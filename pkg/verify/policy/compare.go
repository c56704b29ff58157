package policy

import (
	"slices"
	"strings"
)

// A comparison is of two policies.
type comparison struct{ left, right Policy }

// found is an aspect of a row as one pair of units shows it.
type found struct {
	verdict     Verdict
	left, right aspect
	units       [2]reduced
}

// row compares one row. One aspect that differs makes the row differ, and one that
// cannot be compared keeps it from being the same.
func (c *comparison) row(i int) Row {
	r := Row{ID: rows[i].slug, Title: rows[i].title, Verdict: Same}
	findings := c.aspects(i)
	for _, verdict := range []Verdict{Differs, CannotCompare} {
		n := slices.IndexFunc(findings, func(f found) bool { return f.verdict == verdict })
		if n >= 0 && r.Verdict == Same {
			r.Verdict, r.Left.Where, r.Right.Where = verdict, findings[n].left.where, findings[n].right.where
		}
	}
	if r.Verdict == Same {
		f := decisive(findings)
		r.Left.Where, r.Right.Where = f.left.where, f.right.where
	}
	r.Left.Text, r.Right.Text = c.left.text(i, findings), c.right.text(i, findings)
	r.Meaning = c.meaning(i, findings)
	for _, d := range doubts(findings) {
		r.Open = appendNew(r.Open, d.by)
	}
	return r
}

// decisive is the aspect that tells where a row is decided: the first that is shown.
func decisive(findings []found) found {
	for _, f := range findings {
		if !f.left.quiet || !f.right.quiet {
			return f
		}
	}
	return findings[0]
}

// aspects returns the worst finding of each aspect over all pairs of units.
func (c *comparison) aspects(i int) []found {
	pairs := c.pairs()
	worst := make([]found, len(pairs[0][0].rows[i]))
	for _, pair := range pairs {
		for n := range worst {
			l, r := pair[0].rows[i][n], pair[1].rows[i][n]
			if f := (found{relate(l, r), l, r, pair}); worse(f.verdict, worst[n].verdict) {
				worst[n] = f
			}
		}
	}
	return worst
}

func worse(a, b Verdict) bool {
	order := []Verdict{"", Same, CannotCompare, Differs}
	return slices.Index(order, a) > slices.Index(order, b)
}

// pairs matches the units of the two sides: by what they deploy where both sides deploy
// it, and each of the others with each of the others. Where the other side has none left,
// they are compared with all of it.
func (c *comparison) pairs() (pairs [][2]reduced) {
	left, right := c.left.without(c.right), c.right.without(c.left)
	for _, l := range c.left.units {
		for _, r := range c.right.units {
			lone, alone := slices.Contains(left, l.label), slices.Contains(right, r.label)
			if l.label == r.label || lone && alone || lone && len(right) == 0 || alone && len(left) == 0 {
				pairs = append(pairs, [2]reduced{l, r})
			}
		}
	}
	return pairs
}

// without lists what the units deploy and those of the other side do not.
func (p Policy) without(other Policy) (labels []string) {
	for _, u := range p.units {
		if !slices.ContainsFunc(other.units, func(o reduced) bool { return o.label == u.label }) {
			labels = append(labels, u.label)
		}
	}
	return labels
}

// text shows what a side does in row i. Units that agree are shown as one.
func (p Policy) text(i int, findings []found) string {
	var parts []string
	for n, f := range findings {
		if f.verdict == Same && (f.left.quiet && f.right.quiet || f.left.anything || f.right.anything) {
			continue
		}
		var keys, named []string
		for _, u := range p.units {
			key := u.rows[i][n].text()
			keys = appendNew(keys, key)
			named = append(named, u.name+": "+key)
		}
		if len(keys) > 1 {
			keys = named
		}
		parts = append(parts, strings.Join(keys, ", "))
	}
	return strings.Join(parts, "; ")
}

// meaning says what each side does where they differ, what that means, and what keeps the
// rest from being compared.
func (c *comparison) meaning(i int, findings []found) string {
	var sentences []string
	for n, f := range findings {
		first := n == slices.IndexFunc(findings, func(g found) bool { return g.verdict == Differs && g.pair() == f.pair() })
		switch {
		case f.verdict == Differs && first:
			sentences = append(sentences, c.difference(i, f.pair(), findings))
			if f.right.night != "" {
				sentences = append(sentences, f.right.night)
			}
		case f.verdict == CannotCompare:
			for _, d := range doubts([]found{f}) {
				sentences = appendNew(sentences, d.text)
			}
		}
	}
	return strings.Join(sentences, " ")
}

// pair names the two units that a finding is about.
func (f found) pair() [2]string { return [2]string{f.units[0].name, f.units[1].name} }

// difference is one sentence about all aspects in which two units differ.
func (c *comparison) difference(i int, pair [2]string, findings []found) string {
	var left, right []string
	var names [2]string
	for n, f := range findings {
		if f.verdict == Differs && f.pair() == pair {
			left, right = appendNew(left, f.left.does), appendNew(right, f.right.does)
			names[0], names[1] = orElse(names[0], c.left.among(pair[0], i, n)), orElse(names[1], c.right.among(pair[1], i, n))
		}
	}
	return c.sentence(names, left, right)
}

// sentence says what each side does; units are the names of one of several units.
func (c *comparison) sentence(units [2]string, left, right []string) string {
	names := [2]string{c.left.Tool.String(), c.right.Tool.String()}
	if c.left.Tool == c.right.Tool {
		names = [2]string{"The left side", "the right side"}
	}
	join := ", "
	if len(left) > 1 || len(right) > 1 {
		join = "; "
	}
	return names[0] + units[0] + " " + list(left) + join + names[1] + units[1] + " " + list(right) + "."
}

// list joins parts of a sentence.
func list(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// doubts are what keeps findings from being compared.
func doubts(findings []found) (all []doubt) {
	for _, f := range findings {
		if f.verdict != CannotCompare {
			continue
		}
		for _, side := range [][2]aspect{{f.left, f.right}, {f.right, f.left}} {
			if a, b := side[0], side[1]; a.key == "" || b.key != "" && a.may(b.key) {
				all = appendNew(all, a.why)
			}
		}
	}
	return all
}

// among names a unit where the side has several that do not agree on an aspect.
func (p Policy) among(unit string, i, n int) string {
	for _, u := range p.units {
		if u.rows[i][n].key != p.units[0].rows[i][n].key {
			return " (" + unit + ")"
		}
	}
	return ""
}

// appendNew appends what list does not hold yet.
func appendNew[T comparable](list []T, items ...T) []T {
	for _, item := range items {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}
