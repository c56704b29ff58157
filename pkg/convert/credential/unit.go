// Package credential converts what lets a tool into repositories and clusters: Secrets
// of Argo CD, which it finds by URL or by the name of a cluster, and those of Flux, which
// the objects that need them name. No text of this package holds a value.
package credential

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A rule is what becomes of a key of a Secret, or of a leaf of its metadata.
type rule struct {
	key      string
	id       string
	fidelity ledger.Fidelity
	note     string
	// settles tells that nothing needs to be written, off that "false" asks for nothing.
	settles, off bool
}

// A place is a field that was written.
type place struct {
	object *object.Object
	path   string
}

// A Unit is a Secret of the input and what became of it.
type Unit struct {
	*secret.Secret
	rules []rule
	// made are the objects that its document writes.
	made []*object.Object
	// carriers are all objects that hold something of it.
	carriers []*object.Object
	to       map[string][]place
	// instead are verdicts about keys that differ from their rules.
	instead map[string]rule
	absent  []absence
	// flux tells that it is one of Flux, nameless that its own name means nothing, masked
	// that placeholders are written.
	flux, nameless, masked bool
	// twins are those that Argo CD finds by the same, it among them; nil for none.
	twins *twins
}

// An absence is a finding about what the Secret does not hold.
type absence struct {
	path string
	rule rule
	to   []place
}

func newUnit(s *secret.Secret, rules []rule, masked bool) *Unit {
	return &Unit{Secret: s, rules: rules, masked: masked, to: map[string][]place{}, instead: map[string]rule{}}
}

// Inputs returns what the unit was read from.
func (u *Unit) Inputs() []*yaml.Node { return []*yaml.Node{u.Root} }

// Objects returns what the unit writes.
func (u *Unit) Objects() []*object.Object { return u.made }

// write makes o one of the objects that the unit's document writes.
func (u *Unit) write(o *object.Object) {
	u.made = append(u.made, o)
	u.carriedBy(o)
}

// carriedBy copies to o the labels and annotations that are the user's.
func (u *Unit) carriedBy(o *object.Object) {
	u.carriers = append(u.carriers, o)
	var hide secret.Values
	if u.masked {
		hide = secret.ValuesOf(u.Root)
	}
	for _, field := range []string{"labels", "annotations"} {
		values := node.At(u.Root, "metadata", field)
		if values == nil || values.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(values.Content); i += 2 {
			if key := values.Content[i].Value; users(key) {
				o.Set(node.String(hide.Without(field, values.Content[i+1].Value)), "metadata", field, key)
			}
		}
	}
}

// users tells the user's labels and annotations from those of tools.
func users(key string) bool {
	return key != secret.LastApplied && !strings.Contains(key, "argocd.argoproj.io/") && key != managedBy
}

// managedBy is the annotation of Secrets that Argo CD's own API has made.
const managedBy = "managed-by"

// carry writes a value of the unit's key as a key of o.
func (u *Unit) carry(o *object.Object, key, as, text string, masked bool) {
	u.wrote(key, o, secret.Put(o, as, text, masked))
}

func (u *Unit) wrote(key string, o *object.Object, path string) {
	if p := (place{o, path}); !slices.Contains(u.to[key], p) {
		u.to[key] = append(u.to[key], p)
	}
}

// Entries returns the ledger of the Secret: one entry for each key.
func (u *Unit) Entries() (entries []ledger.Entry) {
	for _, leaf := range table.NewTrie().Walk(u.Root, nil) {
		r, to := u.verdict(leaf)
		entries = append(entries, u.entry(leaf.Path, leaf.Line(), r, to, false))
	}
	for _, a := range u.absent {
		entries = append(entries, u.entry(a.path, u.Root.Line, a.rule, a.to, true))
	}
	return entries
}

func (u *Unit) entry(path string, line int, r rule, to []place, absent bool) ledger.Entry {
	e := ledger.Entry{
		ID: r.id, Fidelity: r.fidelity, Note: r.note, Absent: absent, To: make([]ledger.To, 0, len(to)),
		From: ledger.From{Object: u.ID(), Path: path, File: u.File, Line: line},
	}
	for _, p := range to {
		e.To = append(e.To, ledger.To{Object: p.object.Ref(), Path: p.path})
	}
	return e
}

