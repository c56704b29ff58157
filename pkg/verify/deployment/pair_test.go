package deployment

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// app is an Application in short: namespace/name, and source after source as URL, path
// or #chart, and destination.
func app(name, destination string, sources ...string) string {
	namespace, name, _ := strings.Cut(name, "/")
	text := fmt.Sprintf("---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: %s, namespace: %s}\n"+
		"spec:\n  destination: {namespace: %s}\n  sources:\n", name, namespace, destination)
	for _, s := range sources {
		url, what, _ := strings.Cut(s, " ")
		if chart, ok := strings.CutPrefix(what, "#"); ok {
			text += fmt.Sprintf("  - {repoURL: %s, chart: %s, targetRevision: 1.0.0}\n", url, chart)
		} else {
			text += fmt.Sprintf("  - {repoURL: %s, path: %s}\n", url, what)
		}
	}
	return text
}

// kustomization is one with a GitRepository of its own.
func kustomization(name, target, url, path string, annotations ...string) string {
	namespace, name, _ := strings.Cut(name, "/")
	return fmt.Sprintf(`---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: %[2]s, namespace: %[1]s}
spec: {url: %[4]s}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %[2]s, namespace: %[1]s, annotations: {%[6]s}}
spec: {targetNamespace: %[3]s, path: %[5]s, sourceRef: {kind: GitRepository, name: %[2]s}}
`, namespace, name, target, url, path, strings.Join(annotations, ", "))
}

func release(name, target, url, chart string) string {
	namespace, name, _ := strings.Cut(name, "/")
	return fmt.Sprintf(`---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: %[2]s, namespace: %[1]s}
spec: {url: %[4]s}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: %[2]s, namespace: %[1]s}
spec: {targetNamespace: %[3]s, chart: {spec: {chart: %[5]s, sourceRef: {kind: HelmRepository, name: %[2]s}}}}
`, namespace, name, target, url, chart)
}

const repo, other = "https://github.com/o/r", "https://github.com/o/other"

