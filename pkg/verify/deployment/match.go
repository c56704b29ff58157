package deployment

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// gather joins members of one side, numbered from first, of which one says that it is
// part of another.
func (m *matcher) gather(s *Side, first int) {
	names := map[string]int{}
	for i, member := range s.Appliers {
		names[member.Kind+"/"+member.namespace+"/"+member.Name] = first + i
	}
	for i, member := range s.Appliers {
		whole := node.Text(member.Root, "metadata", "annotations", preserve.PartOf)
		if k, ok := names[whole]; ok {
			m.join(k, first+i, "")
		}
	}
}

// byName joins members of one name. Where several have it, what they deploy decides, and
// then where to; what still may belong to several is left alone.
func (m *matcher) byName() {
	for i := range m.left.Appliers {
		if m.paired(i) {
			continue
		}
		found := m.named(i)
		if len(found) > 1 || m.shared(i) {
			found = slices.DeleteFunc(found, func(k int) bool { return !m.meet(i, k) })
		}
		if m.ambiguous(i, found) {
			found = slices.DeleteFunc(found, func(k int) bool { return !m.samePlace(i, k) })
		}
		if m.ambiguous(i, found) {
			continue
		}
		for _, k := range found {
			m.join(i, k, Named)
		}
	}
}

// ambiguous tells whether two of found deploy the same, or one of them what another member
// of the name of i deploys to the same place.
func (m *matcher) ambiguous(i int, found []int) bool {
	for at, k := range found {
		for _, other := range found[at+1:] {
			if m.group[other] != m.group[k] && m.meet(k, other) {
				return true
			}
		}
		for n := range m.left.Appliers {
			rival := n != i && m.members[n].Name == m.members[i].Name && m.group[n] != m.group[i] && !m.paired(n)
			if rival && m.meet(n, k) && (m.samePlace(n, k) || !m.samePlace(i, k)) {
				return true
			}
		}
	}
	return false
}

// named returns the members of the right that have the name of i and no pair.
func (m *matcher) named(i int) (found []int) {
	for k := len(m.left.Appliers); k < len(m.members); k++ {
		if m.members[k].Name == m.members[i].Name && !m.paired(k) {
			found = append(found, k)
		}
	}
	return found
}

// shared tells whether others of the left have the name of i.
func (m *matcher) shared(i int) bool {
	for k := range m.left.Appliers {
		if k != i && m.members[k].Name == m.members[i].Name {
			return true
		}
	}
	return false
}

// meet tells whether two members deploy the same.
func (m *matcher) meet(i, k int) bool {
	return slices.ContainsFunc(m.keys[i], func(x key) bool { return slices.Contains(m.keys[k], x) })
}

// bySource joins what has no pair to the one that deploys the same, to the same place
// if placed. What the other one's pair deploys already is a copy, not its part.
func (m *matcher) bySource(placed bool) {
	for i := range m.members {
		if m.paired(i) {
			continue
		}
		var found []int
		for k := range m.members {
			if m.isLeft(k) != m.isLeft(i) && m.wants(k, i) && (!placed || m.samePlace(i, k)) && !m.listed(found, k) {
				found = append(found, k)
			}
		}
		if len(found) == 1 && m.only(i, found[0], placed) {
			m.join(min(i, found[0]), max(i, found[0]), Sourced)
		}
	}
}

// wants tells whether k deploys something that i deploys and that no pair of k does.
func (m *matcher) wants(k, i int) bool {
	return slices.ContainsFunc(m.keys[i], func(x key) bool {
		return slices.Contains(m.keys[k], x) && !m.covered(k, x)
	})
}

// covered tells whether what k is paired with deploys x.
func (m *matcher) covered(k int, x key) bool {
	for n, g := range m.group {
		if g == m.group[k] && m.isLeft(n) != m.isLeft(k) && slices.Contains(m.keys[n], x) {
			return true
		}
	}
	return false
}

// only tells whether no other member of the side of i, without a pair, could be meant
// by k instead.
func (m *matcher) only(i, k int, placed bool) bool {
	for n := range m.members {
		if n == i || m.isLeft(n) != m.isLeft(i) || m.paired(n) || m.group[n] == m.group[i] {
			continue
		}
		same := slices.ContainsFunc(m.keys[n], func(x key) bool {
			return slices.Contains(m.keys[i], x) && slices.Contains(m.keys[k], x)
		})
		if same && (!placed || m.samePlace(n, k)) {
			return false
		}
	}
	return true
}

func (m *matcher) samePlace(i, k int) bool {
	return m.side(i).place(m.members[i]) == m.side(k).place(m.members[k])
}

// listed tells whether a member of the group of k is among found.
func (m *matcher) listed(found []int, k int) bool {
	return slices.ContainsFunc(found, func(n int) bool { return m.group[n] == m.group[k] })
}
