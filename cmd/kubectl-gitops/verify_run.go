package main

import (
	"context"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/print"
)

// Run implements operation.
func (op *verifyOp) Run(ctx context.Context, s streams) error {
	o, err := op.options()
	if err != nil {
		return err
	}
	database, err := op.convert.record.config()
	if err != nil {
		return err
	}
	bar := newProgress(s, op.convert.quiet)
	defer bar.clear()
	left, right, err := op.load(ctx, s, bar)
	if err != nil {
		return err
	}
	relaxCollector()
	defer silence()()
	run, err := verify.New(left, right, o)
	if err != nil {
		return err
	}
	if database == nil {
		return op.results(ctx, s, bar, run, func(*verify.Result) {})
	}
	return op.recorded(ctx, s, bar, run, database)
}

// options gathers how both sides are converted and rendered.
func (op *verifyOp) options() (o verify.Options, err error) {
	sources := &source.Sources{Offline: op.offline}
	for _, f := range op.convert.sources {
		checkout, err := f.checkout()
		if err != nil {
			return o, err
		}
		op.convert.options.Checkouts = append(op.convert.options.Checkouts, checkout)
		sources.Checkouts = append(sources.Checkouts, source.Checkout{URL: checkout.URL, Revision: checkout.Revision, Dir: f.dir})
	}
	o.Convert = op.convert.options
	o.Render = render.Options{
		Sources: sources, Namespace: o.Convert.Namespace, KubeVersion: op.kubeVersion,
		APIVersions: op.apiVersions, Decrypt: op.decrypt,
	}
	return o, nil
}

// load reads the sides; right is nil without --against.
func (op *verifyOp) load(ctx context.Context, s streams, bar *progress) (left, right []convert.Input, err error) {
	l := newLoader(s.in, bar)
	if err := op.convert.load(ctx, l); err != nil {
		return nil, nil, err
	}
	l.settle(s, op.convert.quiet)
	if len(op.against.files) == 0 {
		return l.documents(), nil, nil
	}
	other := newLoader(s.in, bar)
	if err := other.load(ctx, op.against); err != nil {
		return nil, nil, err
	}
	other.settle(s, op.convert.quiet)
	if right = other.documents(); right == nil {
		right = []convert.Input{}
	}
	return l.documents(), right, nil
}

// results prints what was found, notes it, and chooses the exit code.
func (op *verifyOp) results(ctx context.Context, s streams, bar *progress, run *verify.Run, note func(*verify.Result)) error {
	var out print.Printer = print.NewText(s.out)
	if op.format == formatJSON {
		out = print.NewJSON(s.out)
	}
	summary := verify.Summary{}
	for result, err := range run.Results(ctx) {
		if err != nil {
			return err
		}
		result.Judge(op.accept)
		summary.Add(result)
		note(result)
		if err := out.Write(result); err != nil {
			return quietPipe(err)
		}
		bar.part("verifying", summary.Deployments, run.Len())
	}
	bar.clear()
	if err := out.Flush(summary); err != nil {
		return quietPipe(err)
	}
	if summary.Good < summary.Deployments {
		return errFindings
	}
	return nil
}

func isStdin(files []string) bool { return slices.Contains(files, "-") }
