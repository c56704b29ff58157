//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// kubectlsEnv names further kubectl programs to test with, as PATH lists directories.
const kubectlsEnv = "GITOPS_KUBECTLS"

// kubectls are the programs to test with: that of PATH, and those that the environment
// names.
func kubectls(t *testing.T) []string {
	t.Helper()
	path, err := exec.LookPath("kubectl")
	if err != nil {
		t.Fatal("kubectl is not on PATH. To build it: go build -C hack/kubectl -o DIR/kubectl .")
	}
	return append([]string{path}, filepath.SplitList(os.Getenv(kubectlsEnv))...)
}

// TestKubectl: kubectl runs the plugin, completes it and builds with it.
func TestKubectl(t *testing.T) {
	dir := program(t)
	home := t.TempDir()
	env := append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"),
		"HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, "config"), "KUSTOMIZE_PLUGIN_HOME=")
	for _, kubectl := range kubectls(t) {
		t.Run(filepath.Base(kubectl), func(t *testing.T) {
			run := func(args ...string) string {
				t.Helper()
				cmd := exec.Command(kubectl, args...)
				cmd.Env = env
				var stderr bytes.Buffer
				cmd.Stderr = &stderr
				out, err := cmd.Output()
				if err != nil {
					t.Fatalf("%v: %v\n%s", cmd.Args, err, stderr.Bytes())
				}
				return string(out)
			}
			run("gitops", "completion", "--install")
			run("gitops", "install-kustomize-plugin")
			converted := run("gitops", "convert", "-q", "-o", "name", "-f", "../../examples/argocd/podinfo.yaml")
			want := "helmrepository.source.toolkit.fluxcd.io/podinfo\nhelmrelease.helm.toolkit.fluxcd.io/podinfo\n"
			if converted != want {
				t.Errorf("kubectl gitops convert prints %q, want %q", converted, want)
			}
			if got := run("__complete", "gitops", "conv"); !strings.Contains(got, "convert") {
				t.Errorf("kubectl completes %q", got)
			}
			built := run("kustomize", "--enable-alpha-plugins", "../../examples/kustomize/flux-plugin")
			if n := strings.Count(built, "\nkind: Kustomization\n"); n != 2 || strings.Contains(built, "\nkind: Application\n") {
				t.Errorf("kubectl kustomize prints %d Kustomizations, want 2 and no Application:\n%s", n, built)
			}
			run("gitops", "install-kustomize-plugin", "--uninstall")
			run("gitops", "completion", "--uninstall")
			if names, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(names) != 1 {
				t.Errorf("%v, %v are left, want the plugin alone", names, err)
			}
		})
	}
}

// TestShimsOfWindows: what has no suffix cannot run there, and kustomize looks for it.
func TestShimsOfWindows(t *testing.T) {
	var names []string
	for _, s := range append(pluginShims("windows", "d"), shims("windows", "d", completerName, completionLine)...) {
		names = append(names, filepath.Base(s.path))
		if !strings.Contains(s.content, shimMark) {
			t.Errorf("%s could not be removed: %q", s.path, s.content)
		}
	}
	if got, want := strings.Join(names, " "), "GitOpsConvert.bat GitOpsConvert kubectl_complete-gitops.bat"; got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}
