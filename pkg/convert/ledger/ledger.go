// Package ledger is the account of a conversion: one entry for each leaf of the
// input, saying what became of it. Other tools read its JSON form, so the field
// names and their meaning are a stable contract.
package ledger

// An Object names a Kubernetes object.
type Object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Namespace  string `json:"namespace,omitempty"`
	Name       string `json:"name"`
}

// From is a leaf of the input. Path is unambiguous, for example
// spec.sources[0].helm.parameters[1].name or metadata.annotations["a.b/c"].
// Line counts from 1 in File.
type From struct {
	Object
	Path string `json:"path"`
	File string `json:"file"`
	Line int    `json:"line"`
}

// To is a field that was written.
type To struct {
	Object
	Path string `json:"path"`
}

// An Entry says what became of one leaf.
type Entry struct {
	// ID is the public slug of the rule that decided, as `explain` knows it.
	ID       string   `json:"id"`
	Fidelity Fidelity `json:"fidelity"`
	From     From     `json:"from"`
	To       []To     `json:"to"`
	Note     string   `json:"note,omitempty"`
	// Absent marks an entry about a field that the input does not set.
	Absent bool `json:"absent,omitempty"`
	// Blocking marks a loss that would deploy something else; the output is suspended.
	Blocking bool `json:"blocking,omitempty"`
}
