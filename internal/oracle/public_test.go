package oracle

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
)

const twoClusters = `
{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "east", "namespace": "argocd", "labels": {"argocd.argoproj.io/secret-type": "cluster", "staging": "true"}}, "stringData": {"name": "east", "server": "https://east.example.com"}}
---
{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "west", "namespace": "argocd", "labels": {"argocd.argoproj.io/secret-type": "cluster", "type": "kubernetes"}}, "stringData": {"name": "west", "server": "https://west.example.com"}}
`

// TestPublicAppSets: of every ApplicationSet below GITOPS_CORPUS, Argo CD and the plugin
// make the same of two clusters and empty repositories, or neither makes anything.
func TestPublicAppSets(t *testing.T) {
	logrus.SetOutput(io.Discard)
	files, err := filepath.Glob(filepath.Join(os.Getenv("GITOPS_CORPUS"), "argo", "*.yaml"))
	if err != nil || os.Getenv("GITOPS_CORPUS") == "" {
		t.Logf("GITOPS_CORPUS names no public objects (%v)", err)
		return
	}
	plugin := build(t)
	sets, apps, neither := 0, 0, 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for i, set := range decode[json.RawMessage](t, data, "ApplicationSet") {
			sets++
			n := compare(t, fmt.Sprintf("%s %d", filepath.Base(file), i), plugin, set)
			apps += n
			if n == 0 {
				neither++
			}
		}
	}
	t.Logf("%d ApplicationSets, of which %d make nothing; the others make %d Applications", sets, neither, apps)
}

// compare returns how many Applications both make.
func compare(t *testing.T, name, plugin string, set json.RawMessage) int {
	t.Helper()
	dir := t.TempDir()
	input := filepath.Join(dir, "input.yaml")
	if err := os.WriteFile(input, []byte(string(set)+"\n---"+twoClusters), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(plugin, "convert", "-f", input, "--expand-only", "--fail-on", "never")
	var findings strings.Builder
	cmd.Stderr = &findings
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, findings.String())
	}
	repo := newCheckout(t)
	repo.commit(t)
	var typed v1alpha1.ApplicationSet
	var theirs []v1alpha1.Application
	if json.Unmarshal(set, &typed) == nil {
		theirs = controller{repo, decode[corev1.Secret](t, []byte(twoClusters), "Secret")}.all([]v1alpha1.ApplicationSet{typed})
	}
	ours := decode[v1alpha1.Application](t, out, "Application")
	if g, w := applicationsText(t, ours), applicationsText(t, theirs); g != w {
		t.Errorf("%s: made\n%s\nArgo CD makes\n%s\n%s", name, g, w, findings.String())
	}
	return len(ours)
}
