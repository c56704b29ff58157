// Package content compares what two sides of one deployment apply: the objects that an
// Application renders to, and those of the Kustomizations and HelmReleases that stand for
// it.
//
// Two objects are equal when the API server would store the same for both, but for the
// marks by which the tools own and steer them (marks.go). Nothing else is taken for
// equal: order in lists counts, and so do fields that no schema here knows. What is
// normalised is listed in three tables: [marks], [settleMetadata] with what API servers do
// to every kind, and [builtin] for the kinds of Kubernetes itself.
package content

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A Tool is what applies the objects of a side.
type Tool string

// The tools.
const (
	ArgoCD Tool = "Argo CD"
	Flux   Tool = "Flux"
)

// A Side is what the appliers of one deployment render to.
type Side struct {
	Tool    Tool
	Objects []manifest.Object
	// Omitted are objects that the sources hold and the tool does not apply
	// (manifest.App.Left). They are no content; they explain what is absent.
	Omitted []manifest.Object
	// Secrets are what the Secrets of the side's input hold, of which values are made.
	Secrets Secrets
}

// A Kind of difference.
type Kind string

// The kinds of differences.
const (
	// Absent is an object that one side lacks.
	Absent Kind = "absent"
	// Repeated is an object that one side renders more often than the other.
	Repeated Kind = "repeated"
	// Part is an object that runs as a hook on one side, or in other phases.
	Part Kind = "part"
	// Value is a field that one side lacks or where the sides hold different values.
	Value Kind = "value"
	// Order is a list with the same items in another order.
	Order Kind = "order"
)

// A Difference is one way in which an object is not the same on both sides. Its texts hold
// no secrets.
type Difference struct {
	Kind   Kind          `json:"kind"`
	Object ledger.Object `json:"object"`
	// Path is the field, as in ledger.From; an item of a list that has keys is named by
	// them: spec.template.spec.containers[name=web].image. It is empty for whole objects.
	// The index of other items is that of the left side, and of the right for what only
	// that has.
	Path string `json:"path,omitempty"`
	// Left and Right are the values as JSON, shortened around the first difference. An
	// empty text is no value.
	Left  string `json:"left,omitempty"`
	Right string `json:"right,omitempty"`
	// Reason says what it is that differs, where the values do not.
	Reason string `json:"reason,omitempty"`
	// LeftOrigin and RightOrigin are where the object is from on each side; zero where a
	// side lacks it.
	LeftOrigin  Origin `json:"leftOrigin,omitzero"`
	RightOrigin Origin `json:"rightOrigin,omitzero"`
}

// Origin is manifest.Origin with names for JSON.
type Origin struct {
	Source   string `json:"source,omitempty"`
	Revision string `json:"revision,omitempty"`
	File     string `json:"file,omitempty"`
}

// A Result is the outcome of a comparison.
type Result struct {
	// Left and Right count the objects of the sides. Two empty sides are equal; whether
	// that proves anything is for the caller to say.
	Left  int `json:"left"`
	Right int `json:"right"`
	// Differences are in order of group, kind, namespace and name, then of path.
	Differences []Difference `json:"differences"`
}

// Equal tells whether both sides deploy the same.
func (r Result) Equal() bool { return len(r.Differences) == 0 }

// Compare tells where two sides deploy something else. It changes neither.
//
// It knows what was rendered and no more: where a finding of the renderer says that the tool
// applies something else, such as an object that stays encrypted here, equal objects prove
// nothing.
func Compare(left, right Side) Result {
	c := comparison{left: left, right: right, clusterScoped: clusterScoped(left.Objects, right.Objects)}
	c.secrets = left.Secrets.With(right.Secrets, append(secretsOf(left.Objects), secretsOf(right.Objects)...)...)
	l, r := c.group(left), c.group(right)
	for _, id := range identities(l, r) {
		c.objects(id, l, r)
	}
	return Result{Left: len(left.Objects), Right: len(right.Objects), Differences: append([]Difference{}, c.differences...)}
}

// A comparison of two sides on its way.
type comparison struct {
	left, right   Side
	clusterScoped func(*manifest.Object) bool
	secrets       Secrets
	differences   []Difference
}

// objects compares those of one identity, each with the one that comes at the same place.
func (c *comparison) objects(id identity, l, r *group) {
	left, right := l.objects[id], r.objects[id]
	both := min(len(left), len(right))
	for i := range both {
		c.pair(left[i], right[i])
	}
	switch {
	case len(left) == len(right):
	case both == 0:
		c.absent(id, l, r)
	default:
		c.repeated(left, right)
	}
}

// pair compares an object that both sides have.
func (c *comparison) pair(left, right *manifest.Object) {
	c.parts(left, right)
	l, r := c.trees(left, right)
	w := walk{secrets: c.secrets, report: func(d Difference) { c.add(d, left, right) }}
	w.values("", "", c.shown(l), c.shown(r))
}

// add keeps a difference of an object; a side that lacks the object is nil.
func (c *comparison) add(d Difference, left, right *manifest.Object) {
	if right != nil {
		d.Object, d.RightOrigin = named(right), Origin(right.Origin)
	}
	if left != nil {
		d.Object, d.LeftOrigin = named(left), Origin(left.Origin)
	}
	c.differences = append(c.differences, d)
}
