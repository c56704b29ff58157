package oracle

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
)

// fluxSources are what the random appliers deploy.
const fluxSources = `
{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": {"name": "fleet", "namespace": "flux-system"}, "spec": {"interval": "1m", "url": "https://github.com/example/fleet", "ref": {"branch": "main"}}}
---
{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "HelmRepository", "metadata": {"name": "charts", "namespace": "flux-system"}, "spec": {"interval": "1m", "url": "https://charts.example.com"}}
`

// hard are YAML values that Go, JSON, templates or YAML 1.1 may read in another way.
var hard = append(strings.Fields(`'{{' '}}' '{{.x}}' '{{`+"`x`"+`}}' ~ +1 1_000 0o14 -0 1.0 0.1 1.5e-7 1e21 9007199254740993 12345678901234567890 '0x1F' NaN OFF y '-' '?' '%' '$(x)' "\t" "x\n" "\x01" "a\u2028b" '<no_value>' [] [1,1.0,'1'] "😀"`), scalars...)

// appliers writes Kustomizations and HelmReleases, some of one shape.
func appliers(w *setWriter) string {
	text := fluxSources
	for group := range 12 {
		shared := w.pick(hard...)
		for i := range 3 + w.IntN(3) {
			name := fmt.Sprintf("g%d-%s%d", group, w.pick("a", "web", "x"), i)
			head := func(kind string) string {
				return "---\n" + kind + "\nmetadata: {name: " + name + ", namespace: flux-system}\nspec: {interval: 10m, targetNamespace: " + w.pick("ns", name)
			}
			if group%2 == 0 {
				text += head("apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization") + ", path: ./" + w.pick("x", "apps/"+name, name+"/"+name) +
					", prune: true, sourceRef: {kind: GitRepository, name: fleet}, namePrefix: p-, images: [{name: nginx, newTag: " + w.pick("v1", "'1.10'", "'yes'") +
					"}], commonMetadata: {labels: {l: v}, annotations: {a: " + w.pick(texts...) + "}}, patches: [{target: {kind: Deployment}, patch: " + strconv.Quote("- {op: add, path: /x, value: "+name+"}\n") + "}]}\n"
				continue
			}
			text += head("apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease") + ", chart: {spec: {chart: podinfo, version: " + w.pick("1.0.0", "'1.10'") +
				", sourceRef: {kind: HelmRepository, name: charts}}}, values: {a: " + shared + ", b: {c: 1, 'd e': " + w.pick(texts...) + "}, '{{k}}': " + w.pick("a", shared) + ", t: " + w.pick(texts...) + "}}\n"
		}
	}
	return text
}

// TestRandomCollapse: of the ApplicationSets that random objects of Flux are collapsed
// into, Argo CD makes the Applications that they become without.
func TestRandomCollapse(t *testing.T) {
	logrus.SetOutput(io.Discard)
	plugin, input := build(t), filepath.Join(t.TempDir(), "input.yaml")
	convert := func(more ...string) []byte {
		cmd := exec.Command(plugin, append([]string{"convert", "-q", "-f", input, "--fail-on", "never", "--allow-blocking"}, more...)...)
		var errs strings.Builder
		cmd.Stderr = &errs
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v\n%s", err, errs.String())
		}
		return out
	}
	made := 0
	for seed := range uint64(12) {
		if err := os.WriteFile(input, []byte(appliers(&setWriter{Rand: rand.New(rand.NewPCG(seed, 1))})), 0o600); err != nil {
			t.Fatal(err)
		}
		want := decode[v1alpha1.Application](t, convert(), "Application")
		collapsed := convert("--collapse")
		got := controller{repo: newCheckout(t)}.all(decode[v1alpha1.ApplicationSet](t, collapsed, "ApplicationSet"))
		made += len(got)
		got = append(got, decode[v1alpha1.Application](t, collapsed, "Application")...)
		if g, w := applicationsText(t, got), applicationsText(t, want); g != w {
			t.Errorf("seed %d: Argo CD makes\n%s\nand not\n%s", seed, g, w)
		}
	}
	t.Logf("the sets make %d Applications", made)
	if made == 0 {
		t.Error("nothing was collapsed")
	}
}
