package convert_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

func TestDirectionOf(t *testing.T) {
	const (
		argo    = "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
		project = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\n"
		rollout = "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n"
		fluxcd  = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n"
		other   = "apiVersion: v1\nkind: ConfigMap\n"
		list    = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease}\n"
		flow    = "{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository}\n"
		crd     = "apiVersion: v1\nkind: ConfigMap\ndata: {group: source.toolkit.fluxcd.io}\n"
	)
	tests := map[convert.Direction][][]string{
		convert.ToFlux: {{argo}, {project}, {other}, {}, {argo, rollout, other, crd}},
		convert.ToArgo: {{fluxcd}, {other, fluxcd}, {list}, {flow}, {rollout, fluxcd}},
		convert.ToAuto: {{argo, fluxcd}, {fluxcd, project}, {list, argo}},
	}
	for want, cases := range tests {
		for _, docs := range cases {
			got, err := convert.DirectionOf([]convert.Input{
				{Name: "broken.yaml", Data: []byte("\x00")}, {Name: "a.yaml", Data: []byte(strings.Join(docs, "---\n"))}})
			if got != want || (want == convert.ToAuto) != errors.Is(err, convert.ErrMixed) {
				t.Errorf("%q: %q, %v; want %q", docs, got, err, want)
			}
		}
	}
}

// TestMixedSaysWhere: the error leads to one object of each tool.
func TestMixedSaysWhere(t *testing.T) {
	_, err := convert.Convert([]convert.Input{
		{Name: "a.yaml", Data: []byte("apiVersion: argoproj.io/v1alpha1\nkind: Application\n")},
		{Name: "b.yaml", Data: []byte("kind: x\n---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\n")},
	}, convert.Options{})
	if err == nil || !strings.Contains(err.Error(), "say --to flux or --to argocd (a.yaml:1: Application, b.yaml:3: HelmRelease)") {
		t.Errorf("error %v", err)
	}
}
