package mapping

import (
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// backAutomated: Flux syncs by itself unless suspended. Deleting a suspended object
// keeps all it deployed (kustomize-controller and helm-controller, finalize).
func backAutomated(c *BackCell) {
	if !c.applier().Suspended() {
		c.say(implied("Argo CD syncs by itself too"))
		return
	}
	to := c.set(automated+".enabled", node.Bool(false))
	c.say(approximate("automated sync is off; Argo CD still shows the difference, and a person can sync", to).as("suspended"))
}

// backPrune: Helm always deletes what leaves the chart. Flux has no guard against an
// empty source, which Argo CD has unless allowEmpty (controller/appcontroller.go).
func backPrune(c *BackCell) {
	prune := c.applier().Release() || node.True(c.applier().Root, "spec", "prune")
	to := c.set(automated+".prune", node.Bool(prune))
	empty := to
	if prune {
		empty = c.set(automated+".allowEmpty", node.Bool(true))
	}
	switch {
	case c.applier().Release():
		c.absent("spec.upgrade", equivalent("Helm deletes what leaves the chart on every upgrade", to, empty).as("prune-always"))
	case prune:
		c.say(equivalent("with allowEmpty, as Flux has no guard against an empty source", to, empty))
	default:
		c.keep(to)
	}
}

// backSelfHeal: a Kustomization undoes drift on every interval, a release only with
// drift detection (helm-controller docs, Drift detection).
func backSelfHeal(c *BackCell) {
	if !c.applier().Release() {
		c.set(automated+".selfHeal", node.Bool(true)) // said of the interval
		return
	}
	mode := node.Text(c.spec("driftDetection"), "mode")
	to := c.set(automated+".selfHeal", node.Bool(mode == "enabled"))
	switch {
	case len(c.leaves) == 0:
		c.absent("spec.driftDetection.mode", equivalent("drift is left alone by default", to))
	case mode == "warn":
		c.say(approximate("Argo CD shows the drift instead of an event", to))
	case mode == "enabled":
		c.say(approximate("helm-controller reverts drift at its interval, Argo CD at once", to))
	default:
		c.say(equivalent("drift is left alone", to))
	}
}

// backDeletion: MirrorPrune deletes if prune is on, Orphan never does
// (kustomize-controller finalize; api/v1 DeletionPolicy). Argo CD deletes only with the
// finalizer, and CRDs never.
func backDeletion(c *BackCell) {
	a := c.applier()
	for _, l := range c.leaves {
		if strings.HasPrefix(l.Path, "metadata.finalizers") {
			c.claim(l, foreignFinalizer(l.Node.Value))
		}
	}
	deletes := c.deletes()
	switch {
	case a.Suspended():
		c.deletion(implied("no finalizer: deleting a suspended object keeps all it deployed"))
	case !deletes:
		c.deletion(implied("no finalizer: deleting the Application keeps all it deployed"))
	default:
		to := c.add("metadata.finalizers", node.String(c.finalizer()))
		c.deletion(approximate("deleting the Application deletes what it deployed, but never CRDs", to))
	}
}

func foreignFinalizer(name string) Verdict {
	if name == "finalizers.fluxcd.io" {
		return runtime("Flux's own")
	}
	return unsupported("a finalizer of another controller; dropped")
}

func (c *BackCell) deletes() bool {
	a := c.applier()
	if a.Release() {
		return node.Text(a.Root, "spec", "uninstall", "deletionPropagation") != "orphan"
	}
	switch node.Text(a.Root, "spec", "deletionPolicy") {
	case "Orphan":
		return false
	case "Delete", "WaitForTermination":
		return true
	default:
		return node.True(a.Root, "spec", "prune")
	}
}

func (c *BackCell) finalizer() string {
	if c.applier().Release() && node.Text(c.applier().Root, "spec", "uninstall", "deletionPropagation") == "foreground" {
		return argocd.ResourcesFinalizer
	}
	return argocd.ResourcesFinalizer + "/background"
}

// deletion settles the field that decides, or its absence.
func (c *BackCell) deletion(v Verdict) {
	path := "spec.deletionPolicy"
	if c.applier().Release() {
		path = "spec.uninstall.deletionPropagation"
	}
	for _, l := range c.leaves {
		if l.Path == path {
			c.claim(l, v)
			return
		}
	}
	c.absent(path, v)
}

// backRetry: Flux tries again at a constant interval, for ever (kustomize-controller
// retryInterval, by default the interval; helm-controller RetryOnFailure, by default
// 5m).
func backRetry(c *BackCell) {
	a := c.applier()
	interval := node.Text(a.Root, "spec", "retryInterval")
	if interval == "" {
		interval = node.Text(a.Root, "spec", "interval")
	}
	limit := -1
	if a.Release() {
		if limit, interval = releaseRetry(c); limit == 0 {
			to := c.set(retryPath+".limit", node.Int(0))
			c.absent("spec.upgrade.remediation.retries", approximate("a failed release is not tried again; nor is a failed sync of the same revision", to).as("retry-none"))
			return
		}
	}
	to := []Target{
		c.set(retryPath+".limit", node.Int(limit)),
		c.set(retryPath+".backoff.duration", node.String(argoDuration(interval))),
		c.set(retryPath+".backoff.factor", node.Int(1)),
		c.set(retryPath+".backoff.maxDuration", node.String(argoDuration(interval))),
	}
	path := "spec.retryInterval"
	if a.Release() {
		path = "spec.upgrade.strategy.retryInterval"
	}
	c.about(path, approximate("a failed sync is tried again at a constant interval; Argo CD keeps to the revision that failed until a newer one comes", to...))
}

const retryPath = "spec.syncPolicy.retry"

// releaseRetry returns how often and how far apart a release is tried again: for ever
// with RetryOnFailure, as often as remediation.retries says, which is never by default.
func releaseRetry(c *BackCell) (limit int, interval string) {
	for _, action := range []string{"upgrade", "install"} {
		if node.Text(c.spec(action, "strategy"), "name") == "RetryOnFailure" {
			if interval = node.Text(c.spec(action, "strategy"), "retryInterval"); interval == "" {
				interval = "5m"
			}
			return -1, interval
		}
	}
	for _, action := range []string{"upgrade", "install"} {
		if n := number(c.spec(action, "remediation", "retries")); n != 0 {
			return n, "30s"
		}
	}
	return 0, ""
}

// argoDuration writes a duration as short as Argo CD reads it.
func argoDuration(text string) string {
	d, err := time.ParseDuration(text)
	if err != nil {
		return text
	}
	return shortDuration(d)
}

// backDependsOn orders Applications of one parent as their objects depend on each
// other.
func backDependsOn(c *BackCell) {
	u := c.unit
	var to []Target
	if u.Wave != 0 {
		to = append(to, c.set("metadata.annotations", node.String(strconv.Itoa(u.Wave)), "argocd.argoproj.io/sync-wave"))
	}
	for i, item := range node.Items(c.applier().Root, "spec", "dependsOn") {
		for _, l := range c.below(item) {
			v := u.Waves[i]
			if v.Fidelity == ledger.Unknown {
				v.To = to
				v.Note = c.order()
			}
			c.claim(l, v)
		}
	}
}

// order says how far sync waves stand for dependencies: they order the syncs of a
// parent, and between those an Application follows its source alone.
func (c *BackCell) order() string {
	if !c.unit.Settings.AppOfApps {
		return "the order is lost: by itself an Application waits for no other. Sync waves keep it where one Application deploys the others: pass --app-of-apps"
	}
	return "kept by the sync waves of the app-of-apps, once argocd-cm assesses the health of Applications, and at its own syncs only: a change of the source alone waits for nothing"
}

// number returns the integer at n, or 0.
func number(n *yaml.Node) int {
	if n == nil {
		return 0
	}
	i, _ := strconv.Atoi(n.Value)
	return i
}
