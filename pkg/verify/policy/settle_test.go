package policy

import (
	"slices"
	"testing"
)

// TestSettle: what keeps a row open decides, whatever its meaning says.
func TestSettle(t *testing.T) {
	by := func(reasons ...Reason) []Reason { return reasons }
	for name, c := range map[string]struct {
		open    []Reason
		seen    Seen
		verdict Verdict
		want    Verdict
	}{
		"no waves":               {by(ByWaves), Seen{Hooks: true}, CannotCompare, Same},
		"waves":                  {by(ByWaves), Seen{Waves: true, Equivalent: true}, CannotCompare, CannotCompare},
		"no hooks":               {by(ByHooks), Seen{Waves: true}, CannotCompare, Same},
		"hooks":                  {by(ByHooks), Seen{Hooks: true, Equivalent: true}, CannotCompare, CannotCompare},
		"the same content":       {by(ByContent), Seen{Equivalent: true}, CannotCompare, Same},
		"another content":        {by(ByContent), Seen{}, CannotCompare, CannotCompare},
		"all answered":           {by(ByWaves, ByContent), Seen{Equivalent: true}, CannotCompare, Same},
		"something else is open": {by(BySource, ByContent), Seen{Equivalent: true}, CannotCompare, CannotCompare},
		"never answered":         {by(ByCRDs), Seen{Equivalent: true}, CannotCompare, CannotCompare},
		"of refs":                {by(ByRefs), Seen{Equivalent: true}, CannotCompare, CannotCompare},
		"of the cluster":         {by(ByCluster), Seen{Equivalent: true}, CannotCompare, CannotCompare},
		"differs all the same":   {by(ByWaves), Seen{}, Differs, Differs},
		"nothing is open":        {nil, Seen{Equivalent: true}, CannotCompare, CannotCompare},
	} {
		for _, meaning := range []string{wavesOpen, "Any other sentence."} {
			rows := []Row{{Verdict: c.verdict, Meaning: meaning, Open: c.open}}
			if Settle(rows, c.seen); rows[0].Verdict != c.want {
				t.Errorf("%s: %s, want %s", name, rows[0].Verdict, c.want)
			}
			if (rows[0].Verdict == Same) != (rows[0].Meaning == "") {
				t.Errorf("%s: what is the same needs no meaning, and only that", name)
			}
		}
	}
}

// TestOpen: a row that cannot be compared says why, by reason as by sentence.
func TestOpen(t *testing.T) {
	for _, c := range conversions(t) {
		for _, r := range Compare(c.left, c.right) {
			if r.Verdict == CannotCompare && (len(r.Open) == 0 || slices.Contains(r.Open, "")) || r.Verdict == Same && len(r.Open) > 0 {
				t.Errorf("%s: %s is %s and open by %q", c.name, r.ID, r.Verdict, r.Open)
			}
		}
	}
}

// TestSettleKnowsTheRows: what the rows say is what Settle looks for.
func TestSettleKnowsTheRows(t *testing.T) {
	settled := map[string]bool{}
	for _, c := range conversions(t) {
		rows := Compare(c.left, c.right)
		for _, before := range rows {
			after := []Row{before}
			if Settle(after, Seen{Equivalent: true}); after[0].Verdict != before.Verdict {
				settled[before.ID] = true
			}
		}
	}
	for _, id := range []string{"ordering", "hooks", "namespace-placement", "processing"} {
		if !settled[id] {
			t.Errorf("no scenario has a row %s that rendering settles", id)
		}
	}
}
