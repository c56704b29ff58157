package store

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"hash"
	"io"
	"strconv"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/spool"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// Results are what a conversion made of its inputs, kept until the conversion's own
// output is safe. Credentials are taken out before anything is kept.
type Results struct {
	direction convert.Direction
	every     bool
	objects   lineWriter
	findings  lineWriter
	ordinal   int64
	counts    counts
	digest    hash.Hash
	err       error // of Note
}

// counts are the columns of conversions that count.
type counts struct {
	objects, converted, passed, failed, blocking int64
	fidelity                                     map[ledger.Fidelity]int64
}

// A resultLine is what became of an object, an object line of it for each target.
type resultLine struct {
	Ordinal, Target int64
	From            ledger.Object
	File            string
	Line            int
	Status          string
	Fidelity        *string
	Blocking        bool
	Output          []byte
	To              *ledger.Object
}

type findingLine struct {
	Ordinal, Position int64
	ledger.Entry
}

// The words for what became of an object. Incomplete ones pass, as something else
// completes them first.
const (
	statusConverted  = "converted"
	statusPassed     = "passed"
	statusFailed     = "failed"
	statusIncomplete = "incomplete"
)

// NewResults collects the outcomes of a conversion. With every set, entries that are
// exact or runtime are kept, too.
func NewResults(direction convert.Direction, every bool) *Results {
	return &Results{
		direction: direction, every: every, digest: sha256.New(),
		counts: counts{fidelity: map[ledger.Fidelity]int64{}},
	}
}

// Note is Write for those who must go on when it fails: the record of the run fails
// instead.
func (r *Results) Note(o convert.Outcome) {
	if r.err == nil {
		r.err = r.Write(o)
	}
}

// concerned tells whether a conversion is about a document: the others, and what an
// option adds, leave no trace.
func concerned(o convert.Outcome) bool {
	return o.Status != convert.Added && (o.Status != convert.Passed || len(o.Entries) > 0)
}

// Write takes an outcome.
func (r *Results) Write(o convert.Outcome) error {
	if !concerned(o) {
		return nil
	}
	line := resultLine{
		Ordinal: r.ordinal, From: cleanObject(o.Object), File: inventory.Text(o.File), Line: o.Line,
		Status: statusOf(o), Output: outputDigest(o),
	}
	line.Fidelity, line.Blocking = worst(o)
	r.ordinal++
	r.count(o)
	for i, e := range o.Entries {
		r.counts.fidelity[e.Fidelity]++
		if !r.every && !e.Blocking && (e.Fidelity == ledger.Exact || e.Fidelity == ledger.Runtime) {
			continue
		}
		if err := r.findings.write(findingLine{line.Ordinal, int64(i), cleanEntry(e)}, r.digest); err != nil {
			return err
		}
	}
	targets := targetsOf(o)
	if len(targets) == 0 {
		return r.objects.write(line, r.digest)
	}
	for i, to := range targets {
		line.Target, line.To = int64(i), &to
		if err := r.objects.write(line, r.digest); err != nil {
			return err
		}
	}
	return nil
}

// Close drops what was collected.
func (r *Results) Close() error {
	err := r.objects.Close()
	if other := r.findings.Close(); err == nil {
		err = other
	}
	return err
}

func (r *Results) count(o convert.Outcome) {
	r.counts.objects++
	switch o.Status {
	case convert.Converted:
		r.counts.converted++
	case convert.Failed:
		r.counts.failed++
	default:
		r.counts.passed++
	}
	for _, e := range o.Entries {
		if e.Blocking {
			r.counts.blocking++
		}
	}
}

func statusOf(o convert.Outcome) string {
	switch o.Status {
	case convert.Converted:
		return statusConverted
	case convert.Failed:
		return statusFailed
	}
	for _, e := range o.Entries {
		if e.ID == "incomplete-object" {
			return statusIncomplete
		}
	}
	return statusPassed
}

// worst returns the worst fidelity among the entries of a converted object, and
// whether one of them blocks.
func worst(o convert.Outcome) (fidelity *string, blocking bool) {
	severity := -1
	for _, e := range o.Entries {
		blocking = blocking || e.Blocking
		if e.Fidelity.Severity() > severity {
			severity = e.Fidelity.Severity()
			name := e.Fidelity.String()
			if severity == 0 {
				name = ledger.Exact.String()
			}
			fidelity = &name
		}
	}
	if o.Status != convert.Converted {
		fidelity = nil
	}
	return fidelity, blocking
}

// targetsOf are the objects that hold something of o: what it became, and what took
// its fields up.
func targetsOf(o convert.Outcome) (targets []ledger.Object) {
	if o.Status != convert.Converted {
		return nil
	}
	seen := map[ledger.Object]bool{}
	add := func(to ledger.Object) {
		if !seen[to] {
			seen[to] = true
			targets = append(targets, cleanObject(to))
		}
	}
	for _, out := range o.Out {
		add(out.Object)
	}
	for _, e := range o.Entries {
		for _, to := range e.To {
			add(to.Object)
		}
	}
	return targets
}

func outputDigest(o convert.Outcome) []byte {
	h := sha256.New()
	for _, out := range o.Out {
		h.Write(appendTexts(nil, inventory.Text(string(out.Data))))
	}
	return h.Sum(nil)
}

func cleanObject(o ledger.Object) ledger.Object {
	key := inventory.Key{Namespace: o.Namespace, Kind: o.Kind, Name: o.Name}.Clean()
	return ledger.Object{APIVersion: inventory.Text(o.APIVersion), Kind: key.Kind, Namespace: key.Namespace, Name: key.Name}
}

func cleanEntry(e ledger.Entry) ledger.Entry {
	e.From.Object = cleanObject(e.From.Object)
	for _, text := range []*string{&e.From.Path, &e.From.File, &e.Note} {
		*text = inventory.Text(*text)
	}
	targets := make([]ledger.To, len(e.To))
	for i, to := range e.To {
		targets[i] = ledger.To{Object: cleanObject(to.Object), Path: inventory.Text(to.Path)}
	}
	e.To = targets
	return e
}

// fieldOf is a path with [] for every index, so that the same field of two objects is
// one.
func fieldOf(path string) string {
	var b strings.Builder
	for rest := path; rest != ""; {
		open := strings.IndexByte(rest, '[')
		if open < 0 {
			b.WriteString(rest)
			break
		}
		b.WriteString(rest[:open+1])
		rest = rest[open+1:]
		if key, err := strconv.QuotedPrefix(rest); err == nil { // its brackets are its own
			b.WriteString(key)
			rest = rest[len(key):]
			continue
		}
		if shut := strings.IndexByte(rest, ']'); shut > 0 {
			if _, err := strconv.Atoi(rest[:shut]); err == nil {
				rest = rest[shut:]
			}
		}
	}
	return b.String()
}

// A lineWriter spools values as lines of JSON.
type lineWriter struct{ spool.Spool }

func (w *lineWriter) write(value any, digest io.Writer) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if _, err := digest.Write(line); err != nil {
		return err
	}
	_, err = w.Write(line)
	return err
}

// decoder reads the lines back.
func (w *lineWriter) decoder() (*json.Decoder, error) {
	r, err := w.Reader()
	if err != nil {
		return nil, err
	}
	return json.NewDecoder(bufio.NewReaderSize(r, 1<<16)), nil
}
