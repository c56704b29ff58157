package convert_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// The first Application of a run keeps a release, however many goroutines compile and
// however far apart the Applications stand.
func TestSharedReleases(t *testing.T) {
	const apps, releases = 300, 100
	var data bytes.Buffer
	for i := range apps {
		fmt.Fprintf(&data, `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: app-%d, namespace: argocd}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: c, targetRevision: 1.0.0, helm: {releaseName: r-%d}}
  destination: {server: https://kubernetes.default.svc, namespace: prod}
  syncPolicy: {automated: {}}
`, i, i%releases)
	}
	in := []convert.Input{{Name: "f.yaml", Data: data.Bytes()}}
	for _, workers := range []int{1, 16} {
		for i, out := range outcomes(t, in, convert.Options{Workers: workers}) {
			last := out.Out[len(out.Out)-1].Data
			if suspended := bytes.Contains(last, []byte("suspend: true")); suspended != (i >= releases) {
				t.Errorf("%d workers: suspension of application %d is %v", workers, i, suspended)
			}
		}
	}
}
