package credential

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// brings are the fields of a source's spec that its credentials may write, and the keys of
// a repository Secret that lead to them, besides a CA.
var brings = []struct {
	field     string
	authority bool
	keys      []string
}{
	{"secretRef", true, []string{"username", "password", "bearerToken", "sshPrivateKey", "githubAppPrivateKey", "tlsClientCertData"}},
	{"certSecretRef", true, []string{"tlsClientCertData"}},
	{"proxySecretRef", false, []string{"proxy"}},
	{"provider", false, []string{"githubAppPrivateKey", "useAzureWorkloadIdentity"}},
	{"insecure", false, []string{"insecureOCIForceHttp"}},
}

// Brings lists the fields that a source of the repository has when it comes back: Argo CD
// finds what Secrets of Flux have become by URL and host, whichever source named them.
func (b *Back) Brings(r Repository) (fields []string) {
	var made *object.Object
	if m := b.made[[2]string{normal(r.URL), r.Type}]; m != nil {
		made = m.object
	}
	authority := b.authority(r)
	for _, one := range brings {
		is := one.authority && authority
		for _, key := range one.keys {
			is = is || made != nil && (made.Get("stringData", key) != nil || made.Get("data", key) != nil)
		}
		if is {
			fields = append(fields, one.field)
		}
	}
	return fields
}

// authority tells whether Argo CD trusts a CA of the repository's host.
func (b *Back) authority(r Repository) bool {
	host, _ := hostOf(r.URL)
	if o := b.trusted[Authorities]; o != nil && o.Get("data", host) != nil {
		return true
	}
	m := b.given[Authorities]
	return m != nil && node.At(m.Object().Root, "data", host) != nil
}
