package mapping

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func tree(t *testing.T, text string) *yaml.Node {
	t.Helper()
	n, err := yaml.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return n.YNode()
}

const sha = "363a6a8fe6a7f13e05d34c163b0ef02a777da20a"

func TestGitRevisionOf(t *testing.T) {
	for _, c := range []struct {
		ref, text, field string
		fidelity         ledger.Fidelity
	}{
		{`{branch: main}`, "main", "branch", ledger.Exact},
		{`{branch: feature/x}`, "feature/x", "branch", ledger.Exact},
		{`{branch: 1.x}`, "refs/heads/1.x", "branch", ledger.Equivalent},
		{`{branch: v1.0.0}`, "refs/heads/v1.0.0", "branch", ledger.Equivalent},
		{`{branch: abcdef1}`, "refs/heads/abcdef1", "branch", ledger.Equivalent},
		{`{branch: HEAD}`, "refs/heads/HEAD", "branch", ledger.Equivalent},
		{`{branch: ` + sha + `}`, "refs/heads/" + sha, "branch", ledger.Equivalent},
		{`{tag: v1.4.0}`, "v1.4.0", "tag", ledger.Exact},
		{`{tag: 1.4.0-rc.1}`, "1.4.0-rc.1", "tag", ledger.Exact},
		{`{tag: "1.4"}`, "refs/tags/1.4", "tag", ledger.Equivalent},
		{`{tag: stable}`, "refs/tags/stable", "tag", ledger.Equivalent},
		{`{semver: 1.x}`, "1.x", "semver", ledger.Approximate},
		{`{semver: v1.4.0}`, "=1.4.0", "semver", ledger.Approximate},
		{`{semver: ">=1.0.0 <2.0.0"}`, ">=1.0.0 <2.0.0", "semver", ledger.Approximate},
		{`{tag: v1.4.0, semver: 2.x, branch: main}`, "v1.4.0", "tag", ledger.Exact},
		{`{name: refs/pull/420/head, tag: v1.4.0}`, "refs/pull/420/head", "name", ledger.Exact},
		{`{commit: ` + sha + `, name: refs/heads/x}`, sha, "commit", ledger.Exact},
		{`{}`, "master", "", ledger.Equivalent},
	} {
		s := &flux.Source{Root: tree(t, "spec: {ref: "+c.ref+"}")}
		r := gitRevisionOf(s)
		if r.text != c.text || r.field != c.field || r.verdict.Fidelity != c.fidelity {
			t.Errorf("%s is %q by %q, %v; want %q by %q, %v", c.ref, r.text, r.field, r.verdict.Fidelity, c.text, c.field, c.fidelity)
		}
	}
	if r := gitRevisionOf(&flux.Source{Root: tree(t, "spec: {}"), Assumed: true}); r.text != "HEAD" || r.verdict.Fidelity != ledger.Approximate {
		t.Errorf("an assumed source is %q, %v", r.text, r.verdict.Fidelity)
	}
}

func TestOCIRevisionOf(t *testing.T) {
	for _, c := range []struct {
		ref                     string
		manifests, chart, field string
		versioned               bool
	}{
		{`{tag: 1.2.3}`, "1.2.3", "1.2.3", "tag", true},
		{`{tag: 1.2.3_abc.5}`, "1.2.3_abc.5", "1.2.3+abc.5", "tag", true},
		{`{tag: v1.2}`, "v1.2", "v1.2", "tag", true},
		{`{tag: latest}`, "latest", "latest", "tag", false},
		{`{tag: build_7}`, "build_7", "build_7", "tag", false},
		{`{semver: 1.x, tag: latest}`, "1.x", "1.x", "semver", true},
		{`{semver: v1.2.3}`, "=1.2.3", "=1.2.3", "semver", true},
		{`{digest: "sha256:aa", semver: 1.x, tag: 1.2.3}`, "sha256:aa", "sha256:aa", "digest", false},
		{`{}`, "latest", "latest", "", false},
	} {
		s := &flux.Source{Root: tree(t, "spec: {ref: "+c.ref+"}")}
		manifests, chart := ociRevisionOf(s, false), ociRevisionOf(s, true)
		if manifests.text != c.manifests || chart.text != c.chart || manifests.field != c.field || chart.field != c.field {
			t.Errorf("%s is %q for manifests and %q for a chart, by %q; want %q and %q, by %q",
				c.ref, manifests.text, chart.text, chart.field, c.manifests, c.chart, c.field)
		}
		if versioned(s) != c.versioned {
			t.Errorf("%s names a version: %v", c.ref, !c.versioned)
		}
	}
}

func TestLiteralOf(t *testing.T) {
	for expression, want := range map[string]string{
		"web": "web", "^web$": "web", "^web": "web", "web$": "web", `api\.v1`: "api.v1", "api.v1": "api.v1", `a\-b`: "a-b", "": "",
	} {
		if text, ok := literalOf(expression); !ok || text != want {
			t.Errorf("%q is %q, %v; want %q", expression, text, ok, want)
		}
	}
	for _, expression := range []string{"web-.*", "web?", "(a|b)", "a|b", "[ab]", "a+", `\d`, "a{2}", "^^a", "a$$"} {
		if text, ok := literalOf(expression); ok {
			t.Errorf("%q is no literal, but was %q", expression, text)
		}
	}
}

