package verify

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/crd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// Options steer a verification.
type Options struct {
	// Render is how both sides are rendered. Without its Sources nothing is rendered, and
	// no deployment is equivalent.
	Render render.Options
	// Convert is how the left side is converted: for the account of its fields, and for
	// the other side where none is given.
	Convert convert.Options
}

// A Run verifies one deployment after the other.
type Run struct {
	options     Options
	left, right *deployment.Side
	pairs       []deployment.Pair
	conversion  *Conversion
	renders     map[*deployment.Side]*render.Run
	secrets     map[*deployment.Side]content.Secrets
	release     crd.Release
}

// New reads both sides and pairs their deployments. Without a right side, the left one's
// conversion takes its place.
func New(left, right []convert.Input, o Options) (*Run, error) {
	r := &Run{options: o, renders: map[*deployment.Side]*render.Run{}, release: releaseOf(o.Convert.FluxVersion)}
	var err error
	if r.left, left, err = r.read(left, from(o.Convert.To)); err != nil {
		return nil, err
	}
	if r.conversion, err = r.account(left); err != nil {
		return nil, err
	}
	var links []deployment.Link
	if right == nil {
		right, links = r.conversion.Output, r.conversion.Links
	}
	if r.right, right, err = r.other(right); err != nil {
		return nil, err
	}
	r.pairs = deployment.Match(r.left, r.right, links)
	for _, m := range r.left.Generators {
		r.pairs = append(r.pairs, deployment.Pair{Left: &deployment.Deployment{Side: r.left, Appliers: []*deployment.Member{m}}})
	}
	for _, m := range r.right.Generators {
		r.pairs = append(r.pairs, deployment.Pair{Right: &deployment.Deployment{Side: r.right, Appliers: []*deployment.Member{m}}})
	}
	r.secrets = map[*deployment.Side]content.Secrets{r.left: secretsOf(r.left), r.right: secretsOf(r.right)}
	r.renders[r.left], r.renders[r.right] = r.renderer(left), r.renderer(right)
	return r, nil
}

// from is the tool that is left by a conversion to the other.
func from(to convert.Direction) deployment.Tool {
	switch to {
	case convert.ToFlux:
		return deployment.ArgoCD
	case convert.ToArgo:
		return deployment.Flux
	}
	return ""
}

// account converts the left side, to whatever the right one is.
func (r *Run) account(left []convert.Input) (*Conversion, error) {
	o := r.options.Convert
	o.To = convert.ToFlux
	if r.left.Tool == deployment.Flux {
		o.To = convert.ToArgo
	}
	return Convert(left, o)
}

// other reads the right side. It may hold nothing: then nothing has a counterpart.
func (r *Run) other(right []convert.Input) (*deployment.Side, []convert.Input, error) {
	side, inputs, err := r.read(right, deployment.Other(r.left.Tool))
	if errors.Is(err, deployment.ErrNothing) {
		return deployment.None(deployment.Other(r.left.Tool)), right, nil
	}
	return side, inputs, err
}

func (r *Run) renderer(inputs []convert.Input) *render.Run {
	if r.options.Render.Sources == nil {
		return nil
	}
	all := make([]render.Input, len(inputs))
	for i, in := range inputs {
		all[i] = render.Input{Name: in.Name, Data: in.Data, Context: in.Context}
	}
	return render.New(all, r.options.Render)
}

// Len is the number of results.
func (r *Run) Len() int { return len(r.pairs) }

// Results yields one result for each pair, in the order of the left side, and for what
// only the right side has. What was rendered of a pair is dropped when the next one
// comes, so that memory does not grow with their number.
func (r *Run) Results(ctx context.Context) iter.Seq2[*Result, error] {
	return func(yield func(*Result, error) bool) {
		for _, pair := range r.pairs {
			if err := ctx.Err(); err != nil {
				yield(nil, err)
				return
			}
			if !yield(r.result(ctx, pair), nil) {
				return
			}
		}
	}
}

func (r *Run) result(ctx context.Context, pair deployment.Pair) *Result {
	result := &Result{By: pair.By, Left: partOf(pair.Left), Right: partOf(pair.Right)}
	r.fields(result, pair.Left)
	r.schema(result, pair)
	if pair.Left == nil || pair.Right == nil {
		r.alone(result, pair)
		return result
	}
	left, right := r.rendered(ctx, pair.Left), r.rendered(ctx, pair.Right)
	result.Content = compare(left, right)
	result.Policy = policy.Compare(pair.Left, pair.Right)
	if left.err == nil && right.err == nil {
		seen := left.seen(right)
		seen.Equivalent = result.Content.Verdict == Equivalent
		policy.Settle(result.Policy, seen)
	}
	return result
}

// fields accounts for the left side's fields, those of the sources included.
func (r *Run) fields(result *Result, left *deployment.Deployment) {
	if left == nil {
		return
	}
	for _, m := range left.Objects() {
		if coverage, ok := r.conversion.Coverage[m.Object]; ok {
			result.Fields = result.Fields.Plus(coverage)
		}
	}
}

// templates say of kinds that make deployments why these were not verified.
var templates = map[string]string{
	"ApplicationSet": "the Applications that it makes were not verified: verify them, as 'kubectl get applications -o yaml' shows them",
	resourceset.Kind: "what it makes was not verified: verify its Kustomizations and HelmReleases as the cluster has them",
}

// alone says why a deployment has no counterpart.
func (r *Run) alone(result *Result, pair deployment.Pair) {
	d, where := pair.Left, r.right.Tool
	if d == nil {
		d, where = pair.Right, r.left.Tool
	}
	result.Content = Content{Verdict: Differs, Reasons: []string{"only one side deploys it"}}
	for _, m := range d.Appliers {
		note := fmt.Sprintf("nothing among the objects of %s deploys this: no object has its name, and none alone has its source", where)
		if why, ok := templates[m.Kind]; ok {
			note = why
			result.Content = Content{Verdict: NotProven, Reasons: []string{why}}
		} else if why, ok := r.conversion.Unconverted[m.Object]; ok {
			note = "it was not converted: " + why
		}
		result.Findings = append(result.Findings, ledger.Entry{
			ID: "unpaired", Fidelity: ledger.Unsupported, Note: note, To: []ledger.To{},
			From: ledger.From{Object: m.Object, Path: "metadata.name", File: m.File, Line: ledger.Line(m.Root, "metadata.name", m.Line)},
		})
	}
}
