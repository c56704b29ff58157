package convert_test

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const presentApp = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
spec:
  project: default
  source:
    repoURL: https://github.com/example/deploy.git
    path: web
    targetRevision: main
  destination:
    server: https://kubernetes.default.svc
    namespace: web
  syncPolicy:
    automated: {}
    syncOptions: [CreateNamespace=true]
    managedNamespaceMetadata:
      labels: {team: shop}
`

// ran converts texts, each of which is a file, and returns the whole output.
func ran(t *testing.T, to convert.Direction, texts ...string) (outcomes []convert.Outcome, all string) {
	t.Helper()
	var inputs []convert.Input
	for i, text := range texts {
		inputs = append(inputs, convert.Input{Name: string(rune('a'+i)) + ".yaml", Data: []byte(text)})
	}
	seq, err := convert.Convert(inputs, convert.Options{To: to})
	if err != nil {
		t.Fatal(err)
	}
	for out := range seq {
		outcomes = append(outcomes, out)
		for _, o := range out.Out {
			all += "---\n" + string(o.Data)
		}
	}
	return outcomes, all
}

// TestPresentAgain: beside what a conversion wrote before, it writes nothing again.
func TestPresentAgain(t *testing.T) {
	for _, to := range []convert.Direction{convert.ToFlux, convert.ToArgo} {
		in := presentApp
		if to == convert.ToArgo {
			_, in = ran(t, convert.ToFlux, presentApp)
			in = in[strings.Index(in, "---\napiVersion: source."):]
		}
		_, first := ran(t, to, in)
		outcomes, again := ran(t, to, in, first)
		for _, o := range outcomes {
			if o.Status == convert.Failed {
				t.Errorf("to %v: %v", to, o.Err)
			}
		}
		if again != first {
			t.Errorf("to %v: got\n%s\nwant\n%s", to, again, first)
		}
	}
}

func TestPresentTaken(t *testing.T) {
	const source = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: deploy
  namespace: flux-system
spec:
  interval: 1h
  url: https://example.com/other.git
`
	_, all := ran(t, convert.ToFlux, source, presentApp)
	if n := strings.Count(all, "\n  name: deploy\n"); n != 1 {
		t.Errorf("%d sources are named deploy:\n%s", n, all)
	}
	if !strings.Contains(all, "    kind: GitRepository\n    name: example-deploy\n") || !strings.Contains(all, "metadata:\n  name: example-deploy\n") {
		t.Errorf("the source has no name of its own:\n%s", all)
	}
}

// TestPresentClash: an object that is the deployment gets no other name.
func TestPresentClash(t *testing.T) {
	const kustomization = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  interval: 1h
  prune: true
  path: ./elsewhere
  sourceRef: {kind: GitRepository, name: deploy}
`
	outcomes, all := ran(t, convert.ToFlux, presentApp, kustomization)
	const want = "a.yaml:1: Application web would become the Kustomization flux-system/web, which the input holds with other content at b.yaml:1"
	if err := outcomes[0].Err; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if all != "---\n"+kustomization {
		t.Errorf("something else is written:\n%s", all)
	}
}

// TestPresentShared: the source of an Application that is refused is written for another.
func TestPresentShared(t *testing.T) {
	_, flux := ran(t, convert.ToFlux, presentApp)
	i := strings.Index(flux, "---\napiVersion: kustomize.")
	taken := strings.Replace(flux[i:], "path: ./web", "path: ./elsewhere", 1)
	_, all := ran(t, convert.ToFlux, taken, presentApp, strings.ReplaceAll(presentApp, "name: web", "name: api"))
	if !strings.Contains(all, "metadata:\n  name: deploy\n") || !strings.Contains(all, "  name: api\n") {
		t.Errorf("api has no source:\n%s", all)
	}
}

// TestPresentNamespace: a Namespace of the input stands for the one that Argo CD creates,
// and what it lacks is told.
func TestPresentNamespace(t *testing.T) {
	for label, lost := range map[string]bool{"shop": false, "sales": true} {
		ns := "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n  labels:\n    team: " + label + "\n"
		outcomes, all := ran(t, convert.ToFlux, ns, presentApp)
		if n := strings.Count(all, "kind: Namespace\n"); n != 1 {
			t.Errorf("%d Namespaces:\n%s", n, all)
		}
		told := false
		for _, e := range outcomes[1].Entries {
			told = told || e.ID == "namespace-present" && strings.HasSuffix(e.From.Path, "labels.team")
		}
		if told != lost {
			t.Errorf("team: %s: told is %v", label, told)
		}
	}
}

// TestPresentSecret: Argo CD finds repository Secrets by what they hold, so that another
// name does as well.
func TestPresentSecret(t *testing.T) {
	const old = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\n  namespace: argocd\nstringData:\n  k: v\n"
	const flux = `apiVersion: v1
kind: Secret
metadata:
  name: shop
  namespace: flux-system
stringData:
  username: u
  password: p
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: shop
  namespace: flux-system
spec:
  interval: 5m
  url: https://github.com/example/shop.git
  secretRef: {name: shop}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: shop
  namespace: flux-system
spec:
  interval: 10m
  prune: true
  sourceRef: {kind: GitRepository, name: shop}
`
	outcomes, all := ran(t, convert.ToArgo, old, flux)
	for _, o := range outcomes {
		if o.Err != nil {
			t.Error(o.Err)
		}
	}
	if strings.Count(all, "name: shop\n  namespace: argocd\n") != 2 || !strings.Contains(all, "name: shop-") {
		t.Errorf("got\n%s", all)
	}
}
