package convert

import (
	"bytes"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// indexTrust finds the ConfigMaps of the input that say whom Argo CD trusts.
func (s *survey) indexTrust(back *credential.Back) {
	s.eachOfArgo(holdsTrust, isTrust, func(at site, root *yaml.Node) {
		if m := back.Merge(root, at.doc.File); m != nil {
			s.merged[at] = m
		}
	})
}

func isTrust(o ledger.Object) bool {
	return o.APIVersion == "v1" && o.Kind == "ConfigMap" && (o.Name == credential.KnownHosts || o.Name == credential.Authorities)
}

// notificationsOfInput is the ConfigMap of Argo CD's notifications that the input has, or nil.
func (s *survey) notificationsOfInput() (m *configmap.Merged) {
	mayBe := func(d *document.Doc) bool { return bytes.Contains(d.Raw, notificationConfig) }
	s.eachOfArgo(mayBe, isNotificationConfig, func(at site, root *yaml.Node) {
		if m == nil {
			m = configmap.NewMerged(root, at.doc.File, "notifications-merged")
			s.merged[at] = m
		}
	})
	return m
}

// eachOfArgo calls f for the ConfigMaps of the input that Argo CD reads.
func (s *survey) eachOfArgo(mayBe func(*document.Doc) bool, is func(ledger.Object) bool, f func(at site, root *yaml.Node)) {
	for _, at := range s.maps {
		if !mayBe(at.doc) {
			continue
		}
		root, err := s.cache.load(at)
		if err != nil {
			continue // the conversion reports it
		}
		if o := objectOf(root); is(o) && (o.Namespace == "" || o.Namespace == s.options.ArgoCDNamespace) {
			f(at, root)
		}
	}
}

// forgetMerged lets ConfigMaps that something is merged into stand in the way of nothing, as
// what is written takes their place.
func (c *compiler) forgetMerged() {
	for _, m := range c.survey.merged {
		if m.Added() {
			delete(c.present, identity(m.Object().Ref()))
		}
	}
}

// backMerged converts a ConfigMap that something is merged into; taken is false for any other.
func (c *compiler) backMerged(j *job, at site) (taken bool) {
	m := c.survey.merged[at]
	if m == nil || !m.Added() {
		return false
	}
	j.units = append(j.units, m)
	return true
}
