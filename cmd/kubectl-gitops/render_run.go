package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// Run implements operation.
func (op *renderOp) Run(ctx context.Context, s streams) error {
	sources := &source.Sources{Offline: op.offline}
	for _, f := range op.sources {
		checkout, err := f.checkout()
		if err != nil {
			return err
		}
		sources.Checkouts = append(sources.Checkouts, source.Checkout{URL: checkout.URL, Revision: checkout.Revision, Dir: f.dir})
	}
	bar := newProgress(s, op.quiet)
	defer bar.clear()
	l := newLoader(s.in, bar)
	if err := op.load(ctx, l); err != nil {
		return err
	}
	l.settle(s, op.quiet)
	relaxCollector()
	defer silence()()
	run := render.New(op.inputs(l), render.Options{
		Sources: sources, Namespace: op.namespace, KubeVersion: op.kubeVersion,
		APIVersions: op.apiVersions, Decrypt: op.decrypt,
		Follow: op.follow, Plan: op.plan != "" || op.outputDir != "",
	})
	j, err := op.newJob(s, l, bar, run)
	if err != nil {
		return err
	}
	defer j.close()
	return j.run(ctx)
}

// silence keeps libraries from the standard error, where kustomize writes which fields
// are deprecated, each time it meets one, and Helm what it skips. Ours has been opened.
func silence() (restore func()) {
	logger, stderr := slog.Default(), os.Stderr
	slog.SetDefault(slog.New(slog.DiscardHandler))
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return func() { slog.SetDefault(logger) }
	}
	os.Stderr = null
	return func() {
		os.Stderr = stderr
		slog.SetDefault(logger)
		null.Close()
	}
}

// load reads the inputs, and from the cluster what they refer to.
func (op *renderOp) load(ctx context.Context, l *loader) error {
	if err := l.load(ctx, op.from); err != nil {
		return err
	}
	if !op.from.liveSources && len(op.from.resources) == 0 {
		return nil
	}
	return l.references(ctx, op.from.kube, convert.Options{To: convert.ToArgo, Namespace: op.namespace})
}

func (op *renderOp) inputs(l *loader) (inputs []render.Input) {
	for _, in := range l.inputs {
		inputs = append(inputs, render.Input{Name: in.Name, Data: in.Data, Context: in.Context})
	}
	return inputs
}

// outcome is an app as the printers take it.
func outcome(app *manifest.App) convert.Outcome {
	o := convert.Outcome{
		File: app.File, Line: app.Line, Object: app.Object, Entries: app.Findings, Status: convert.Converted, Err: app.Err,
	}
	if app.Err != nil {
		o.Status = convert.Failed
	}
	return o
}

// bad counts findings as bad as a level.
func bad(entries []ledger.Entry, failOn string) (n int, err error) {
	if failOn == failNever {
		return 0, nil
	}
	var level ledger.Fidelity
	if err := level.UnmarshalText([]byte(failOn)); err != nil {
		return 0, err
	}
	for _, e := range entries {
		if e.Fidelity.Severity() >= level.Severity() {
			n++
		}
	}
	return n, nil
}
