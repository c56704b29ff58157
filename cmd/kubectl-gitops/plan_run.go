package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/cutover"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// Run implements operation.
func (op *planOp) Run(ctx context.Context, s streams) error {
	bar := newProgress(s, false)
	defer bar.clear()
	l := newLoader(s.in, bar)
	c := &convertOp{from: op.from, options: op.options}
	for _, source := range op.sources {
		checkout, err := source.checkout()
		if err != nil {
			return err
		}
		c.options.Checkouts = append(c.options.Checkouts, checkout)
	}
	if err := c.load(ctx, l); err != nil {
		return err
	}
	l.settle(s, false)
	outcomes, err := c.convert(l.inputs, nil)
	if err != nil {
		return err
	}
	made, err := cutover.Made(l.documents(), c.options)
	if err != nil {
		return err
	}
	book, err := cutover.New(l.documents(), made, slices.Collect(outcomes), cutover.Options{
		To: c.options.To, Arguments: op.arguments(),
		FluxNamespace: op.options.FluxNamespace, ArgoCDNamespace: op.options.ArgoCDNamespace,
	})
	if err != nil {
		return err
	}
	return quietPipe(op.print(s, book))
}

func (op *planOp) print(s streams, book *cutover.Runbook) error {
	if op.format == formatJSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(book)
	}
	return book.Markdown(s.out)
}

// arguments are those with which convert and verify read the same input and name the same
// objects. Flags that only one of them has are not among them.
func (op *planOp) arguments() string {
	var words []string
	add := func(flag, value string) { words = append(words, flag, cutover.Word(value)) }
	for _, f := range op.from.files {
		add("-f", source.Public(f))
	}
	if op.from.recursive {
		words = append(words, "-R")
	}
	if op.from.kustomize != "" {
		add("-k", op.from.kustomize)
	}
	for _, r := range op.from.resources {
		words = append(words, cutover.Word(r))
	}
	if op.from.selector != "" {
		add("-l", op.from.selector)
	}
	if op.from.allNamespaces {
		words = append(words, "-A")
	}
	if ns := *op.from.kube.Namespace; ns != "" {
		add("-n", ns)
	}
	for _, f := range op.sources {
		address := source.Public(f.url)
		if f.revision != "" {
			address += "@" + f.revision
		}
		add("--source", address+"="+f.dir)
	}
	if ns := op.options.FluxNamespace; ns != defaultFluxNamespace {
		add("--flux-namespace", ns)
	}
	if ns := op.options.ArgoCDNamespace; ns != defaultArgoCDNamespace {
		add("--argocd-namespace", ns)
	}
	return strings.Join(words, " ")
}
