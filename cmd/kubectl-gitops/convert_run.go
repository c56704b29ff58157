package main

import (
	"context"
	"iter"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

// Run implements operation.
func (op *convertOp) Run(ctx context.Context, s streams) error {
	for _, source := range op.sources {
		checkout, err := source.checkout()
		if err != nil {
			return err
		}
		op.options.Checkouts = append(op.options.Checkouts, checkout)
	}
	database, err := op.record.config()
	if err != nil {
		return err
	}
	bar := newProgress(s, op.quiet)
	defer bar.clear()
	l := newLoader(s.in, bar)
	if err := op.load(ctx, l); err != nil {
		return err
	}
	l.settle(s, op.quiet)
	if len(op.sources) == 0 { // nobody knows yet what checkouts add
		boundMemory(l.inputs)
	}
	outcomes, err := op.convert(l.inputs, nil)
	if err != nil {
		return err
	}
	j, err := op.newJob(s, l, bar)
	if err != nil {
		return err
	}
	defer j.close()
	if database == nil {
		return j.run(ctx, outcomes)
	}
	j.results = store.NewResults(op.options.To, op.recordAll)
	return op.recorded(ctx, s, database, l, j.results, j.run(ctx, outcomes))
}

// load reads the inputs, settles the direction and reads what the inputs refer to.
func (op *convertOp) load(ctx context.Context, l *loader) (err error) {
	if err := l.load(ctx, op.from); err != nil {
		return err
	}
	// Settled once: the same inputs without those that fail may suggest another.
	if op.options.To == convert.ToAuto && !op.options.ExpandOnly {
		if op.options.To, err = convert.DirectionOf(l.documents()); err != nil {
			return usagef("convert", "%v", err)
		}
	}
	switch {
	case op.options.To == convert.ToArgo && (op.from.liveSources || len(op.from.resources) > 0):
		return l.references(ctx, op.from.kube, op.options)
	case op.options.To == convert.ToFlux && op.from.liveSources:
		return usagef("convert", "--live-sources reads sources of Flux: it goes with --to argocd and an input of Flux objects")
	}
	return nil
}

// convert starts the conversion of the inputs, and of what checkouts add, but those to
// skip.
func (op *convertOp) convert(inputs []input, skip map[string]bool) (iter.Seq[convert.Outcome], error) {
	var wanted []convert.Input
	for _, in := range inputs {
		if !skip[in.Name] {
			wanted = append(wanted, in.Input)
		}
	}
	o := op.options
	o.Without = skip
	outcomes, err := convert.Convert(wanted, o)
	if err != nil {
		return nil, usagef("convert", "%v", err)
	}
	return outcomes, nil
}
