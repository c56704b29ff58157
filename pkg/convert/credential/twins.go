package credential

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A twinKey is what Argo CD finds a Secret by: several of one key are in the order of an
// informer's index, which is none, so that nobody can tell which one it takes (util/db
// secrets.go listSecretsByType, repository_secrets.go getRepositorySecret, cluster.go
// GetCluster).
type twinKey struct{ role, address, project string }

// twins are the Secrets of one key, in input order.
type twins struct{ all []*Unit }

// join adds a Secret to those of its key.
func (s *Store) join(u *Unit, key twinKey) {
	if key.address == "" {
		return // Argo CD finds it by nothing
	}
	if s.twins[key] == nil {
		s.twins[key] = &twins{}
	}
	u.twins = s.twins[key]
	u.twins.all = append(u.twins.all, u)
}

// Twice tells which other Secrets Argo CD finds by the same, and whether one has other
// values; names is empty for none, and where nothing is made of any of them.
func (u *Unit) Twice() (names string, differ bool) {
	if u.twins == nil {
		return "", false
	}
	var others []string
	for _, other := range u.twins.all {
		if other != u && (u.Used() || other.Used()) {
			others = append(others, other.Name())
			differ = differ || u.values() != other.values()
		}
	}
	return list(others), differ
}

// values are the keys with their values, but for what only names the Secret.
func (u *Unit) values() string {
	var b strings.Builder
	for _, key := range u.Keys() {
		if !slices.Contains([]string{"url", "name", "server"}, key) {
			fmt.Fprintf(&b, "%q %q\n", key, u.Text(key))
		}
	}
	return b.String()
}

// twinned says of a Secret that is converted that Argo CD may take another.
func (u *Unit) twinned() {
	names, differ := u.Twice()
	if names == "" {
		return
	}
	r := rule{id: "credential-twice", fidelity: ledger.Equivalent, note: "Argo CD finds Secret " + names + " by the same URL, project or server, with the same values: keep one"}
	if differ {
		r.fidelity, r.note = ledger.Approximate, "Argo CD finds Secret "+names+" by the same URL, project or server, with other values, and which one it takes is not defined: this one is converted. Keep the one that is meant"
	}
	u.absent = append(u.absent, absence{"metadata.name", r, u.everywhere("metadata.name")})
}
