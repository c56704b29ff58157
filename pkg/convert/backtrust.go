package convert

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// indexTrust finds the ConfigMaps of the input that say whom Argo CD trusts.
func (s *survey) indexTrust(back *credential.Back) map[site]*credential.Merged {
	found := map[site]*credential.Merged{}
	for _, at := range s.maps {
		if !holdsTrust(at.doc) {
			continue
		}
		root, err := s.cache.load(at)
		if err != nil {
			continue // the conversion reports it
		}
		if o := objectOf(root); isTrust(o) && (o.Namespace == "" || o.Namespace == s.options.ArgoCDNamespace) {
			if m := back.Merge(root, at.doc.File); m != nil {
				found[at] = m
			}
		}
	}
	return found
}

func isTrust(o ledger.Object) bool {
	return o.APIVersion == "v1" && o.Kind == "ConfigMap" && (o.Name == credential.KnownHosts || o.Name == credential.Authorities)
}

// forgetMerged lets ConfigMaps that something is merged into stand in the way of nothing, as
// what is written takes their place.
func (c *compiler) forgetMerged() {
	if c.survey.credentials == nil {
		return
	}
	for _, m := range c.survey.credentials.trust {
		if m.Added() {
			delete(c.present, identity(m.Objects()[0].Ref()))
		}
	}
}

// backTrust converts a ConfigMap that something is merged into; taken is false for any other.
func (c *compiler) backTrust(j *job, at site) (taken bool) {
	m := c.survey.credentials.trust[at]
	if m == nil || !m.Added() {
		return false
	}
	j.units = append(j.units, m)
	return true
}
