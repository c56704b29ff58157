package main

import (
	"context"
	"fmt"

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
	bar.clear()
	if !op.quiet {
		for _, w := range l.warnings {
			fmt.Fprintf(s.err, "warning: %s\n", w)
		}
	}
	relaxCollector()
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
