package inventory

import (
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// skipReconcile turns an Application off (Argo CD docs, user-guide/skip_reconcile.md).
const skipReconcile = "argocd.argoproj.io/skip-reconcile"

// application reads an Application. Its status is documented in Argo CD's
// pkg/apis/application/v1alpha1/types.go (ApplicationStatus).
func application(o *Object, root *yaml.Node) bool {
	app := argocd.Read(root)
	if len(app.Missing()) > 0 {
		return false
	}
	o.Class = Application
	o.Project = node.Text(root, "spec", "project")
	destination := app.Spec("destination")
	o.Destination = node.Text(destination, "name")
	if server := node.Text(destination, "server"); server != "" && server != inCluster {
		o.Destination = server
	}
	if o.Destination == "in-cluster" {
		o.Destination = ""
	}
	o.Repository, o.TargetRevision = app.Sources[0].RepoURL, app.Sources[0].Revision
	status := node.Get(root, "status")
	o.Revision = node.Text(status, "sync", "revision")
	if revisions := node.Items(status, "sync", "revisions"); o.Revision == "" && len(revisions) > 0 {
		o.Revision = revisions[0].Value
	}
	o.Status = Status{
		Sync: node.Text(status, "sync", "status"), Health: node.Text(status, "health", "status"),
		Suspended:  app.Annotation(skipReconcile) == "true",
		Message:    applicationMessage(status),
		Reconciled: timeAt(status, "reconciledAt"),
	}
	return true
}

// inCluster is the address of the cluster that Argo CD runs in.
const inCluster = "https://kubernetes.default.svc"

// applicationMessage says what is wrong: a condition that is an error, a sync that
// failed, or why the Application is not healthy.
func applicationMessage(status *yaml.Node) string {
	for _, c := range node.Items(status, "conditions") {
		if text := node.Text(c, "message"); text != "" {
			return text
		}
	}
	if phase := node.Text(status, "operationState", "phase"); phase == "Failed" || phase == "Error" {
		return node.Text(status, "operationState", "message")
	}
	return node.Text(status, "health", "message")
}

// ofArgoCD reads an ApplicationSet or an AppProject.
func ofArgoCD(o *Object, root *yaml.Node) bool {
	o.Class = Application
	o.Project = node.Text(root, "spec", "template", "spec", "project")
	if o.Kind == "AppProject" {
		o.Project = o.Name
	}
	for _, c := range node.Items(root, "status", "conditions") {
		if node.Text(c, "type") == "ErrorOccurred" {
			o.Health = "Healthy"
			if node.True(c, "status") {
				o.Health, o.Message = "Degraded", node.Text(c, "message")
			}
		}
	}
	return !node.Empty(node.Get(root, "spec"))
}
