package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const allHealthy = "all resources"

// argoHealth: the health of an Application is that of all its resources, and is assessed
// all the time (Argo CD controller/health.go).
func argoHealth(u *unit) []aspect {
	counts := u.counted("metadata.annotations")
	const annotation = "argocd.argoproj.io/ignore-healthcheck"
	if u.app.Annotation(annotation) == "true" {
		counts = u.says(`metadata.annotations["`+annotation+`"]`, "ignored by its parent", "does not count for the health of its parent", "").hidden()
	}
	return []aspect{u.assesses(u.source.At), u.builtIn(u.source.At), counts}
}

func (u *unit) assesses(path string) aspect {
	return u.says(path, allHealthy, "counts as healthy only when all its resources are", "One broken Pod makes the whole deployment unhealthy there.")
}

func (u *unit) builtIn(path string) aspect {
	return u.says(path, "built-in checks", "assesses health by its own checks", "").hidden()
}

func (u *unit) counted(path string) aspect {
	return u.says(path, "counts for its parent", "counts for the health of what deploys it", "").hidden()
}

// fluxHealth: wait assesses everything, else healthChecks what they list, else nothing is
// (kustomize-controller internal/controller checkHealth); a release waits unless told not
// to (helm-controller docs, disableWait; Wait strategy).
func fluxHealth(u *unit) []aspect {
	waits := u.assesses("spec.wait")
	if u.applier.Release() {
		waits = u.releaseWaits()
	} else if !node.True(u.spec(), "wait") {
		waits = u.listed()
	}
	exprs := u.builtIn("spec.healthCheckExprs")
	var kinds []string
	for _, item := range node.Items(u.spec(), "healthCheckExprs") {
		kinds = appendNew(kinds, node.Text(item, "kind"))
	}
	if len(kinds) > 0 {
		slices.Sort(kinds)
		exprs = u.says("spec.healthCheckExprs", "CEL for "+strings.Join(kinds, ", "), "assesses "+strings.Join(kinds, ", ")+" by expressions of its own",
			"What is healthy by one side may not be by the other.").hidden()
	}
	return []aspect{waits, exprs, u.counted("metadata.annotations")}
}

func (u *unit) releaseWaits() aspect {
	for _, action := range []string{"install", "upgrade"} {
		if node.True(u.spec(action), "disableWait") {
			return u.unassessed("spec."+action+".disableWait", "on "+action)
		}
	}
	for _, action := range []string{"install", "upgrade"} {
		if node.True(u.spec(action), "disableWaitForJobs") {
			return u.says("spec."+action+".disableWaitForJobs", "all resources but Jobs on "+action, "waits for all resources but Jobs on "+action, "A failed Job goes unnoticed there.")
		}
	}
	if node.Text(u.spec("waitStrategy"), "name") == "legacy" {
		return u.says("spec.waitStrategy.name", "all built-in kinds", "waits for built-in kinds only", "A broken custom resource goes unnoticed there.")
	}
	return u.assesses("spec.install.disableWait")
}

func (u *unit) unassessed(path, when string) aspect {
	return u.says(path, strings.TrimSpace("nothing "+when), strings.TrimSpace("counts as ready once all is applied "+when), "It is reported ready there while its Pods crash: look at the Pods, not at the status.")
}

// listed are the objects of healthChecks.
func (u *unit) listed() aspect {
	var checks []string
	for _, item := range node.Items(u.spec(), "healthChecks") {
		checks = append(checks, fmt.Sprintf("%s %s/%s", node.Text(item, "kind"), node.Text(item, "namespace"), node.Text(item, "name")))
	}
	if len(checks) == 0 {
		return u.unassessed("spec.wait", "")
	}
	slices.Sort(checks)
	list := strings.Join(checks, ", ")
	return u.says("spec.healthChecks", "only "+list, "counts as ready once "+list+" is healthy", "It is reported ready there while other Pods crash.")
}

const noLimit = "no limit"

// argoTimeout: one global limit of a sync, off by default (Argo CD
// cmd/argocd-application-controller --sync-timeout; argocd-cmd-params-cm
// controller.sync.timeout.seconds).
func argoTimeout(u *unit) []aspect {
	for _, o := range u.of.Side.Objects.Kind("ConfigMap") {
		limit, ok := duration(node.Text(o.Root, "data", "controller.sync.timeout.seconds"))
		if o.Name == "argocd-cmd-params-cm" && ok && limit > 0 {
			a := u.givesUp("", short(limit))
			a.where = elsewhere(o, "data")
			return []aspect{a}
		}
	}
	return []aspect{u.says("spec.syncPolicy", noLimit, "waits without a limit", "A sync that hangs there hangs until somebody ends it.")}
}

func (u *unit) givesUp(path, limit string) aspect {
	return u.says(path, limit, "gives up waiting after "+limit, "What takes longer to start counts as failed there.")
}

// fluxTimeout: of a Kustomization half a minute less than its interval, but at least half
// a minute (kustomize-controller api/v1 GetTimeout); of a release 5m, which each action
// may change (helm-controller api/v2 GetTimeout).
func fluxTimeout(u *unit) []aspect {
	limit := node.Text(u.spec(), "timeout")
	if u.applier.Release() {
		limit = orElse(limit, "5m")
		install, upgrade := node.Text(u.spec("install"), "timeout"), node.Text(u.spec("upgrade"), "timeout")
		install, upgrade = normal(orElse(install, limit)), normal(orElse(upgrade, limit))
		if install != upgrade {
			return []aspect{u.givesUp("spec.install.timeout", install+" on install and "+upgrade+" on upgrade")}
		}
		return []aspect{u.givesUp("spec.timeout", install)}
	}
	if interval, ok := duration(node.Text(u.spec(), "interval")); limit == "" && ok {
		limit = short(max(interval-30*time.Second, 30*time.Second))
	}
	return []aspect{u.givesUp("spec.timeout", normal(limit))}
}
