package credential

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"

var (
	caFound   = rule{id: "credential-ca", fidelity: ledger.Equivalent, note: "the host's CA, of ConfigMap " + Authorities}
	keysFound = rule{id: "known-hosts", fidelity: ledger.Equivalent, note: "the host's keys, of ConfigMap " + KnownHosts}
	keysLost  = rule{id: "known-hosts-missing", fidelity: ledger.Approximate, note: "Flux connects to no host whose keys it does not know: add known_hosts, as by ssh-keyscan, or convert together with ConfigMap " + KnownHosts}
)

// mergeByHand is about a ConfigMap that every installation of Argo CD has.
func mergeByHand(name string) rule {
	return rule{id: "trust-merge", fidelity: ledger.Approximate, note: "merge what is written here into ConfigMap " + name + " that Argo CD has, or convert together with that: applied as it is, this one would take its place"}
}
