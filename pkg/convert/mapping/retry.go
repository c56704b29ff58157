package mapping

import (
	"strconv"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// minRetry keeps a constant interval from hammering where a back-off started low.
const minRetry = 30 * time.Second

// defaultRetry is used where the Application says nothing.
const defaultRetry = "1m"

func forwardRetry(c *Cell) {
	duration := node.At(c.app().Spec("syncPolicy", "retry", "backoff"), "duration")
	interval := defaultRetry
	if !node.Null(duration) {
		if d, ok := parseDuration(duration.Value); ok {
			interval = shortDuration(max(d, minRetry))
		}
	}
	var to []Target
	for _, p := range c.unit.works() {
		if k := p.kustomization(); k != nil {
			to = append(to, c.set(k, "spec.retryInterval", node.String(interval)))
			continue
		}
		to = append(to, c.set(p.Work, "spec.install.strategy.retryInterval", node.String(interval)),
			c.set(p.Work, "spec.upgrade.strategy.retryInterval", node.String(interval)))
	}
	c.claim(c.of(duration), approximate("the first back-off became a constant interval of at least 30s", to...))
	c.say(approximate("Flux always retries the newest revision").as("retry-refresh"))
	if c.app().Automated() && node.Null(c.app().Spec("syncPolicy", "retry")) {
		c.absent("spec.syncPolicy.retry", approximate("Argo CD gives a revision up after 5 tries, Flux retries every "+interval+" for ever", to...))
	}
}

// parseDuration reads Argo CD's form: a Go duration, or a bare number of seconds
// (types.go Backoff).
func parseDuration(text string) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	d, err := time.ParseDuration(text)
	return d, err == nil
}

// shortDuration writes 1m instead of 1m0s.
func shortDuration(d time.Duration) string {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if d%unit.d == 0 {
			return strconv.FormatInt(int64(d/unit.d), 10) + unit.name
		}
	}
	return d.String()
}
