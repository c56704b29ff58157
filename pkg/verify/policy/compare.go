package policy

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
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
	r := Row{ID: rows[i].id, Title: rows[i].title, Verdict: Same}
	findings := c.aspects(i)
	var meaning []string
	for _, verdict := range []Verdict{Differs, CannotCompare} {
		for _, f := range findings {
			if f.verdict == verdict {
				if r.Verdict == Same {
					r.Verdict, r.Left.Where, r.Right.Where = verdict, f.left.where, f.right.where
				}
				meaning = appendNew(meaning, c.meaning(f))
			}
		}
	}
	if r.Verdict == Same {
		f := decisive(findings)
		r.Left.Where, r.Right.Where = f.left.where, f.right.where
	}
	r.Left.Text, r.Right.Text = c.left.text(i, findings), c.right.text(i, findings)
	r.Meaning = strings.Join(meaning, " ")
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
// the same, else each with each.
func (c *comparison) pairs() (pairs [][2]reduced) {
	byLabel := slices.Equal(c.left.labels(), c.right.labels())
	for _, l := range c.left.units {
		for _, r := range c.right.units {
			if !byLabel || l.label == r.label {
				pairs = append(pairs, [2]reduced{l, r})
			}
		}
	}
	return pairs
}

// labels lists what the units deploy, without repetition.
func (p Policy) labels() (labels []string) {
	for _, u := range p.units {
		labels = append(labels, u.label)
	}
	slices.Sort(labels)
	return slices.Compact(labels)
}

// text shows what a side does in row i. Units that agree are shown as one.
func (p Policy) text(i int, findings []found) string {
	var parts []string
	for n, f := range findings {
		if f.left.quiet && f.right.quiet && f.verdict == Same {
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

// meaning says what a finding is about, in whole sentences.
func (c *comparison) meaning(f found) string {
	if f.verdict == CannotCompare {
		return strings.Join(appendNew(whyOf(f.left, f.right), whyOf(f.right, f.left)...), " ")
	}
	left, right := "Argo CD", "Flux"
	switch {
	case c.left.Tool == c.right.Tool:
		left, right = "The left side", "the right side"
	case c.left.Tool == deployment.Flux:
		left, right = right, left
	}
	text := left + c.left.among(f.units[0]) + " " + f.left.does + ", " + right + c.right.among(f.units[1]) + " " + f.right.does + "."
	if f.right.night != "" {
		text += " " + f.right.night
	}
	return text
}

// whyOf returns why a cannot be compared with b, if it is a's doing.
func whyOf(a, b aspect) []string {
	if a.key == "" || b.key != "" && a.may(b.key) {
		return []string{a.why}
	}
	return nil
}

// among names the unit where the side has several.
func (p Policy) among(u reduced) string {
	if len(p.units) == 1 {
		return ""
	}
	return " (" + u.name + ")"
}

// appendNew appends what list does not hold yet.
func appendNew(list []string, items ...string) []string {
	for _, item := range items {
		if !slices.Contains(list, item) {
			list = append(list, item)
		}
	}
	return list
}
