package policy

import (
	"regexp"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// Seen is what rendering both sides showed of the manifests.
type Seen struct {
	// Waves and Hooks tell whether any manifest of either side has a sync wave or is a hook.
	Waves, Hooks bool
	// Equivalent tells that both sides deploy the same objects.
	Equivalent bool
	// Tools are the names of the left and the right tool, and Steered the objects that
	// they treat differently.
	Tools   [2]string
	Steered []content.Steering
}

// The sentences that say that only the content of the repository is open.
var (
	onWaves   = regexp.MustCompile(regexp.QuoteMeta(wavesOpen))
	onHooks   = regexp.MustCompile(regexp.QuoteMeta(hooksOpen))
	onContent = regexp.MustCompile(`[^.]*is decided by the content of the repository(: compare what both sides render)?\.`)
)

// Settle decides the rows that only the content of the repository kept from being
// compared, now that it was rendered, and those where marks in the manifests make one tool
// do something else. Other rows stay as they are.
func Settle(rows []Row, seen Seen) {
	for i := range rows {
		r := &rows[i]
		rest := r.Meaning
		if !seen.Waves {
			rest = onWaves.ReplaceAllString(rest, "")
		}
		if !seen.Hooks {
			rest = onHooks.ReplaceAllString(rest, "")
		}
		if seen.Equivalent {
			rest = onContent.ReplaceAllString(rest, "")
		}
		if r.Verdict == CannotCompare && r.Meaning != "" && strings.TrimSpace(rest) == "" {
			r.Verdict, r.Meaning = Same, ""
		}
		r.steer(seen.Tools, seen.Steered)
	}
}
