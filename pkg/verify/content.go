package verify

import (
	"context"
	"errors"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// A rendering is what a deployment renders to.
type rendering struct {
	tool    deployment.Tool
	secrets content.Secrets
	objects []manifest.Object
	// left are objects of the sources that the tool does not apply.
	left []manifest.Object
	// doubts say why the tool may deploy something else.
	doubts []string
	// err says why there is nothing.
	err error
}

func (r rendering) side() content.Side {
	return content.Side{Tool: content.Tool(r.tool.String()), Objects: r.objects, Omitted: r.left, Secrets: r.secrets}
}

// seen tells what the manifests of both sides steer their tools by.
func (r rendering) seen(other rendering) (seen policy.Seen) {
	for _, objects := range [][]manifest.Object{r.objects, r.left, other.objects, other.left} {
		for i := range objects {
			marks := objects[i].GetAnnotations()
			wave := marks["argocd.argoproj.io/sync-wave"]
			seen.Waves = seen.Waves || wave != "" && wave != "0"
			seen.Hooks = seen.Hooks || objects[i].Part == manifest.Hook || marks["argocd.argoproj.io/hook"]+marks["helm.sh/hook"] != ""
		}
	}
	seen.Tools = [2]string{r.tool.String(), other.tool.String()}
	seen.Steered = content.Steered(r.side(), other.side())
	return seen
}

// compare compares what two sides render, and hides what Secrets hold.
func compare(left, right rendering) Content {
	c := compared(left, right)
	secrets := left.secrets.With(right.secrets)
	for i, reason := range c.Reasons {
		c.Reasons[i] = secrets.Hide(reason)
	}
	return c
}

// compared compares what two sides render. They are equivalent only where both could be
// rendered without a doubt.
func compared(left, right rendering) Content {
	if left.err != nil || right.err != nil {
		return failed(left, right)
	}
	differences := content.Compare(left.side(), right.side()).Differences
	c := Content{Objects: max(len(left.objects), len(right.objects)), Differences: differences}
	c.Reasons = append(left.doubts, right.doubts...)
	switch {
	case len(differences) > 0:
		c.Verdict = Differs
	case c.Objects == 0:
		c.Verdict = NotProven
		c.Reasons = append(c.Reasons, "neither side renders any object")
	case len(c.Reasons) > 0:
		c.Verdict = NotProven
	default:
		c.Verdict = Equivalent
	}
	return c
}

// failed is the answer where a side has no objects. Where one tool alone fails, it
// deploys nothing; otherwise nobody knows.
func failed(left, right rendering) Content {
	c := Content{Verdict: NotProven}
	for _, side := range []rendering{left, right} {
		if side.err != nil {
			c.Reasons = append(c.Reasons, side.err.Error())
		}
	}
	if len(c.Reasons) == 1 && (refused(left.err) || refused(right.err)) {
		c.Verdict = Differs
	}
	return c
}

// refused tells whether the tool itself would fail.
func refused(err error) bool {
	for _, unknown := range []error{source.ErrUnavailable, kustomize.ErrRemote, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, unknown) {
			return false
		}
	}
	return manifest.IsRefused(err)
}

// rendered renders the appliers of a deployment.
func (r *Run) rendered(ctx context.Context, d *deployment.Deployment) (all rendering) {
	all.tool, all.secrets = d.Side.Tool, r.secrets[d.Side]
	run := r.renders[d.Side]
	if run == nil {
		all.err = errors.New("rendering was not asked for")
		return all
	}
	wanted := map[place]bool{}
	for _, m := range d.Appliers {
		wanted[place{m.File, m.Line, m.Kind, m.Name}] = true
	}
	for app := range run.Some(ctx, func(a *manifest.App) bool { return wanted[place{a.File, a.Line, a.Kind, a.Name}] }) {
		if app.Err != nil {
			all.err = fmt.Errorf("%s fails on %s %s: %w", d.Side.Tool, app.Kind, app.Name, app.Err)
			return all
		}
		delete(wanted, place{app.File, app.Line, app.Kind, app.Name})
		all.objects = append(all.objects, app.Objects...)
		all.left = append(all.left, app.Left...)
		all.doubts = append(all.doubts, doubts(app)...)
	}
	if len(wanted) > 0 {
		all.err = fmt.Errorf("%s: not all of its objects were rendered", d.Side.Tool)
	}
	return all
}

// secretsOf returns what the Secrets of a side's input hold.
func secretsOf(s *deployment.Side) content.Secrets {
	var trees []map[string]any
	for _, o := range s.Objects.Kind("Secret") {
		if tree, ok := node.Value(o.Root).(map[string]any); ok {
			trees = append(trees, tree)
		}
	}
	return content.Secrets{}.With(content.Secrets{}, trees...)
}

// A place tells objects of one side apart.
type place struct {
	file       string
	line       int
	kind, name string
}

// settled are findings of rendering that leave no doubt about what is applied: whether
// it is applied at all is a matter of the policy.
var settled = map[string]bool{"object-suspended": true, "application-skipped": true, "repeated-object": true}

// doubts are the findings that say that the tool may apply something else.
func doubts(app *manifest.App) (doubts []string) {
	for _, f := range app.Findings {
		if f.Fidelity.Severity() >= ledger.Approximate.Severity() && !settled[f.ID] {
			doubts = append(doubts, fmt.Sprintf("%s %s: %s: %s", app.Kind, app.Name, f.ID, f.Note))
		}
	}
	return doubts
}
