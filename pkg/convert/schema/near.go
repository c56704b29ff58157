package schema

import (
	"maps"
	"slices"
	"strings"
)

// near finds the field that an unknown one was probably meant to be.
func (s *node) near(name string) string {
	for _, known := range slices.Sorted(maps.Keys(s.Props)) {
		if strings.EqualFold(known, name) || oneSlip(known, name) {
			return known
		}
	}
	return ""
}

// oneSlip says that one letter too many, missing, wrong or swapped with its
// neighbour tells a from b. Short names are too alike for that.
func oneSlip(a, b string) bool {
	if min(len(a), len(b)) < 3 {
		return false
	}
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	swapped := len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
	return swapped || len(a) <= 1 && len(b) <= 1
}
