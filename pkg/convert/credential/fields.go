package credential

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"

// The Secrets whose keys have rules, as lists of fields call them.
const (
	// RepositoryKind are repositories and templates of Argo CD.
	RepositoryKind = "Secret/repository"
	ClusterKind    = "Secret/cluster"
	// SourceKind are Secrets that sources of Flux name.
	SourceKind = "Secret/source"
)

// A Field is a key of a Secret, and what becomes of it where something uses it.
type Field struct {
	Kind, Key, ID string
	Fidelity      ledger.Fidelity
	Note          string
	// Switch tells that "false" is its default, and asks for nothing.
	Switch bool
}

// Kinds lists the Secrets whose keys have rules.
func Kinds() []string { return []string{RepositoryKind, ClusterKind, SourceKind} }

// Fields lists the keys of a kind, in the order of their rules; none for another kind.
func Fields(kind string) (fields []Field) {
	rules := map[string][]rule{RepositoryKind: argoRules, ClusterKind: argoClusterRules, SourceKind: fluxRules}
	for _, r := range rules[kind] {
		fields = append(fields, Field{kind, r.key, r.id, r.fidelity, r.note, r.off})
	}
	return fields
}
