package content

import (
	"strings"
	"testing"
)

// TestMarks: each mark is none of the content where a tool reads it, and there alone. The list
// is written out, so that one more is a decision that a person takes twice.
func TestMarks(t *testing.T) {
	const flux, helm, argo = "kustomize.toolkit.fluxcd.io/", "helm.toolkit.fluxcd.io/", "argocd.argoproj.io/"
	read := map[string]string{
		flux + "name": "labels", flux + "namespace": "labels", helm + "name": "labels", helm + "namespace": "labels",
		flux + "checksum": "labels annotations", flux + "prune": "labels annotations", flux + "ssa": "labels annotations",
		flux + "force": "labels annotations", flux + "substitute": "labels annotations", flux + "reconcile": "labels annotations",
		helm + "driftDetection": "labels annotations", flux + "decrypt": "annotations",
		argo + "tracking-id": "annotations", argo + "installation-id": "annotations", argo + "hook": "annotations",
		argo + "hook-delete-policy": "annotations", argo + "sync-wave": "annotations", argo + "sync-options": "annotations",
		argo + "compare-options": "annotations", "helm.sh/resource-policy": "annotations",
		"kubectl-gitops.io/preserved": "annotations", "kubectl-gitops.io/part-of": "annotations",
	}
	plain := deployment(", annotations: {a: b}, labels: {a: b}", "")
	for key, places := range read {
		for _, place := range []string{"labels", "annotations"} {
			for _, name := range []string{key, key + "s"} {
				marked := strings.Replace(plain, place+": {a: b", place+": {a: b, "+name+": x", 1)
				want := name == key && strings.Contains(places, place)
				if got := differences(t, plain, marked) == ""; got != want {
					t.Errorf("%s in %s: equal %v, want %v", name, place, got, want)
				}
				if back := differences(t, marked, plain) == ""; back != want {
					t.Errorf("%s in %s of the other side: equal %v, want %v", name, place, back, want)
				}
				pod := map[string]string{"labels": "labels: {app: web, " + name + ": x}", "annotations": "annotations: {" + name + ": x}, labels: {app: web}"}[place]
				if got := differences(t, plain, strings.Replace(plain, "template: {metadata: {labels: {app: web}", "template: {metadata: {"+pod, 1)); !strings.HasPrefix(got, "value Deployment/web spec.template.metadata."+place) {
					t.Errorf("%s in %s of a pod template: %q", name, place, got)
				}
			}
		}
	}
	if len(read) != len(marks) {
		t.Errorf("%d marks, and %d are known here", len(marks), len(read))
	}
}
