package convert_test

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

const (
	deploys = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec: {interval: 10m, prune: true, path: ./web, sourceRef: {kind: GitRepository, name: apps}}
`
	releases = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo, namespace: podinfo}
spec: {interval: 10m, chart: {spec: {chart: podinfo, sourceRef: {kind: HelmRepository, name: apps}}}}
`
	pulls = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo, namespace: podinfo}
spec: {interval: 10m, chartRef: {kind: OCIRepository, name: apps}}
`
)

// convertOne returns what one document becomes.
func convertOne(t *testing.T, data string, o convert.Options) convert.Outcome {
	t.Helper()
	return outcomes(t, []convert.Input{{Name: "input.yaml", Data: []byte(data)}}, o)[0]
}

// TestSourceURL: a URL stands for the sources of its name that can be there, at the
// revision as Argo CD has it.
func TestSourceURL(t *testing.T) {
	const git, web, oci = "ssh://git@example.com/apps", "https://example.com/apps", "oci://example.com/charts/podinfo"
	tests := []struct {
		object string
		source convert.SourceURL
		want   string // repoURL and targetRevision; empty: it stands for another
	}{
		{deploys, convert.SourceURL{Name: "apps", URL: git}, git + " HEAD"},
		{deploys, convert.SourceURL{Name: "flux-system/apps", URL: "git@example.com:apps"}, "git@example.com:apps HEAD"},
		{deploys, convert.SourceURL{Name: "gitrepository/flux-system/apps", URL: web}, web + " HEAD"},
		{deploys, convert.SourceURL{Name: "other/apps", URL: web}, ""},
		{deploys, convert.SourceURL{Name: "OCIRepository/flux-system/apps", URL: oci}, ""},
		{deploys, convert.SourceURL{Name: "apps", URL: oci}, ""},
		{deploys, convert.SourceURL{Name: "apps", URL: web, Revision: "v1.2.0"}, web + " v1.2.0"},
		{deploys, convert.SourceURL{Name: "apps", URL: web, Revision: "release/1.2"}, web + " release/1.2"},
		{deploys, convert.SourceURL{Name: "apps", URL: web, Revision: "1.x"}, web + " 1.x"},
		{releases, convert.SourceURL{Name: "apps", URL: web}, web + " '*'"},
		{releases, convert.SourceURL{Name: "apps", URL: "oci://example.com/charts"}, "example.com/charts '*'"},
		{releases, convert.SourceURL{Name: "apps", URL: git}, ""},
		{releases, convert.SourceURL{Name: "apps", URL: web, Revision: "main"}, ""},
		{pulls, convert.SourceURL{Name: "apps", URL: oci}, "oci://example.com/charts/podinfo latest"},
		{pulls, convert.SourceURL{Name: "apps", URL: oci, Revision: "6.9.x"}, "example.com/charts 6.9.x"},
		{pulls, convert.SourceURL{Name: "apps", URL: oci, Revision: "6.9.0"}, "example.com/charts 6.9.0"},
		{pulls, convert.SourceURL{Name: "apps", URL: oci, Revision: "sha256:aa"}, "oci://example.com/charts/podinfo sha256:aa"},
		{pulls, convert.SourceURL{Name: "apps", URL: web}, ""},
	}
	for _, tt := range tests {
		out := convertOne(t, tt.object, convert.Options{SourceURLs: []convert.SourceURL{tt.source}})
		text := string(out.Out[0].Data)
		repoURL, revision, _ := strings.Cut(tt.want, " ")
		switch {
		case tt.want == "" && out.Status == convert.Passed:
		case tt.want != "" && strings.Contains(text, " repoURL: "+repoURL+"\n") && strings.Contains(text, " targetRevision: "+revision+"\n"):
		default:
			t.Errorf("%+v: got\n%s\nwant %q", tt.source, text, tt.want)
		}
	}
}

// TestSourceURLStandsIn: a URL is for a source that the input lacks, not for one of the
// same name that is there.
func TestSourceURLStandsIn(t *testing.T) {
	const there = `---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: apps, namespace: flux-system}
