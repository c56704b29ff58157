package report_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func application(name string) ledger.Object {
	return ledger.Object{APIVersion: "argoproj.io/v1alpha1", Kind: "Application", Namespace: "argocd", Name: name}
}

func entry(o ledger.Object, line int, path, id string, f ledger.Fidelity, note string) ledger.Entry {
	return ledger.Entry{ID: id, Fidelity: f, Note: note,
		From: ledger.From{Object: o, Path: path, File: "apps/" + o.Name + ".yaml", Line: line}}
}

// samples are three outcomes: mild, bad, and a document that passed with a finding.
func samples() []convert.Outcome {
	mild, bad := application("mild"), application("bad")
	blocking := entry(bad, 9, "spec.source.plugin.name", "plugin-unsupported", ledger.Unsupported,
		"Flux runs no plugins;\nbuild the manifests in CI")
	blocking.Blocking = true
	absent := entry(bad, 1, "spec.syncPolicy.automated", "manual-sync", ledger.Approximate, "")
	absent.Absent = true
	return []convert.Outcome{
		{File: "apps/mild.yaml", Line: 1, Object: mild, Status: convert.Converted, Entries: []ledger.Entry{
			entry(mild, 12, "spec.syncPolicy.retry.limit", "retry-limit", ledger.Approximate, "Flux retries for ever"),
			entry(mild, 6, "spec.source.repoURL", "repo-url", ledger.Exact, ""),
		}},
		{File: "apps/bad.yaml", Line: 1, Object: bad, Status: convert.Converted, Entries: []ledger.Entry{
			absent, blocking,
			entry(bad, 15, "metadata.labels.a", "labels", ledger.Approximate, "not on templates"),
			entry(bad, 16, "metadata.labels.b", "labels", ledger.Approximate, "not on templates"),
			entry(bad, 7, "spec.\x1b[31mnew", "no-rule", ledger.Unknown, "no rule claims the field"),
			entry(bad, 30, "status.health", "status", ledger.Runtime, ""),
		}},
		{File: "apps/values.yaml", Line: 4, Status: convert.Passed, Entries: []ledger.Entry{{
			ID: "incomplete-object", Fidelity: ledger.Approximate, Note: "repoURL is missing",
			From: ledger.From{File: "apps/values.yaml", Line: 4, Path: "spec.source"}}}},
	}
}

func text(t *testing.T, o report.TextOptions, outcomes []convert.Outcome) string {
	t.Helper()
	var b strings.Builder
	return printed(t, &b, report.NewText(&b, o), outcomes)
}