func (u *Unit) verdict(leaf table.Leaf) (rule, []place) {
	if key, ok := u.KeyAt(leaf.Path); ok {
		return u.ofKey(key)
	}
	top, _, _ := strings.Cut(leaf.Path, "[")
	switch {
	case strings.HasPrefix(leaf.Path, "data"):
		return rule{id: "credential-ignored", fidelity: ledger.Equivalent, note: "the same key in stringData wins"}, nil
	case leaf.Path == "metadata.namespace":
		return rule{id: "credential-metadata", fidelity: ledger.Equivalent, note: "what needs the Secret tells where it goes"}, nil
	case leaf.Path == "metadata.name" && u.nameless:
		return rule{id: "credential-metadata", fidelity: ledger.Equivalent, note: "what is made of it has the name of the cluster"}, nil
	case leaf.Path == "metadata.name":
		return rule{id: "credential-metadata", fidelity: ledger.Equivalent, note: u.spent()}, u.everywhere(leaf.Path)
	case top == "metadata.labels" || top == "metadata.annotations" || strings.HasPrefix(top, "metadata.labels.") || strings.HasPrefix(top, "metadata.annotations."):
		return u.ofMetadata(leaf)
	case strings.HasPrefix(leaf.Path, "metadata.") || leaf.Path == "status":
		return rule{id: "credential-metadata", fidelity: ledger.Runtime, note: "state of the cluster"}, nil
	default:
		return rule{id: "credential-metadata", fidelity: ledger.Equivalent, note: "the tools read the keys"}, nil
	}
}

// spent tells why a Secret leaves nothing behind.
func (u *Unit) spent() string {
	if len(u.carriers) > 0 {
		return ""
	}
	return "it holds nothing that a Secret of the other tool does"
}

func (u *Unit) ofMetadata(leaf table.Leaf) (rule, []place) {
	var to []place
	for _, p := range u.everywhere(leaf.Path) {
		if ledger.Exists(p.object.Root, leaf.Path) {
			to = append(to, p)
		}
	}
	switch {
	case len(to) == 0:
		return rule{id: "credential-metadata", fidelity: ledger.Runtime, note: "of the tool that reads or wrote the object"}, nil
	case u.masked && secret.ValuesOf(u.Root).In(leaf.Node.Value):
		return redacted, to
	}
	return rule{id: "credential-metadata", fidelity: ledger.Exact}, to
}

// everywhere is the path in all objects that hold something of the Secret.
func (u *Unit) everywhere(path string) (to []place) {
	for _, o := range u.carriers {
		to = append(to, place{o, path})
	}
	return to
}

func (u *Unit) ofKey(key string) (rule, []place) {
	to := u.to[key]
	switch r, ok := u.instead[key]; {
	case ok:
		return r, to
	case slices.ContainsFunc(to, place.redacted):
		return redacted, to
	case u.flux && len(to) > 0 && u.variable(key):
		return variable, to
	}
	for _, r := range u.rules {
		switch {
		case r.key != key:
		case r.off && !u.True(key):
			return rule{id: r.id, fidelity: ledger.Equivalent, note: "the default, which asks for nothing"}, nil
		case len(to) > 0 || r.settles || r.fidelity == ledger.Unsupported:
			return r, to
		default:
			return rule{id: "credential-ignored", fidelity: ledger.Equivalent, note: "nothing that uses the Secret reads this key"}, nil
		}
	}
	return rule{id: "credential-ignored", fidelity: ledger.Equivalent, note: "no tool reads this key"}, to
}

// Used tells whether anything was made of the Secret.
func (u *Unit) Used() bool { return len(u.carriers) > 0 }

var (
	redacted = rule{id: "redacted-on-request", fidelity: ledger.Approximate, note: "a placeholder stands for the value, as asked: put the value in before anything is applied"}
	variable = rule{id: "flux-variables", fidelity: ledger.Approximate, note: "looks like a variable of postBuild, which nothing replaces in Argo CD: put the value in"}
)

// redacted tells whether a placeholder was written.
func (p place) redacted() bool {
	values := p.object.Get("stringData")
	if values == nil {
		return false
	}
	for i := 0; i+1 < len(values.Content); i += 2 {
		if values.Content[i+1].Value == secret.Placeholder && ledger.Key("stringData", values.Content[i].Value) == p.path {
			return true
		}
	}
	return false
}

// variableText is what kustomize-controller substitutes (fluxcd/pkg envsubst).
var variableText = regexp.MustCompile(`\$\{[_A-Za-z][^}]*\}`)

// variable tells whether a value that is written as text looks like a variable.
func (u *Unit) variable(key string) bool {
	return variableText.MatchString(node.Text(u.Root, "stringData", key))
}
