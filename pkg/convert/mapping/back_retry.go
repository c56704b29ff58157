package mapping

import (
	"strconv"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const retryPath = "spec.syncPolicy.retry"

// A retry is how often something that failed is tried again, and how far apart. A
// limit of -1 is none; without an interval the tool's own back-off holds.
type retry struct {
	limit    int
	interval string
}

// backRetry: a Kustomization is tried again at a constant interval, for ever, with the
// newest revision (kustomize-controller docs, Retry interval). Argo CD takes that
// revision with refresh only (controller/appcontroller.go processRequestedAppOperation).
func backRetry(c *BackCell) {
	if c.applier().Release() {
		c.releaseRetry()
		return
	}
	interval := node.Text(c.spec(), "retryInterval")
	if interval == "" {
		interval = node.Text(c.spec(), "interval")
	}
	to := c.setRetry(retry{-1, interval})
	c.about("spec.retryInterval", equivalent("what failed is tried again at this interval, with the newest revision", to...))
}

func (c *BackCell) setRetry(r retry) []Target {
	to := []Target{c.set(retryPath+".limit", node.Int(r.limit))}
	if r.limit == 0 {
		return to
	}
	to = append(to, c.set(retryPath+".refresh", node.Bool(true)))
	if r.interval == "" {
		return to
	}
	interval := argoDuration(r.interval)
	return append(to,
		c.set(retryPath+".backoff.duration", node.String(interval)),
		c.set(retryPath+".backoff.factor", node.Int(1)),
		c.set(retryPath+".backoff.maxDuration", node.String(interval)))
}

// releaseRetry: Argo CD knows no difference between install and upgrade.
func (c *BackCell) releaseRetry() {
	install, upgrade := retryOf(c.applier(), "install"), retryOf(c.applier(), "upgrade")
	r := upgrade
	if r.limit == 0 {
		r = install
	}
	to := c.setRetry(r)
	switch {
	case r.limit == 0:
		c.about("spec.upgrade.remediation.retries", equivalent("neither a failed release nor a failed sync is tried again before something changes", to...).as("retry-none"))
	case install != upgrade:
		c.say(approximate("install and upgrade differ; Argo CD tries both again as upgrade says, or install where upgrade says nothing", to...))
	case r.interval == "":
		c.say(approximate("a failed sync is tried again as often, without the uninstall or rollback between", to...))
	default:
		c.say(approximate("a failed sync is tried again at this interval; what only does not become ready is no failed sync", to...))
	}
}

// retryOf returns how a release is tried again: for ever with RetryOnFailure, else as
// often as remediation.retries says, which is never by default and always where it is
// negative (helm-controller api/v2/helmrelease_types.go GetRetry, RetriesExhausted).
func retryOf(a *flux.Applier, action string) retry {
	strategy := a.Spec(action, "strategy")
	if node.Text(strategy, "name") == "RetryOnFailure" {
		if interval := node.Text(strategy, "retryInterval"); interval != "" {
			return retry{-1, interval}
		}
		return retry{-1, "5m"}
	}
	limit, _ := strconv.Atoi(node.Text(a.Spec(action, "remediation"), "retries"))
	return retry{limit: max(limit, -1)}
}

// argoDuration writes a duration as short as Argo CD reads it.
func argoDuration(text string) string {
	d, err := time.ParseDuration(text)
	if err != nil {
		return text
	}
	return shortDuration(d)
}
