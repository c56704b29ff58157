package credential

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Given is a Secret of Argo CD in the input.
type Given interface {
	// Outcome tells what becomes of it, once all needs are known. unit is nil where
	// nothing of the input uses the Secret; stays tells that Argo CD needs it further on.
	Outcome() (unit *Unit, stays bool)
	// Twice names other Secrets that Argo CD finds by the same, and tells whether one has
	// other values.
	Twice() (names string, differ bool)
}

// Outcome implements Given.
func (c *credential) Outcome() (unit *Unit, stays bool) {
	if !c.used {
		return nil, true
	}
	for _, o := range c.made {
		if node.At(o.Root, "stringData", "identity") != nil && node.At(o.Root, "stringData", "known_hosts") == nil {
			at := []place{{o, ledger.Key("stringData", "identity")}}
			c.absent = append(c.absent, absence{ledger.Key("stringData", "known_hosts"), keysLost, at})
		}
	}
	c.twinned()
	return c.Unit, c.stays
}
