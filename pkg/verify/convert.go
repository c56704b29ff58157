// Package verify answers whether a conversion is whole, syncs the same way and deploys the
// same, for what was converted and for what a person wrote by hand.
package verify

import (
	"bytes"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// convertedFile is the name under which what a conversion wrote is read again.
const convertedFile = "converted.yaml"

// A Conversion is what a conversion in memory made of the inputs.
type Conversion struct {
	// Output is what was written: the other side, where nobody gives one.
	Output []convert.Input
	// Links say which object was made of which.
	Links []deployment.Link
	// Coverage says for each object of the input what became of its fields.
	Coverage map[ledger.Object]Coverage
	// Entries of an object are those that promise less than the same effect.
	Entries map[ledger.Object][]ledger.Entry
	// Unconverted says why an object stays as it is.
	Unconverted map[ledger.Object]string
}

// Convert converts the inputs. It fails where convert.Convert does; an object that
// cannot be converted is Unconverted instead.
func Convert(inputs []convert.Input, o convert.Options) (*Conversion, error) {
	outcomes, err := convert.Convert(inputs, o)
	if err != nil {
		return nil, err
	}
	c := &Conversion{
		Coverage: map[ledger.Object]Coverage{}, Entries: map[ledger.Object][]ledger.Entry{},
		Unconverted: map[ledger.Object]string{},
	}
	var out bytes.Buffer
	stream := convert.NewStream(&out)
	for outcome := range outcomes {
		c.take(outcome)
		for _, o := range outcome.Out {
			if err := stream.Write(o); err != nil {
				return nil, err
			}
		}
	}
	c.Output = []convert.Input{{Name: convertedFile, Data: out.Bytes()}}
	return c, nil
}

// take notes what became of an object. Its entries name it, so that the items of a list
// are told apart.
func (c *Conversion) take(o convert.Outcome) {
	if o.Err != nil {
		c.Unconverted[o.Object] = o.Err.Error()
		return
	}
	seen := map[deployment.Link]bool{}
	link := func(from, to ledger.Object) {
		if l := (deployment.Link{Left: from, Right: to}); !seen[l] {
			seen[l] = true
			c.Links = append(c.Links, l)
		}
	}
	for _, out := range o.Out {
		link(o.Object, out.Object)
	}
	for _, e := range o.Entries {
		from := e.From.Object
		if o.Status != convert.Converted {
			c.Unconverted[from] = fmt.Sprintf("%s: %s", e.ID, e.Note)
			continue
		}
		coverage := c.Coverage[from]
		coverage.add(e)
		c.Coverage[from] = coverage
		if e.Fidelity.Severity() >= ledger.Approximate.Severity() {
			c.Entries[from] = append(c.Entries[from], e)
		}
		for _, to := range e.To {
			link(from, to.Object)
		}
	}
}

// A Coverage counts the fields of the input by what became of them.
type Coverage struct {
	Exact       int `json:"exact"`
	Equivalent  int `json:"equivalent"`
	Approximate int `json:"approximate"`
	Unsupported int `json:"unsupported"`
	Runtime     int `json:"runtime"`
	// Unknown fields are accounted for by no rule.
	Unknown int `json:"unknown"`
}

// add counts an entry. What an entry says of a field that is not there is no field.
func (c *Coverage) add(e ledger.Entry) {
	if e.Absent {
		return
	}
	switch e.Fidelity {
	case ledger.Exact:
		c.Exact++
	case ledger.Equivalent:
		c.Equivalent++
	case ledger.Approximate:
		c.Approximate++
	case ledger.Unsupported:
		c.Unsupported++
	case ledger.Runtime:
		c.Runtime++
	default:
		c.Unknown++
	}
}

// Plus returns the sum of two.
func (c Coverage) Plus(d Coverage) Coverage {
	return Coverage{
		c.Exact + d.Exact, c.Equivalent + d.Equivalent, c.Approximate + d.Approximate,
		c.Unsupported + d.Unsupported, c.Runtime + d.Runtime, c.Unknown + d.Unknown,
	}
}

// Fields counts all.
func (c Coverage) Fields() int {
	return c.Exact + c.Equivalent + c.Approximate + c.Unsupported + c.Runtime + c.Unknown
}

// Accounted is the share of the fields that a rule accounts for, from 0 to 1.
func (c Coverage) Accounted() float64 {
	if c.Fields() == 0 {
		return 1
	}
	return float64(c.Fields()-c.Unknown) / float64(c.Fields())
}
