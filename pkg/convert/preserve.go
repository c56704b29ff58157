package convert

import (
	"encoding/json"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// PreservedAnnotation holds what the target cannot say: a JSON object from the path
// of a leaf to its value, for every leaf that is neither exact nor runtime.
const PreservedAnnotation = "kubectl-gitops.io/preserved"

// preserve writes the annotation on the first object that deploys something.
func preserve(u *mapping.Unit, entries []ledger.Entry) error {
	kept := map[string]any{}
	for i, e := range entries {
		if e.ID == "url-credentials" {
			continue // a credential is copied nowhere
		}
		if e.Absent || e.Fidelity == ledger.Exact || e.Fidelity == ledger.Runtime {
			continue
		}
		var value any
		if err := u.Leaf(i).Decode(&value); err != nil {
			return fmt.Errorf("%s:%d: %s: cannot be preserved: not a value of JSON", e.From.File, e.From.Line, e.From.Path)
		}
		kept[e.From.Path] = value
	}
	text, err := json.Marshal(kept)
	if err != nil {
		return fmt.Errorf("preserve %s: %w", u.App.Name, err)
	}
	u.First().Set(node.String(string(text)), "metadata", "annotations", PreservedAnnotation)
	return nil
}
