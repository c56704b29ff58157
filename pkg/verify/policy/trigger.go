package policy

import (
	"fmt"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// Argo CD's own settings: the period of polling and what is added to it at random (Argo
// CD cmd/argocd-application-controller: --app-resync 120s, --app-resync-jitter 60s).
const (
	argoPoll   = 120 * time.Second
	argoJitter = 60 * time.Second
)

// argoTrigger: one period for all Applications, which argocd-cm may change (Argo CD
// docs/operator-manual/argocd-cm.yaml timeout.reconciliation). Webhooks and requests by
// annotation make both tools look at once and are no policy of a deployment.
func argoTrigger(u *unit) []aspect {
	poll, jitter, where := argoPoll, argoJitter, u.where(u.source.At)
	for _, o := range u.of.Side.Objects.Kind("ConfigMap") {
		if o.Name == "argocd-cm" {
			poll = setting(o, "timeout.reconciliation", poll)
			jitter = setting(o, "timeout.reconciliation.jitter", jitter)
			where = elsewhere(o, "data")
		}
	}
	a := polling(poll + jitter)
	if poll == 0 {
		a = never("has polling turned off and waits for a webhook")
	}
	a.where = where
	return []aspect{a, u.everyCommit()}
}

func setting(o *cluster.Object, key string, otherwise time.Duration) time.Duration {
	if d, ok := duration(node.Text(o.Root, "data", key)); ok {
		return d
	}
	return otherwise
}

func polling(d time.Duration) aspect {
	return aspect{
		key: "looks every " + short(d), does: "looks for new revisions every " + short(d),
		night: fmt.Sprintf("Without a webhook a fix that you push can take %s to be noticed there.", short(d)),
	}
}

func never(does string) aspect {
	return aspect{key: "never looks", does: does, night: "A fix that you push is not picked up there."}
}

func (u *unit) everyCommit() aspect {
	return u.says(u.sourceField(), "every commit counts", "deploys every new commit", "Every commit reaches the cluster there, also one that raises no version.").hidden()
}

// sourceField is the field that names the source.
func (u *unit) sourceField() string {
	if u.app != nil {
		return u.source.At
	}
	return u.applier.SourcePath()
}

// fluxTrigger: the source object polls at its interval, and a new artifact reconciles
// what uses it at once (source-controller docs, spec Interval; kustomize-controller and
// helm-controller watch sources). Of an OCI HelmRepository nothing is polled but its
// charts (source-controller docs, HelmRepository).
func fluxTrigger(u *unit) []aspect {
	return []aspect{u.poll(), u.counts()}
}

func (u *unit) poll() aspect {
	if u.origin == nil {
		return u.says(u.applier.SourcePath(), "", "", "").unknown(BySource, u.sourceMissing())
	}
	for _, o := range []*cluster.Object{u.chart, u.origin} {
		if o != nil && node.True(o.Root, "spec", "suspend") {
			a := never("fetches nothing while its " + o.Kind + " is suspended")
			a.where = elsewhere(o, "spec.suspend")
			return a
		}
	}
	text, where := node.Text(u.origin.Root, "spec", "interval"), elsewhere(u.origin, "spec.interval")
	source := &flux.Source{Root: u.origin.Root}
	switch {
	case u.origin.Kind != flux.HelmRepository.Name || !source.OCI():
	case u.chart != nil:
		text, where = node.Text(u.chart.Root, "spec", "interval"), elsewhere(u.chart, "spec.interval")
	default:
		where = u.where("spec.chart.spec.interval")
		text = orElse(node.Text(u.chartSpec(), "interval"), node.Text(u.spec(), "interval"))
	}
	d, ok := duration(text)
	if !ok {
		return aspect{where: where}.unknown(BySource, "The interval of the source is not a duration.")
	}
	a := polling(d)
	a.where = where
	return a
}

func (u *unit) sourceMissing() string {
	return fmt.Sprintf("%s, from which Flux deploys, is not in the input: pass the file that holds it.", u.applier.Source())
}

// counts: of a chart in a repository Flux takes a new version of Chart.yaml for a change,
// unless it is told to take every revision (source-controller docs, HelmChart,
// Reconcile strategy).
func (u *unit) counts() aspect {
	inTree := u.origin != nil && (u.origin.Kind == flux.GitRepository.Name || u.origin.Kind == flux.Bucket.Name)
	chart := u.chartSpec()
	if !u.applier.Release() || !inTree || node.Null(chart) || node.Text(chart, "reconcileStrategy") == "Revision" {
		return u.everyCommit()
	}
	path := "spec.chart.spec.reconcileStrategy"
	a := u.says(path, "only new chart versions count", "deploys only when the version in Chart.yaml changes",
		"A fix of a template or of values.yaml stays out there until somebody raises the version.").hidden()
	if u.chart != nil {
		a.where = elsewhere(u.chart, "spec.reconcileStrategy")
	}
	return a
}
