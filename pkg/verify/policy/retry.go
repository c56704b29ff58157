package policy

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// tries is how often what failed is tried again, and how.
type tries struct {
	path string
	// limit is -1 for no limit; every is the wait between two tries, between what
	// happens then, and counts what counts as failed.
	limit                  int
	every, between, counts string
	newest                 bool
}

const (
	neverAgain = "never"
	ownBackOff = "with a back-off of its own"
	syncFails  = "a sync that fails"
)

// aspects of no tries are alike, whatever the rest says.
func (u *unit) retried(t tries) []aspect {
	if t.limit == 0 {
		a := u.says(t.path, neverAgain, "tries nothing again that failed", "What failed there stays failed until somebody acts or pushes.")
		return []aspect{a, u.notTried(t.path), u.notTried(t.path), u.notTried(t.path), u.after(t)}
	}
	often, night := "for ever", "It keeps trying there until it works."
	if t.limit > 0 {
		often = strconv.Itoa(t.limit) + " times"
		night = "After " + often + " it stays failed there, and comes back by itself only with a new revision: a registry that is down for an hour leaves it broken until somebody syncs."
	}
	revision := "the failed revision"
	if t.newest {
		revision = "the newest revision"
	}
	return []aspect{
		u.says(t.path, often, "tries again "+often, night),
		u.says(t.path, t.every, "does so "+t.every, "A fix in the cluster takes effect there with the next try."),
		u.says(t.path, revision, "takes "+revision, "").hidden(),
		u.says(t.path, t.counts, "tries again after "+t.counts, "").hidden(),
		u.after(t),
	}
}

// notTried is like anything that says how to try again.
func (u *unit) notTried(path string) aspect {
	a := u.says(path, "not tried again", "tries nothing again", "").hidden()
	a.anything = true
	return a
}

func (u *unit) after(t tries) aspect {
	if t.between == "" {
		return u.says(t.path, "leaves a failure as it is", "leaves what failed as it is", "What failed half-way stays half-way there.").hidden()
	}
	return u.says(t.path, t.between, t.between, "A failed deployment changes the cluster once more there: the old version comes back, or nothing is left.").hidden()
}

// argoRetry: an automated sync is tried 5 times by default; a retry block that says no
// limit means none (Argo CD controller/appcontroller.go autoSync, types.go
// RetryStrategy), and waits 5s, doubling up to 3m (common defaults of types.go
// NextRetryAt).
func argoRetry(u *unit) []aspect {
	retry := u.spec("syncPolicy", "retry")
	t := tries{path: "spec.syncPolicy.retry", counts: syncFails}
	switch {
	case !node.Null(retry):
		t.limit = max(atoi(node.Text(retry, "limit"), 0), -1)
	case u.app.Automated():
		t.limit = 5
	}
	t.newest = node.True(retry, "refresh")
	backoff := node.Get(retry, "backoff")
	t.every = wait(orElse(node.Text(backoff, "duration"), "5s"), orElse(node.Text(backoff, "factor"), "2"), orElse(node.Text(backoff, "maxDuration"), "3m"))
	return u.retried(t)
}

// wait says how long Argo CD waits between tries; without a maximum, 0, it doubles for
// ever.
func wait(first, factor, most string) string {
	d, ok := duration(first)
	limit, limited := duration(most)
	limited = limited && limit > 0
	switch {
	case ok && limited && d >= limit:
		return "every " + short(limit)
	case factor == "1":
		return "every " + normal(first)
	case !limited:
		return "after " + normal(first) + growth(factor)
	default:
		return "after " + normal(first) + growth(factor) + " up to " + normal(most)
	}
}

func growth(factor string) string {
	if factor == "2" {
		return ", doubling"
	}
	return ", times " + factor
}

func atoi(text string, otherwise int) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return otherwise
}

// fluxRetry: a Kustomization tries again for ever, at retryInterval or else interval,
// with the newest revision (kustomize-controller docs, Retry interval).
func fluxRetry(u *unit) []aspect {
	every := orElse(node.Text(u.spec(), "retryInterval"), node.Text(u.spec(), "interval"))
	aspects := u.retried(tries{path: "spec.retryInterval", limit: -1, every: "every " + normal(every), newest: true, counts: syncFails})
	if u.applier.Release() {
		aspects = u.releaseRetry()
	}
	if u.applier.Suspended() {
		aspects[0].also = []string{neverAgain} // until it is resumed
	}
	return aspects
}

// releaseRetry: install and upgrade are tried again each as it says (helm-controller
// api/v2/helmrelease_types.go GetRetry, GetRemediation, RetriesExhausted).
func (u *unit) releaseRetry() []aspect {
	install, upgrade := u.action("install"), u.action("upgrade")
	aspects := u.retried(upgrade)
	for i, a := range u.retried(install) {
		if a.key != aspects[i].key {
			aspects[i].where = a.where
			aspects[i].does = "on install " + a.does + " and on upgrade " + aspects[i].does
			aspects[i].key = "install: " + a.key + ", upgrade: " + aspects[i].key
			aspects[i].anything = false
		}
	}
	return aspects
}

func (u *unit) action(name string) tries {
	t := tries{path: "spec." + name + ".strategy.name", newest: true, counts: "a release that fails or does not become ready"}
	strategy, remediation := u.spec(name, "strategy"), u.spec(name, "remediation")
	if node.Text(strategy, "name") == "RetryOnFailure" {
		t.limit, t.every = -1, "every "+normal(orElse(node.Text(strategy, "retryInterval"), "5m"))
		return t
	}
	t.path = "spec." + name + ".remediation.retries"
	t.limit, t.every = max(atoi(node.Text(remediation, "retries"), 0), -1), ownBackOff
	t.between = between(name, u.spec(name), t.limit)
	return t
}

// between says what becomes of a failed release: it is uninstalled or rolled back before
// it is tried again, and after the last try where that is asked for, as it is by default
// where an upgrade has retries (helm-controller api/v2/helmrelease_types.go
// MustRemediateLastFailure).
func between(action string, spec *yaml.Node, limit int) string {
	what := map[string]string{"install": "uninstalls what failed", "upgrade": "rolls back what failed"}[action]
	if node.Text(spec, "remediation", "strategy") == "uninstall" {
		what = "uninstalls what failed"
	}
	var effects []string
	if limit != 0 || node.True(spec, "remediation", "remediateLastFailure") {
		effects = append(effects, what)
	}
	if node.True(spec, "cleanupOnFail") {
		effects = append(effects, "deletes what a failed "+action+" created")
	}
	return strings.Join(effects, " and ")
}
