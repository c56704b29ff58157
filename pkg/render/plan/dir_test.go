package plan_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/plan"
)

// tree lists the files below a directory.
func tree(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, err = filepath.Rel(dir, name)
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func archive(t *testing.T, name string) *txtar.Archive {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestDir: a later plan takes the place of an earlier one, and leaves what is not a
// plan's.
func TestDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	written(t, archive(t, "argo_waves"), dir)
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	written(t, archive(t, "project"), dir)
	want := `01-shop-projects/0001-namespace-argocd.yaml
02-shop-projects/0001-serviceaccount-shop.yaml
02-shop-projects/0002-clusterrole-appproject.argocd.shop.yaml
02-shop-projects/0003-clusterrolebinding-appproject.argocd.shop.yaml
02-shop-projects/0004-clusterrole-appproject.argocd.shop.namespaced.yaml
02-shop-projects/0005-rolebinding-appproject.argocd.shop.namespaced.yaml
02-shop-projects/0006-rolebinding-appproject.argocd.shop.namespaced.yaml
02-shop-projects/0007-rolebinding-appproject.argocd.shop.namespaced.yaml
03-a-sync/0001-configmap-a.yaml
03-a-sync/0002-configmap-a.yaml
03-a-sync/0003-configmap-a.yaml
04-b-sync/0001-configmap-b.yaml
05-c-sync/0001-configmap-c.yaml
apply.sh
notes.txt
plan.yaml`
	if got := strings.Join(tree(t, dir), "\n"); got != want {
		t.Errorf("the directory holds\n%s\nwant\n%s", got, want)
	}
	info, err := os.Stat(filepath.Join(dir, "apply.sh"))
	if err != nil || info.Mode()&0o100 == 0 {
		t.Errorf("apply.sh cannot be run: %v, %v", info.Mode(), err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "03-a-sync/0003-configmap-a.yaml"))
	if want := "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: shop-secret\n"; err != nil || string(data) != want {
		t.Errorf("got %q, %v", data, err)
	}
}

// TestDirRefuses: nothing of others is overwritten or removed.
func TestDirRefuses(t *testing.T) {
	for name, prepare := range map[string]func(dir string) error{
		"is in the way": func(dir string) error { return os.Mkdir(filepath.Join(dir, "03-a-sync"), 0o700) },
		"is not a plan": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "plan.yaml"), []byte("kind: Other\n"), 0o600)
		},
	} {
		dir := t.TempDir()
		if err := prepare(dir); err != nil {
			t.Fatal(err)
		}
		before := tree(t, dir)
		b, apps := planned(t, archive(t, "project"))
		d, err := plan.NewDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range apps {
			if err := d.Add(a, b.Stages(a)); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Finish(b.Plan()); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: got %v", name, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if after := tree(t, dir); strings.Join(after, " ") != strings.Join(before, " ") {
			t.Errorf("%s: %v became %v", name, before, after)
		}
	}
	// A plan that somebody has changed names no directories but those that we make.
	dir := t.TempDir()
	written(t, archive(t, "project"), dir)
	if err := os.WriteFile(filepath.Join(dir, "plan.yaml"), []byte("kind: ApplyPlan\nstages: [{name: .}, {name: ..}, {name: apply.sh}, {name: mine}, {name: 03-a-sync}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"01-shop-projects", "02-shop-projects", "04-b-sync", "05-c-sync"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "mine"), 0o700); err != nil {
		t.Fatal(err)
	}
	written(t, archive(t, "project"), dir)
	if _, err := os.Stat(filepath.Join(dir, "mine")); err != nil {
		t.Error(err)
	}
}

// TestApplySetID: the identity that kubectl gives the Secret my-set in the namespace
// test (kubectl pkg/cmd/apply/apply_test.go).
func TestApplySetID(t *testing.T) {
	if got, want := plan.ApplySetID("my-set", "test", "Secret", ""), "applyset-0eFHV8ySqp7XoShsGvyWFQD3s96yqwHmzc4e0HR1dsY-v1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