spec: {interval: 5m, url: https://example.com/there}
`
	given := convert.SourceURL{Name: "apps", URL: "https://example.com/given"}
	out := convertOne(t, deploys+there, convert.Options{SourceURLs: []convert.SourceURL{given}})
	if text := string(out.Out[0].Data); !strings.Contains(text, "repoURL: https://example.com/there\n") {
		t.Errorf("got\n%s", text)
	}
}

// TestSourceURLAssumes: what nobody said of the revision is no exact answer.
func TestSourceURLAssumes(t *testing.T) {
	for _, object := range []string{deploys, pulls} {
		url := "https://example.com/apps"
		if object == pulls {
			url = "oci://example.com/apps"
		}
		out := convertOne(t, object, convert.Options{SourceURLs: []convert.SourceURL{{Name: "apps", URL: url}}})
		assumed := false
		for _, e := range out.Entries {
			assumed = assumed || e.ID == "revision-assumed" && e.Fidelity == ledger.Approximate
		}
		if !assumed {
			t.Errorf("no finding says which revision is assumed:\n%s", out.Out[0].Data)
		}
	}
}

func TestSourceURLErrors(t *testing.T) {
	tests := map[string]convert.SourceURL{
		`source "a/b/c/d": name it as NAME,`:                {Name: "a/b/c/d", URL: "https://h/r"},
		`source "/b": name it as NAME,`:                     {Name: "/b", URL: "https://h/r"},
		`source "": name it as NAME,`:                       {URL: "https://h/r"},
		`source "a": the URL must begin with`:               {Name: "a", URL: "hunter2"},
		`source "b": the URL must begin with`:               {Name: "b", URL: "https:///hunter2"},
		`Bucket is no kind that a URL can stand for`:        {Name: "Bucket/a/b", URL: "https://hunter2"},
		`no GitRepository is at such a URL`:                 {Name: "GitRepository/a/b", URL: "oci://hunter2"},
		`no OCIRepository is at such a URL`:                 {Name: "OCIRepository/a/b", URL: "https://hunter2"},
		`no HelmRepository is at such a URL`:                {Name: "helmrepository/a/b", URL: "git@h:hunter2"},
		`a HelmRepository has no revision: leave out the @`: {Name: "HelmRepository/a/b", URL: "https://h", Revision: "1"},
	}
	for want, source := range tests {
		_, err := convert.Convert(nil, convert.Options{SourceURLs: []convert.SourceURL{source}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v: error %v, want %q", source, err, want)
		}
	}
	twice := []convert.SourceURL{{Name: "a", URL: "https://h/r"}, {Name: "a", URL: "https://h/s"}}
	if _, err := convert.Convert(nil, convert.Options{SourceURLs: twice}); err == nil || !strings.Contains(err.Error(), `source "a" has two URLs`) {
		t.Errorf("error %v", err)
	}
}

// TestWanted lists what is missing, once, in the order of the input.
func TestWanted(t *testing.T) {
	const data = deploys + "---\n" + releases + "---\n" + pulls + `---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: other, namespace: podinfo}
spec:
  interval: 10m
  chartRef: {kind: HelmChart, name: other}
  valuesFrom: [{kind: ConfigMap, name: values}, {kind: Secret, name: secret}, {kind: ConfigMap, name: here}]
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: again, namespace: flux-system}
spec: {interval: 10m, prune: true, sourceRef: {kind: GitRepository, name: apps}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: bucket, namespace: flux-system}
spec: {interval: 10m, prune: true, sourceRef: {kind: Bucket, name: apps}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: here, namespace: podinfo}
`
	chart := convert.Input{Name: "chart", Context: true, Data: []byte(`apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmChart
metadata: {name: other, namespace: podinfo}
spec: {chart: x, interval: 1m, sourceRef: {kind: HelmRepository, name: charts}}
`)}
	inputs := []convert.Input{{Name: "input.yaml", Data: []byte(data)}}
	given := convert.Options{SourceURLs: []convert.SourceURL{{Name: "podinfo/apps", URL: "https://h/r"}}}
	for _, tt := range []struct {
		inputs []convert.Input
		want   string
	}{
		{inputs, "GitRepository flux-system/apps, OCIRepository podinfo/apps, HelmChart podinfo/other, ConfigMap podinfo/values"},
		{append(inputs, chart), "GitRepository flux-system/apps, OCIRepository podinfo/apps, HelmRepository podinfo/charts, ConfigMap podinfo/values"},
	} {
		var got []string
		for _, o := range convert.Wanted(tt.inputs, given) {
			got = append(got, o.Kind+" "+o.Namespace+"/"+o.Name)
		}
		if joined := strings.Join(got, ", "); joined != tt.want {
			t.Errorf("wanted %s, want %s", joined, tt.want)
		}
	}
}