func TestGlobOf(t *testing.T) {
	for expression, want := range map[string]string{
		"": "*", ".*": "*", "^.*$": "*", "^$": "", "Deployment": "Deployment", `^networking\.k8s\.io$`: "networking.k8s.io",
	} {
		if glob, ok := globOf(expression); !ok || glob != want {
			t.Errorf("%q is %q, %v; want %q", expression, glob, ok, want)
		}
	}
	for _, expression := range []string{".+", "Deploy.*", "(Deployment|StatefulSet)"} {
		if glob, ok := globOf(expression); ok {
			t.Errorf("%q is no glob, but was %q", expression, glob)
		}
	}
}

func TestImageText(t *testing.T) {
	for item, want := range map[string]string{
		`{name: a}`:                                            "a=*:*@*",
		`{name: a, newTag: "1.10"}`:                            "a=*:1.10",
		`{name: a, digest: "sha256:f"}`:                        "a=*@sha256:f",
		`{name: a, newTag: "1", digest: "sha256:f"}`:           "a=*:1@sha256:f",
		`{name: a, newName: b}`:                                "a=b:*@*",
		`{name: a, newName: "b:5000/c", newTag: "1"}`:          "a=b:5000/c:1",
		`{name: a, newName: b, digest: "sha256:f"}`:            "a=b@sha256:f",
		`{name: a, newName: a}`:                                "a=a:*@*",
		`{name: a, newName: a, newTag: "1"}`:                   "a:1",
		`{name: a, newName: a, digest: "sha256:f"}`:            "a@sha256:f",
		`{name: "b:5000/a", newTag: "1"}`:                      "b:5000/a=*:1",
		`{name: "b:5000/a", newName: "b:5000/a", newTag: "1"}`: "b:5000/a:1",
	} {
		n := tree(t, item)
		image := backImage{name: node.Text(n, "name")}.merged(node.Text(n, "newName"), node.Text(n, "newTag"), node.Text(n, "digest"))
		if got := image.text(); got != want {
			t.Errorf("%s is %q, want %q", item, got, want)
		}
	}
}

func TestRetryOf(t *testing.T) {
	for spec, want := range map[string]retry{
		`{}`:            {},
		`{upgrade: {}}`: {},
		`{upgrade: {strategy: {name: RemediateOnFailure}}}`:                            {},
		`{upgrade: {strategy: {name: RetryOnFailure}}}`:                                {-1, "5m"},
		`{upgrade: {strategy: {name: RetryOnFailure, retryInterval: 2m}}}`:             {-1, "2m"},
		`{upgrade: {strategy: {name: RetryOnFailure}, remediation: {retries: 3}}}`:     {-1, "5m"},
		`{upgrade: {strategy: {name: RemediateOnFailure}, remediation: {retries: 3}}}`: {3, ""},
		`{upgrade: {remediation: {retries: 0}}}`:                                       {},
		`{upgrade: {remediation: {retries: -7}}}`:                                      {-1, ""},
		`{install: {strategy: {name: RetryOnFailure}}}`:                                {},
	} {
		a := &flux.Applier{Root: tree(t, "spec: "+spec)}
		if got := retryOf(a, "upgrade"); got != want {
			t.Errorf("%s is %+v, want %+v", spec, got, want)
		}
	}
}

// TestOldFields: every field that the API versions from v1beta1 and v2beta1 on had, and
// the current ones have not, has a row (the CRDs of kustomize-controller v0.2 to v1.7,
// source-controller v0.2 to v1.7 and helm-controller v0.2 to v1.4).
func TestOldFields(t *testing.T) {
	table, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	target := []string{"annotationSelector", "group", "kind", "labelSelector", "name", "namespace", "version"}
	operation := []string{"from", "op", "path", "value.x"}
	json6902 := func(path string) (leaves []string) {
		for _, key := range target {
			leaves = append(leaves, path+"[].target."+key)
		}
		for _, key := range operation {
			leaves = append(leaves, path+"[].patch[]."+key)
		}
		return leaves
	}
	const access = "spec.accessFrom.namespaceSelectors[].matchLabels.x"
	for kind, leaves := range map[string][]string{
		"Kustomization": append(json6902("spec.patchesJson6902"), "spec.patchesStrategicMerge[].kind", "spec.validation",
			"spec.serviceAccount.name", "spec.serviceAccount.namespace"),
		"GitRepository":  {"spec.gitImplementation", access},
		"HelmRepository": {access},
		"HelmChart":      {"spec.valuesFile", access},
		"HelmRelease": append(json6902("spec.postRenderers[].kustomize.patchesJson6902"),
			"spec.postRenderers[].kustomize.patchesStrategicMerge[].kind", "spec.chart.spec.valuesFile"),
	} {
		if missing := table.Check(kind, leaves); len(missing) > 0 {
			t.Errorf("%s: no row claims %v", kind, missing)
		}
	}
}
