package analysis

import (
	"fmt"
	"time"
)

// text is a value of a row; a database has NULL where there is none.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// A group counts objects of one key.
type group struct {
	key    []any
	counts []int64
}

// grouped counts the objects by a key, and those for which each of the questions
// holds. A nil key leaves an object out.
func grouped[T any](list []T, key func(T) []any, questions ...func(T) bool) [][]any {
	groups := map[string]*group{}
	for _, o := range list {
		k := key(o)
		if k == nil {
			continue
		}
		name := fmt.Sprintf("%q", k)
		g := groups[name]
		if g == nil {
			g = &group{key: k, counts: make([]int64, 1+len(questions))}
			groups[name] = g
		}
		g.counts[0]++
		for i, holds := range questions {
			if holds(o) {
				g.counts[i+1]++
			}
		}
	}
	rows := make([][]any, 0, len(groups))
	for _, g := range groups {
		row := g.key
		for _, n := range g.counts {
			row = append(row, n)
		}
		rows = append(rows, row)
	}
	return rows
}

func synced(o seen) bool      { return o.Sync == "Synced" }
func outOfSync(o seen) bool   { return o.Sync == "OutOfSync" }
func healthy(o seen) bool     { return o.Health == "Healthy" }
func degraded(o seen) bool    { return o.Health == "Degraded" }
func isSuspended(o seen) bool { return o.Suspended }
