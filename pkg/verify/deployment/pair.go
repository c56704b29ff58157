package deployment

import (
	"cmp"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A Pair is a deployment of each side that take each other's place.
type Pair struct {
	// Left or Right is nil where nothing of the other side was found.
	Left, Right *Deployment
	// By says what brought them together.
	By Reason
}

// Reason is what brings a pair together.
type Reason string

// The reasons, from the surest to the least sure.
const (
	// Converted: the one was made of the other.
	Converted Reason = "conversion"
	// Named: they have one name.
	Named Reason = "name"
	// Sourced: they deploy the same directory or chart.
	Sourced Reason = "source"
)

// A Link says that an object of the right was made of one of the left.
type Link struct{ Left, Right ledger.Object }

// Match pairs the deployments of two sides: by the links of a conversion, then by name,
// then by what they deploy. A deployment that may belong to several is left alone.
// Pairs are in the order of left; those that only right has come last.
func Match(left, right *Side, links []Link) []Pair {
	m := newMatcher(left, right)
	m.gather(left, 0)
	m.gather(right, len(left.Appliers))
	m.link(links)
	m.byName()
	m.bySource(true)
	m.bySource(false)
	return m.pairs()
}

// A matcher joins members of both sides into groups. Members are numbered, left ones first.
type matcher struct {
	left, right *Side
	members     []*Member
	keys        [][]key
	group       []int
	by          map[int]Reason // of a group
}

func newMatcher(left, right *Side) *matcher {
	m := &matcher{left: left, right: right, by: map[int]Reason{}}
	m.members = slices.Concat(left.Appliers, right.Appliers)
	for i := range m.members {
		m.group = append(m.group, i)
		m.keys = append(m.keys, m.side(i).keys(m.members[i]))
	}
	return m
}

func (m *matcher) isLeft(i int) bool { return i < len(m.left.Appliers) }

func (m *matcher) side(i int) *Side {
	if m.isLeft(i) {
		return m.left
	}
	return m.right
}

// join makes the groups of two members one.
func (m *matcher) join(i, k int, by Reason) {
	to, from := m.group[i], m.group[k]
	m.by[to] = cmp.Or(m.by[to], m.by[from], by) // rules go from the surest to the least sure
	for n, g := range m.group {
		if g == from {
			m.group[n] = to
		}
	}
}

// paired tells whether a member's group has members of both sides.
func (m *matcher) paired(i int) bool {
	for k, g := range m.group {
		if g == m.group[i] && m.isLeft(k) != m.isLeft(i) {
			return true
		}
	}
	return false
}

func (m *matcher) link(links []Link) {
	index := map[ledger.Object]int{}
	for i := len(m.members) - 1; i >= len(m.left.Appliers); i-- {
		index[m.members[i].Object] = i
	}
	of := map[ledger.Object]int{}
	for i := range m.left.Appliers {
		of[m.members[i].Object] = i
	}
	for _, l := range links {
		i, known := of[l.Left]
		if k, ok := index[l.Right]; ok && known {
			m.join(i, k, Converted)
		}
	}
}

// pairs returns the groups.
func (m *matcher) pairs() (pairs []Pair) {
	at := map[int]int{}
	for i, member := range m.members {
		n, ok := at[m.group[i]]
		if !ok {
			n = len(pairs)
			at[m.group[i]] = n
			pairs = append(pairs, Pair{By: m.by[m.group[i]]})
		}
		d := &pairs[n].Left
		if !m.isLeft(i) {
			d = &pairs[n].Right
		}
		if *d == nil {
			*d = &Deployment{Side: m.side(i)}
		}
		(*d).Appliers = append((*d).Appliers, member)
	}
	return pairs
}