func printed(t *testing.T, b *strings.Builder, p report.Printer, outcomes []convert.Outcome) string {
	t.Helper()
	for _, o := range outcomes {
		if err := p.Write(o); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := "testdata/" + name
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestText(t *testing.T) {
	golden(t, "findings.txt", text(t, report.TextOptions{}, samples()))
	golden(t, "findings-all.txt", text(t, report.TextOptions{All: true}, samples()))
	golden(t, "findings-short.txt", text(t, report.TextOptions{MaxLines: 1}, samples()))
	if got := text(t, report.TextOptions{}, nil); got != "" {
		t.Errorf("nothing to show gave %q", got)
	}
}

// TestTextAgain: what is true of each object that leaves a field out is told once, and named
// where it is true again; what differs, blocks or is set is told each time.
func TestTextAgain(t *testing.T) {
	of := func(name, other string) convert.Outcome {
		o := application(name)
		usual := entry(o, 3, "spec.syncPolicy.retry", "retry", ledger.Approximate, "for ever")
		own := entry(o, 3, "spec.source", "hidden-overrides", ledger.Approximate, ".argocd-source-"+other+".yaml")
		more := entry(o, 3, "spec.source", "hooks", ledger.Approximate, "not inspected")
		set := entry(o, 8, "spec.syncPolicy.automated.selfHeal", "self-heal", ledger.Approximate, "at its interval")
		bad := entry(o, 3, "spec.syncPolicy", "project-windows", ledger.Unsupported, "at any time")
		usual.Absent, own.Absent, more.Absent, bad.Absent = true, true, true, true
		return convert.Outcome{File: "apps/" + name + ".yaml", Line: 1, Object: o, Status: convert.Converted,
			Entries: []ledger.Entry{usual, own, more, set, bad}}
	}
	last := of("c", "b")
	last.Entries = last.Entries[:3]
	outcomes := []convert.Outcome{of("a", "a"), of("b", "b"), last}
	golden(t, "again.txt", text(t, report.TextOptions{}, outcomes))
	golden(t, "again-short.txt", text(t, report.TextOptions{MaxLines: 13}, outcomes))
	if all := text(t, report.TextOptions{All: true}, outcomes); strings.Contains(all, "as above") {
		t.Errorf("something is missing of all:\n%s", all)
	}
}

// TestTextSources: a source says where it went, a list shows its items one by one.
func TestTextSources(t *testing.T) {
	source := ledger.Object{APIVersion: "source.toolkit.fluxcd.io/v1", Kind: "GitRepository", Namespace: "flux-system", Name: "apps"}
	include := entry(source, 8, "spec.include[0].fromPath", "flux-include", ledger.Unsupported, "one over another")
	include.Blocking = true
	interval := entry(source, 7, "spec.interval", "interval", ledger.Approximate, "")
	interval.To = []ledger.To{{Object: application("web")}}
	more := entry(source, 6, "spec.url", "repo-url", ledger.Exact, "")
	more.To = []ledger.To{{Object: application("web")}, {Object: application("db")}}
	list := ledger.Object{APIVersion: "v1", Kind: "List"}
	other := source
	other.Name = "other"
	out := []convert.Outcome{
		{File: "a.yaml", Line: 1, Object: source, Status: convert.Converted, Entries: []ledger.Entry{include, interval, more}},
		{File: "b.yaml", Line: 1, Object: list, Status: convert.Converted, Out: []convert.Output{{}},
			Entries: []ledger.Entry{interval, entry(other, 17, "spec.interval", "interval", ledger.Approximate, "")}},
		{File: "c.yaml", Line: 1, Object: other, Status: convert.Converted,
			Entries: []ledger.Entry{entry(other, 7, "spec.interval", "interval", ledger.Approximate, ""), interval}},
	}
	golden(t, "sources.txt", text(t, report.TextOptions{}, out))
	golden(t, "sources-allowed.txt", text(t, report.TextOptions{AllowBlocking: true}, out[:1]))
}

func TestTextColor(t *testing.T) {
	plain := text(t, report.TextOptions{}, samples())
	colored := text(t, report.TextOptions{Color: true}, samples())
	for _, want := range []string{"\x1b[31munsupported\x1b[0m", "\x1b[33mapproximate\x1b[0m", "\x1b[35munknown\x1b[0m"} {
		if !strings.Contains(colored, want) {
			t.Errorf("no %q in %q", want, colored)
		}
	}
	for _, code := range []string{"\x1b[0m", "\x1b[1m", "\x1b[31m", "\x1b[33m", "\x1b[35m"} {
		colored = strings.ReplaceAll(colored, code, "")
	}
	if colored != plain {
		t.Errorf("colours change the layout:\n%s\nwithout:\n%s", colored, plain)
	}
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	out := printed(t, &b, report.NewJSON(&b), samples())
	golden(t, "ledger.json", out)
	var entries []ledger.Entry
	if err := json.Unmarshal([]byte(out), &entries); err != nil || len(entries) != 9 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	if lines := strings.Count(out, "\n"); lines != len(entries)+2 {
		t.Errorf("%d lines for %d entries", lines, len(entries))
	}
	b.Reset()
	if got := printed(t, &b, report.NewJSON(&b), nil); got != "[]\n" {
		t.Errorf("empty ledger is %q", got)
	}
}

func TestTally(t *testing.T) {
	var tally report.Tally
	if got, want := tally.String(), "0 objects: 0 converted, 0 passed, 0 failed"; got != want {
		t.Errorf("tally %q, want %q", got, want)
	}
	for _, o := range samples() {
		tally.Add(o)
	}
	tally.Add(convert.Outcome{Status: convert.Failed})
	tally.Add(convert.Outcome{Status: convert.Added})
	if tally.Blocking != 1 {
		t.Errorf("%d blocking, want 1", tally.Blocking)
	}
	want := "4 objects: 2 converted, 1 passed, 1 failed; " +
		"9 fields: 1 exact, 5 approximate, 1 unsupported, 1 runtime, 1 unknown"
	if got := tally.String(); got != want {
		t.Errorf("tally %q, want %q", got, want)
	}
	for f, want := range map[ledger.Fidelity]int{ledger.Approximate: 7, ledger.Unsupported: 2, ledger.Unknown: 1} {
		if got := tally.AtLeast(f.Severity()); got != want {
			t.Errorf("%d at or above %s, want %d", got, f, want)
		}
	}
}

func TestTextShowsTheWorst(t *testing.T) {
	var outcomes []convert.Outcome
	for i := range 50 {
		o := application(fmt.Sprint("app", i))
		f := ledger.Approximate
		if i == 49 {
			f = ledger.Unsupported
		}
		outcomes = append(outcomes, convert.Outcome{Object: o, Status: convert.Converted,
			Entries: []ledger.Entry{entry(o, 1, "spec.a", "some-rule", f, "")}})
	}
	got := text(t, report.TextOptions{}, outcomes)
	if !strings.HasPrefix(got, "Application argocd/app49\n") || strings.Count(got, "Application ") != 20 ||
		!strings.Contains(got, "… and 30 more objects") {
		t.Errorf("got %s", got)
	}
}
