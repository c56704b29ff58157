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
		"--source https://h/r@v1=d --fail-on never -o json -q"))
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
		"convert -f a --to argocd":            "only Argo CD → Flux is available",
		"convert -f a --to helm":              "must be one of flux, argocd",
		"convert -f a -o table":               "must be one of yaml, json, name",
		"convert -f a --ledger -":             "--ledger writes to a file",
		"convert -f a --source x":             "is not URL[@REV]=DIR",
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
	}
	for _, tt := range tests {
		if got := strings.Join(qualify(strings.Fields(tt.in)), " "); got != tt.want {
			t.Errorf("qualify(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
