package inventory

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// config reads what Flux deploys by, and its other objects.
func config(o *Object, root *yaml.Node) bool {
	o.Class = Config
	if flux.IsApplier(o.Kind) {
		a := flux.ReadApplier(root, o.Namespace)
		ref := a.Source()
		if ref.Name == "" {
			return false
		}
		o.Source = Key{ref.Namespace, ref.Kind, ref.Name}
		o.TargetRevision = node.Text(a.Spec("chart", "spec"), "version")
		o.Destination = node.Text(a.Spec("kubeConfig", "secretRef"), "name")
	}
	o.fluxStatus(root)
	return !node.Empty(node.Get(root, "spec"))
}

// source reads what Flux fetches by.
func source(o *Object, root *yaml.Node) bool {
	o.Class = Repository
	spec := node.Get(root, "spec")
	o.Repository = node.Text(spec, "url")
	if o.Kind == flux.Bucket.Name {
		o.Repository = "s3://" + node.Text(spec, "endpoint") + "/" + node.Text(spec, "bucketName")
	}
	o.TargetRevision = targetOf(node.Get(spec, "ref"))
	o.Authentication = sourceAuthentication(spec)
	o.fluxStatus(root)
	return o.Repository != "" || o.Kind == flux.ExternalArtifact.Name && !node.Empty(spec)
}

// targetOf is what a reference asks for; of several fields the first counts
// (source-controller docs, GitRepository and OCIRepository, Reference).
func targetOf(ref *yaml.Node) string {
	for _, field := range []string{"commit", "digest", "name", "semver", "tag", "branch"} {
		if text := node.Text(ref, field); text != "" {
			return text
		}
	}
	return ""
}

// fluxStatus reads the conditions that Flux's controllers set (fluxcd/pkg
// apis/meta/conditions.go) in the words of Argo CD.
func (o *Object) fluxStatus(root *yaml.Node) {
	o.Suspended = node.True(root, "spec", "suspend")
	status := node.Get(root, "status")
	o.Revision = fluxRevision(status)
	ready := condition(status, "Ready")
	if ready == nil {
		return
	}
	if history := node.Items(status, "history"); len(history) > 0 {
		o.Reconciled = timeAt(history[0], "lastReconciled") // of Kustomizations, since Flux 2.7
	}
	switch node.Text(ready, "status") {
	case "True":
		o.Sync, o.Health = "Synced", "Healthy"
	case "False":
		o.Sync, o.Health, o.Message = "OutOfSync", "Degraded", node.Text(ready, "message")
	default:
		o.Sync, o.Health, o.Message = "OutOfSync", "Progressing", node.Text(ready, "message")
	}
	if behind(root, status) && o.Sync == "Synced" {
		o.Sync = "OutOfSync"
	}
	if o.Suspended {
		o.Health = "Suspended"
	}
}

// behind tells whether the controller has yet to act on the object or on its source.
func behind(root, status *yaml.Node) bool {
	generation, observed := node.Text(root, "metadata", "generation"), node.Text(status, "observedGeneration")
	if generation != "" && observed != "" && generation != observed {
		return true
	}
	applied, attempted := node.Text(status, "lastAppliedRevision"), node.Text(status, "lastAttemptedRevision")
	return applied != "" && attempted != "" && applied != attempted
}

// fluxRevision is what was applied, released or fetched.
func fluxRevision(status *yaml.Node) string {
	if text := node.Text(status, "lastAppliedRevision"); text != "" {
		return text
	}
	if history := node.Items(status, "history"); len(history) > 0 {
		if text := node.Text(history[0], "chartVersion"); text != "" {
			return text
		}
	}
	return node.Text(status, "artifact", "revision")
}

func condition(status *yaml.Node, kind string) *yaml.Node {
	for _, c := range node.Items(status, "conditions") {
		if node.Text(c, "type") == kind {
			return c
		}
	}
	return nil
}
