//go:build e2e

package plan_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestE2ECommand renders a repository with the command, and applies what it writes.
func TestE2ECommand(t *testing.T) {
	ns, work := namespaceOf("command"), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(work, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("repo/plain/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
	write("repo/plain/b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n")
	write("repo/overlay/kustomization.yaml", "configMapGenerator: [{name: made, literals: [k=v]}]\ngeneratorOptions: {disableNameSuffixHash: true}\n")
	write("input.yaml", strings.ReplaceAll(`apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: NS, namespace: argocd}
spec:
  source: {repoURL: https://git.example.com/repo, path: plain}
  destination: {server: https://kubernetes.default.svc, namespace: NS}
  syncPolicy: {automated: {prune: true}, syncOptions: [CreateNamespace=true, PrunePropagationPolicy=background]}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: repo, namespace: flux-system}
spec: {interval: 10m, url: https://git.example.com/repo, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: NS, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./overlay, targetNamespace: NS, sourceRef: {kind: GitRepository, name: repo}}
`, "NS", ns))
	render := func() {
		t.Helper()
		c := exec.Command("go", "run", "../../../cmd/kubectl-gitops", "render", "--offline", "--fail-on", "never", "-f", filepath.Join(work, "input.yaml"),
			"--source", "https://git.example.com/repo="+filepath.Join(work, "repo"), "--output-dir", filepath.Join(work, "out"))
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("render: %v\n%s", err, out)
		}
		if out, err := exec.Command(filepath.Join(work, "out", "apply.sh")).CombinedOutput(); err != nil {
			t.Fatalf("apply.sh: %v\n%s", err, out)
		}
	}
	render()
	for _, name := range []string{"a", "b", "made"} {
		is(t, ns, "configmap/"+name, true)
	}
	if err := os.Remove(filepath.Join(work, "repo/plain/b.yaml")); err != nil {
		t.Fatal(err)
	}
	// Flux does not apply the ConfigMap any more, and does not prune it.
	write("repo/overlay/kustomization.yaml", `configMapGenerator:
  - {name: made, literals: [k=v], options: {annotations: {kustomize.toolkit.fluxcd.io/ssa: Ignore}}}
  - {name: other, literals: [k=v]}
generatorOptions: {disableNameSuffixHash: true}
`)
	render()
	is(t, ns, "configmap/a", true)
	is(t, ns, "configmap/b", false)
	is(t, ns, "configmap/made", true)
	is(t, ns, "configmap/other", true)
}