func TestMatch(t *testing.T) {
	for name, c := range map[string]struct {
		left, right string
		want        []string
	}{
		"one name": {
			app("argocd/web", "prod", repo+" web"),
			kustomization("flux-system/web", "prod", other, "elsewhere"),
			[]string{"web = web (name)"},
		},
		"another name, one directory": {
			app("argocd/web", "prod", repo+".git web/"),
			kustomization("flux-system/site", "prod", "ssh://git@github.com/o/r", "./web"),
			[]string{"web = site (source)"},
		},
		"another name, one chart": {
			app("argocd/web", "prod", "https://charts.example.com #web"),
			release("prod/site", "prod", "https://charts.example.com/", "web"),
			[]string{"web = site (source)"},
		},
		"a chart of a registry": {
			app("argocd/web", "prod", "registry.example.com/charts #web"),
			release("prod/site", "prod", "oci://registry.example.com/charts", "web"),
			[]string{"web = site (source)"},
		},
		"nothing in common": {
			app("argocd/web", "prod", repo+" web"),
			kustomization("flux-system/site", "prod", repo, "site"),
			[]string{"web = -", "- = site"},
		},
		"several sources": {
			app("argocd/web", "prod", repo+" web", "https://charts.example.com #cache"),
			kustomization("flux-system/web", "prod", repo, "web") + release("flux-system/web-cache", "prod", "https://charts.example.com", "cache"),
			[]string{"web = web web-cache (name)"},
		},
		"a copy is no part": {
			app("argocd/web", "prod", repo+" web"),
			kustomization("flux-system/web", "prod", repo, "web") + kustomization("flux-system/web-copy", "copy", repo, "web"),
			[]string{"web = web (name)", "- = web-copy"},
		},
		"the place decides": {
			app("argocd/a", "one", repo+" web") + app("argocd/b", "two", repo+" web"),
			kustomization("flux-system/m", "two", repo, "web") + kustomization("flux-system/k", "one", repo, "web"),
			[]string{"a = k (source)", "b = m (source)"},
		},
		"nothing decides": {
			app("argocd/a", "one", repo+" web") + app("argocd/b", "one", repo+" web"),
			kustomization("flux-system/m", "one", repo, "web"),
			[]string{"a = -", "b = -", "- = m"},
		},
		"one name in two namespaces": {
			app("argocd/web", "one", repo+" one") + app("team/web", "two", repo+" two"),
			kustomization("team/web", "two", repo, "two") + kustomization("flux-system/web", "one", repo, "one"),
			[]string{"web = web (name)", "web = web (name)"},
		},
		"one name on two clusters": {
			app("argocd/web", "prod", repo+" web") + app("team/web", "prod", repo+" web"),
			kustomization("east/web", "prod", repo, "web") + kustomization("west/web", "prod", repo, "web"),
			[]string{"web = -", "web = -", "- = web", "- = web"},
		},
		"one name, of which one is missing": {
			app("argocd/web", "prod", repo+" web") + app("team/web", "prod", repo+" web"),
			kustomization("east/web", "prod", repo, "web"),
			[]string{"web = -", "web = -", "- = web"},
		},
		"one name, and the place decides": {
			app("argocd/web", "one", repo+" web") + app("team/web", "two", repo+" web"),
			kustomization("east/web", "two", repo, "web") + kustomization("west/web", "one", repo, "web"),
			[]string{"web = web (name)", "web = web (name)"},
		},
		"part of another": {
			app("argocd/web", "prod", repo+" web"),
			kustomization("flux-system/web", "prod", repo, "web") +
				kustomization("flux-system/rest", "prod", other, "rest", "kubectl-gitops.io/part-of: Kustomization/flux-system/web"),
			[]string{"web = web rest (name)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			left, right := read(t, c.left), read(t, c.right)
			if got := texts(Match(left, right, nil)); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			var turned []string
			for _, p := range Match(right, left, nil) {
				turned = append(turned, text(Pair{p.Right, p.Left, p.By}))
			}
			slices.Sort(turned)
			want := slices.Sorted(slices.Values(c.want))
			if !slices.Equal(turned, want) {
				t.Errorf("the other way round: got %q, want %q", turned, want)
			}
		})
	}
}

// A link holds against names.
func TestMatchLinks(t *testing.T) {
	left := read(t, app("argocd/a", "prod", repo+" a")+app("argocd/b", "prod", repo+" b"))
	right := read(t, kustomization("flux-system/b", "prod", repo, "a")+kustomization("flux-system/c", "prod", repo, "b"))
	links := []Link{{left.Appliers[0].Object, right.Appliers[0].Object}, {left.Appliers[1].Object, right.Appliers[1].Object},
		{ledger.Object{Kind: "GitRepository"}, right.Appliers[1].Object}}
	want := []string{"a = b (conversion)", "b = c (conversion)"}
	if got := texts(Match(left, right, links)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"two tools": {app("argocd/a", "prod", repo+" a") + kustomization("flux-system/b", "prod", repo, "b"),
			"in.yaml:2: Application a is of Argo CD, and in.yaml:15: Kustomization b of Flux: say --to flux or --to argocd"},
		"nothing": {"apiVersion: v1\nkind: ConfigMap\n", ErrNothing.Error()},
		"broken":  {"a: [", "in.yaml:1: "},
	} {
		_, err := Read([]convert.Input{{Name: "in.yaml", Data: []byte(c.in)}}, "", "")
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

func read(t *testing.T, text string) *Side {
	t.Helper()
	s, err := Read([]convert.Input{{Name: "in.yaml", Data: []byte(text)}}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func texts(pairs []Pair) (all []string) {
	for _, p := range pairs {
		all = append(all, text(p))
	}
	return all
}

func text(p Pair) string {
	text := names(p.Left) + " = " + names(p.Right)
	if p.By != "" {
		text += " (" + string(p.By) + ")"
	}
	return text
}

func names(d *Deployment) string {
	if d == nil {
		return "-"
	}
	var all []string
	for _, m := range d.Appliers {
		all = append(all, m.Name)
	}
	return strings.Join(all, " ")
}
