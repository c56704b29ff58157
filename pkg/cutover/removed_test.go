package cutover

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
)

// TestRemovals: the table is whole, and sends nobody to a version that is gone as well.
func TestRemovals(t *testing.T) {
	gone := map[[2]string]bool{}
	for _, r := range removals() {
		if gone[[2]string{r.APIVersion, r.Kind}] {
			t.Errorf("%s %s is there twice", r.APIVersion, r.Kind)
		}
		gone[[2]string{r.APIVersion, r.Kind}] = true
	}
	for _, r := range removals() {
		if gone[[2]string{r.Instead, r.Kind}] || strings.Contains(r.Instead, " ") {
			t.Errorf("%s %s: %q is no advice", r.APIVersion, r.Kind, r.Instead)
		}
		if now, ok := flux.Current(r.APIVersion, r.Kind); ok && now.APIVersion != r.Instead {
			t.Errorf("%s %s: the advice is %s, Flux serves %s", r.APIVersion, r.Kind, r.Instead, now.APIVersion)
		}
	}
	if len(gone) < 60 {
		t.Errorf("only %d rows", len(gone))
	}
}

func TestOutdated(t *testing.T) {
	tests := []struct {
		name, yaml string
		want       []string
	}{
		{"built-in", "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: web, namespace: a}\n",
			[]string{"in.yaml:1 Ingress a/web extensions/v1beta1 Kubernetes 1.22 networking.k8s.io/v1"}},
		{"another removal of the version", "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}\n",
			[]string{"in.yaml:1 Deployment web extensions/v1beta1 Kubernetes 1.16 apps/v1"}},
		{"no successor", "apiVersion: policy/v1beta1\nkind: PodSecurityPolicy\nmetadata: {name: p}\n",
			[]string{"in.yaml:1 PodSecurityPolicy p policy/v1beta1 Kubernetes 1.25 "}},
		{"served", "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: c}\n", nil},
		{"a kind of somebody else", "apiVersion: batch/v1beta1\nkind: Other\nmetadata: {name: c}\n", nil},
		{"in a list", "apiVersion: v1\nkind: List\nitems:\n- apiVersion: batch/v1beta1\n  kind: CronJob\n  metadata: {name: c}\n",
			[]string{"in.yaml:4 CronJob c batch/v1beta1 Kubernetes 1.25 batch/v1"}},
		{"sources", "---\napiVersion: source.toolkit.fluxcd.io/v1beta2\nkind: OCIRepository\nmetadata: {name: c, namespace: f}\n",
			[]string{"in.yaml:2 OCIRepository f/c source.toolkit.fluxcd.io/v1beta2 Flux 2.8 source.toolkit.fluxcd.io/v1"}},
		{"health checks", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: c, namespace: f}\nspec:\n  healthChecks:\n  - {apiVersion: apps/v1, kind: Deployment, name: d}\n  - {apiVersion: helm.toolkit.fluxcd.io/v2beta1, kind: HelmRelease, name: d}\n",
			[]string{"in.yaml:7 the health check of Kustomization f/c helm.toolkit.fluxcd.io/v2beta1 Flux 2.7 helm.toolkit.fluxcd.io/v2"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			uses, err := outdated([]convert.Input{{Name: "in.yaml", Data: []byte(tt.yaml)}}, nil)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, u := range uses {
				got = append(got, strings.Join([]string{u.where, u.APIVersion, u.Release, u.Instead}, " "))
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if steps := refused(uses); len(steps) != min(1, len(tt.want)) {
				t.Errorf("%d steps", len(steps))
			}
		})
	}
}
