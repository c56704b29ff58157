package convert

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
)

// keepNeeded keeps the source objects that others which stay need. It returns whether
// there were any more.
func (s *survey) keepNeeded() (more bool) {
	for _, e := range s.entries {
		if !s.stays(e) {
			continue
		}
		tree, err := e.Load()
		if err != nil {
			continue // the conversion reports it
		}
		for _, ref := range flux.Needs(tree, e.Ref) {
			for _, needed := range s.index.Find(ref, e.File) {
				if !s.stays(needed) {
					s.sources[s.cache.sites[needed]].kept, more = true, true
				}
			}
		}
	}
	return more
}

// stays tells whether an object is not converted.
func (s *survey) stays(e *flux.Entry) bool {
	if flux.IsAddOn(e.Kind) {
		return s.addOnAt[s.cache.sites[e]].why != ""
	}
	src := s.sources[s.cache.sites[e]]
	return src == nil || src.kept || len(src.users) == 0
}
