//go:build unix

package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// program builds the plugin as users have it and returns its directory.
func program(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "kubectl-gitops"), ".").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return dir
}

const manyTemplate = `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: service-%[1]d
  namespace: argocd
  labels: {team: team-%[2]d, tier: backend}
  annotations: {owner.example.com/contact: platform-team@example.com}
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source:
    repoURL: https://github.com/example/deployments-%[2]d.git
    targetRevision: main
    path: services/service-%[1]d/overlays/production
    kustomize:
      namePrefix: prod-
      images: ['registry.example.com/service-%[1]d:1.4.%[2]d']
  destination: {server: https://kubernetes.default.svc, namespace: service-%[1]d}
  ignoreDifferences:
    - {group: apps, kind: Deployment, jsonPointers: [/spec/replicas]}
  syncPolicy:
    automated: {prune: true, selfHeal: true}
    syncOptions: [CreateNamespace=true, ServerSideApply=true]
    retry: {limit: 5, backoff: {duration: 5s, factor: 2, maxDuration: 3m}}
# %[3]s
`

const manyFluxTemplate = `---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: service-%[1]d
  namespace: flux-system
  labels: {team: team-%[2]d, tier: backend}
  annotations: {owner.example.com/contact: platform-team@example.com}
spec:
  interval: 10m
  retryInterval: 1m
  timeout: 5m
  path: ./services/service-%[1]d/overlays/production
  prune: true
  wait: true
  namePrefix: prod-
  targetNamespace: service-%[1]d
  sourceRef: {kind: GitRepository, name: deployments-%[1]d}
  images: [{name: registry.example.com/service-%[1]d, newTag: 1.4.%[2]d}]
  commonMetadata: {labels: {app.example.com/owner: team-%[2]d}}
# %[3]s
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: deployments-%[1]d, namespace: flux-system}
spec:
  interval: 5m
  url: https://github.com/example/deployments-%[1]d.git
  ref: {branch: main}
`

// TestMemory: 10,000 objects of either tool, of one kilobyte, take less than 150 MB; the
// Kustomizations have a source each.
func TestMemory(t *testing.T) {
	dir := program(t)
	for tool, template := range map[string]string{"argocd": manyTemplate, "flux": manyFluxTemplate} {
		t.Run(tool, func(t *testing.T) {
			file := filepath.Join(dir, tool+".yaml")
			size := writeMany(t, file, template)
			cmd := exec.Command(filepath.Join(dir, "kubectl-gitops"), "convert", "-f", file, "--ledger", filepath.Join(dir, "ledger.json"))
			if err := cmd.Run(); err != nil {
				t.Fatalf("%v: run it by hand", err)
			}
			usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			if !ok {
				t.Fatal("no resource usage on this system")
			}
			peak := usage.Maxrss / 1024 // kilobytes on Linux
			t.Logf("%d bytes of input, peak memory %d MB", size, peak)
			if peak >= 150 {
				t.Errorf("peak memory is %d MB, want less than 150", peak)
			}
		})
	}
}

// writeMany streams the input: what this process holds counts as its child's until that
// runs the program.
func writeMany(t *testing.T, name, template string) (size int64) {
	t.Helper()
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(file)
	for i := range 10_000 {
		fmt.Fprintf(w, template, i, i%50, strings.Repeat("x", 100))
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
