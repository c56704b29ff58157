package main

import (
	"errors"
	"reflect"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

func TestParseConvert(t *testing.T) {
	parsed, err := parse(strings.Fields("convert -Rf a,b -f - --namespace-per-app --keep-going=false " +
		"--source https://h/r@v1=d --fail-on never -o json -q -n team-a --allow-blocking " +
		"--source-url apps=git@h:r@v1 --app-of-apps https://h/fleet//apps"))
	if err != nil {
		t.Fatal(err)
	}
	op := parsed.(*convertOp)
	if want := []string{"a", "b", "-"}; !reflect.DeepEqual(op.from.files, want) {
		t.Errorf("files = %q, want %q", op.from.files, want)
	}
	if op.options.Placement != convert.PlacePerApp {
		t.Errorf("placement = %q", op.options.Placement)
	}
	if op.keepGoing == nil || *op.keepGoing {
		t.Error("--keep-going=false was not kept")
	}
	if want := []sourceFlag{{"https://h/r", "v1", "d"}}; !reflect.DeepEqual(op.sources, want) {
		t.Errorf("sources = %+v, want %+v", op.sources, want)
	}
	o := op.options
	if want := []convert.SourceURL{{Name: "apps", URL: "git@h:r", Revision: "v1"}}; !reflect.DeepEqual(o.SourceURLs, want) {
		t.Errorf("source URLs = %+v, want %+v", o.SourceURLs, want)
	}
	if o.Namespace != "team-a" || !o.AllowBlocking || o.AppOfApps == nil || o.AppOfApps.Path != "apps" {
		t.Errorf("options = %+v", o)
	}
	if !op.from.recursive || op.failOn != failNever || op.format != formatJSON || !op.quiet {
		t.Errorf("flags were lost: %+v", op)
	}
}

func TestParseUsageErrors(t *testing.T) {
	for line, want := range map[string]string{
		"nope":                                `unknown command "nope"`,
		"-n argocd convert":                   "flags follow it",
		"help nope":                           `no help for "nope"`,
		"version x":                           "takes no arguments",
		"convert":                             "nothing to convert",
		"convert -f a app":                    "exclude each other",
		"convert -k a -f b":                   "-k excludes",
		"convert app -R":                      "-R needs -f",
		"convert -f a -A":                     "-l and -A",
		"convert -f a --to helm":              "must be one of flux, argocd",
		"convert -f a -o table":               "must be one of yaml, json, name",
		"convert -f a --ledger -":             "--ledger writes to a file",
		"convert -f a --source x":             "is not URL[@REV]=DIR",
		"convert -f a --source-url x":         "give NAME=URL[@REV]",
		"convert -f a --source-url x=y":       "the URL must begin with",
		"convert -f a --app-of-apps x":        "the directory is missing",
		"convert -f a --app-of-apps x//y":     "app-of-apps: the URL must begin with",
		"convert -f a --flux-version latest":  `unknown Flux version "latest"`,
		"convert -f a --nope":                 "unknown flag: --nope",
		"convert -f a --fail-on x":            "must be one of unknown",
		"convert -f a --ref-values":           "flag needs an argument",
		"convert -f a -o name --output-dir d": "-o name has none",
		"convert -f a --namespace-per-app --placement single":     "excludes another placement",
		"convert -f a --namespace-per-app --placement by-namespa": "must be one of by-namespace",
	} {
		_, err := parse(strings.Fields(line))
		var usage *usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", line, err, want)
		}
	}
}

func TestDescribe(t *testing.T) {
	info := &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}}
	if got := describe("", info); !strings.HasPrefix(got, "kubectl-gitops v1.2.3 (commit 0123456789ab modified, go") {
		t.Errorf("describe = %q", got)
	}
	if got := describe("v9", nil); !strings.HasPrefix(got, "kubectl-gitops v9 (go") {
		t.Errorf("describe = %q", got)
	}
}

func TestQualify(t *testing.T) {
	tests := []struct{ in, want string }{
		{"app", "applications.argoproj.io"},
		{"Application guestbook app", "applications.argoproj.io guestbook app"},
		{"app/guestbook appset/x", "applications.argoproj.io/guestbook applicationsets.argoproj.io/x"},
		{"apps,appproj,configmaps", "applications.argoproj.io,appprojects.argoproj.io,configmaps"},
		{"applications.app.k8s.io", "applications.app.k8s.io"},
		{"ks", "kustomizations.kustomize.toolkit.fluxcd.io"},
		{"HelmRelease podinfo hr", "helmreleases.helm.toolkit.fluxcd.io podinfo hr"},
		{"ks,hr,gitrepo,ocirepo", "kustomizations.kustomize.toolkit.fluxcd.io,helmreleases.helm.toolkit.fluxcd.io," +
			"gitrepositories.source.toolkit.fluxcd.io,ocirepositories.source.toolkit.fluxcd.io"},
		{"helmrepo/a hc/b buckets/c", "helmrepositories.source.toolkit.fluxcd.io/a helmcharts.source.toolkit.fluxcd.io/b buckets.source.toolkit.fluxcd.io/c"},
		{"helmreleases.a.example.com", "helmreleases.a.example.com"},
	}
	for _, tt := range tests {
		if got := strings.Join(qualify(strings.Fields(tt.in)), " "); got != tt.want {
			t.Errorf("qualify(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
