package convert

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// keptRefs are the references to Secrets that an Application's Flux objects will have, as
// its record restores them: the Secrets have to be where these look for them. source is
// zero for several sources, which no URL tells apart for certain.
func (c *compiler) keptRefs(root *yaml.Node) (source credential.Kept, cluster credential.Kept) {
	record, err := preserve.Read(root)
	if err != nil || record == nil || c.options.plain {
		return source, cluster
	}
	images, err := plainly([]*yaml.Node{root}, ToFlux)
	if err != nil || !record.Holds(images) {
		return source, cluster
	}
	var objects []*object.Object
	for _, image := range images {
		objects = append(objects, object.From(node.Clone(image)))
	}
	sources := 0
	for _, o := range restored(record, objects, images) {
		name := func(keys ...string) string { return node.Text(o.Get(append([]string{"spec"}, keys...)...), "name") }
		switch {
		case flux.IsApplier(o.Kind.Name):
			cluster = credential.Kept{Namespace: o.Namespace(), Secret: name("kubeConfig", "secretRef"), Key: node.Text(o.Get("spec", "kubeConfig", "secretRef"), "key")}
		case slices.Contains([]string{flux.GitRepository.Name, flux.OCIRepository.Name, flux.HelmRepository.Name}, o.Kind.Name):
			sources++
			source = credential.Kept{Namespace: o.Namespace(), Secret: name("secretRef"), Cert: name("certSecretRef"), Proxy: name("proxySecretRef")}
		}
	}
	if sources > 1 {
		source = credential.Kept{}
	}
	return source, cluster
}

// lacking records what the sources of a unit say nothing of, and would come back with, as
// Argo CD has credentials for their URL or host. What comes back of a unit alone shows none.
func (b *backCredentials) lacking(u *mapping.BackUnit, record *preserve.Record) {
	between := u.Chart
	for _, origin := range append([]*flux.Source{u.Origin}, u.Lenders...) {
		if origin == nil || origin.Assumed {
			continue
		}
		for _, field := range b.back.Brings(mapping.Repository(u.Applier, between, origin)) {
			if origin.Spec(field) == nil {
				record.Lacks(origin.Kind, "spec", field)
			}
		}
		between = nil
	}
}
