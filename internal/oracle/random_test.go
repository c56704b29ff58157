package oracle

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// TestRandomAppSets: of random ApplicationSets, Argo CD and the plugin make the same, or
// neither makes anything.
func TestRandomAppSets(t *testing.T) {
	logrus.SetOutput(io.Discard)
	const seeds, each = 10, 200
	plugin := build(t)
	total := 0
	for seed := range uint64(seeds) {
		w := &setWriter{Rand: rand.New(rand.NewPCG(seed, 0))}
		sets := make([]string, each)
		for i := range sets {
			sets[i] = w.set(fmt.Sprintf("ns-%d", i))
		}
		total += compareSets(t, fmt.Sprintf("seed %d", seed), plugin, sets)
	}
	t.Logf("%d ApplicationSets make %d Applications", seeds*each, total)
	if total == 0 {
		t.Error("nothing was made")
	}
}

// build returns the path of the plugin.
func build(t *testing.T) string {
	t.Helper()
	plugin := filepath.Join(t.TempDir(), "kubectl-gitops")
	if out, err := exec.Command("go", "build", "-C", "../..", "-o", plugin, "./cmd/kubectl-gitops").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return plugin
}

// randomCheckout holds what the random generators find.
func randomCheckout(t *testing.T) *gitCheckout {
	repo := newCheckout(t)
	for name, text := range map[string]string{
		"apps/a/config.yaml":         "name: a\nenv: dev\nnum: 1\nf: {deep: {m: 1.5}, list: [x, y]}\n",
		"apps/b/config.yaml":         "[{name: b, env: prod, num: 10000000, f: {deep: {m: null}}}, {name: b2, a: yes, e: {}}]",
		"apps/b/c/config.yaml":       "path: {x: y}\nname: c\n",
		"apps/A_b.c/config.yaml":     "p: q\nname: ab\nvalues: {a: b}\n",
		"apps/.hidden/x/config.yaml": "name: hidden\n",
		"top.json":                   `{"name": "top", "a": "b"}`,
		"lib/x/README.md":            "x",
	} {
		repo.write(t, name, []byte(text))
	}
	repo.commit(t)
	return repo
}

// compareSets returns how many Applications both make of sets, each in a namespace.
func compareSets(t *testing.T, name, plugin string, sets []string) (total int) {
	t.Helper()
	repo := randomCheckout(t)
	input := bytes.NewBufferString(twoClusters)
	for _, set := range sets {
		input.WriteString("---\n" + set)
	}
	file := filepath.Join(t.TempDir(), "input.yaml")
	if err := os.WriteFile(file, input.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(plugin, "convert", "-q", "-f", file, "--expand-only", "--keep-going", "--fail-on", "never", "--source", randomRepo+"="+repo.dir)
	out, err := cmd.Output()
	if out == nil {
		t.Fatalf("%s: %v", name, err)
	}
	ours := map[string][]v1alpha1.Application{}
	for _, app := range decode[v1alpha1.Application](t, out, "Application") {
		ours[app.Namespace] = append(ours[app.Namespace], app)
	}
	argo := controller{repo, decode[corev1.Secret](t, []byte(twoClusters), "Secret")}
	for i, set := range sets {
		var typed v1alpha1.ApplicationSet
		var theirs []v1alpha1.Application
		if yaml.Unmarshal([]byte(set), &typed) == nil {
			theirs = argo.all([]v1alpha1.ApplicationSet{typed})
		}
		namespace := fmt.Sprintf("ns-%d", i)
		if g, w := applicationsText(t, ours[namespace]), applicationsText(t, theirs); g != w {
			t.Errorf("%s: of\n%s\nwas made\n%s\nArgo CD makes\n%s", name, set, g, w)
		}
		total += len(theirs)
	}
	return total
}
