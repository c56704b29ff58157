package policy

import "testing"

func TestSettle(t *testing.T) {
	const placed = `A patch fills empty namespaces with a, and takes an explicit "default" for none where it was not seen: whether a manifest names it is decided by the content of the repository.`
	const variables = "Whether the manifests hold variables such as ${NAME}, which only Flux replaces, is decided by the content of the repository: compare what both sides render."
	for name, c := range map[string]struct {
		meaning string
		seen    Seen
		verdict Verdict
		want    Verdict
	}{
		"no waves":               {wavesOpen, Seen{Hooks: true}, CannotCompare, Same},
		"waves":                  {wavesOpen, Seen{Waves: true, Equivalent: true}, CannotCompare, CannotCompare},
		"no hooks":               {hooksOpen, Seen{Waves: true}, CannotCompare, Same},
		"hooks":                  {hooksOpen, Seen{Hooks: true, Equivalent: true}, CannotCompare, CannotCompare},
		"placed the same":        {placed, Seen{Equivalent: true}, CannotCompare, Same},
		"placed in another way":  {placed, Seen{}, CannotCompare, CannotCompare},
		"no variables":           {variables, Seen{Equivalent: true}, CannotCompare, Same},
		"both":                   {placed + " " + variables, Seen{Equivalent: true}, CannotCompare, Same},
		"something else is open": {"The plugin is not known. " + variables, Seen{Equivalent: true}, CannotCompare, CannotCompare},
		"a sentence before":      {wavesOpen + " The object is not in the input.", Seen{Equivalent: true}, CannotCompare, CannotCompare},
		"differs all the same":   {"Flux waits. " + wavesOpen, Seen{}, Differs, Differs},
		"nothing said":           {"", Seen{Equivalent: true}, CannotCompare, CannotCompare},
	} {
		rows := []Row{{Verdict: c.verdict, Meaning: c.meaning}}
		if Settle(rows, c.seen); rows[0].Verdict != c.want {
			t.Errorf("%s: %s, want %s", name, rows[0].Verdict, c.want)
		}
		if rows[0].Verdict == Same && rows[0].Meaning != "" {
			t.Errorf("%s: what is the same needs no meaning", name)
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
