package main

import (
	"context"
	"iter"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
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
	bar := newProgress(s, op.quiet)
	defer bar.clear()
	l := newLoader(s.in, bar)
	if err := l.load(ctx, op.from); err != nil {
		return err
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
	return j.run(ctx, outcomes)
}

// convert starts the conversion of the inputs but those to skip.
func (op *convertOp) convert(inputs []input, skip map[string]bool) (iter.Seq[convert.Outcome], error) {
	var wanted []convert.Input
	for _, in := range inputs {
		if !skip[in.Name] {
			wanted = append(wanted, in.Input)
		}
	}
	return convert.Convert(wanted, op.options)
}
