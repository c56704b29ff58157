package main

import (
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

func TestParseSource(t *testing.T) {
	tests := []struct {
		in   string
		want sourceFlag
	}{
		{"https://github.com/org/repo.git=dir", sourceFlag{"https://github.com/org/repo.git", "", "dir"}},
		{"https://github.com/org/repo@main=dir", sourceFlag{"https://github.com/org/repo", "main", "dir"}},
		{"https://github.com/org/repo@release/1.2=dir", sourceFlag{"https://github.com/org/repo", "release/1.2", "dir"}},
		{"https://me@github.com/org/repo=dir", sourceFlag{"https://me@github.com/org/repo", "", "dir"}},
		{"https://me@github.com/org/repo@v1=dir", sourceFlag{"https://me@github.com/org/repo", "v1", "dir"}},
		{"https://host/@scope/repo=dir", sourceFlag{"https://host/@scope/repo", "", "dir"}},
		{"https://host/@scope/repo@v1=dir", sourceFlag{"https://host/@scope/repo", "v1", "dir"}},
		{"ssh://git@host:22/org/repo.git=dir", sourceFlag{"ssh://git@host:22/org/repo.git", "", "dir"}},
		{"git@host:org/repo.git=dir", sourceFlag{"git@host:org/repo.git", "", "dir"}},
		{"git@host:repo.git=dir", sourceFlag{"git@host:repo.git", "", "dir"}},
		{"git@host:repo.git@v1.2.3=dir", sourceFlag{"git@host:repo.git", "v1.2.3", "dir"}},
		{"oci://ghcr.io/org/chart@1.0.0=dir", sourceFlag{"oci://ghcr.io/org/chart", "1.0.0", "dir"}},
		{"ghcr.io/org/chart@1.0.0=dir", sourceFlag{"ghcr.io/org/chart", "1.0.0", "dir"}},
		{"https://host/repo=a=b", sourceFlag{"https://host/repo", "", "a=b"}},
	}
	for _, tt := range tests {
		got, err := parseSource(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("parseSource(%q) = %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
	}
	for _, in := range []string{"", "https://host/repo", "=dir", "https://host/repo=", "https://host/repo@=dir"} {
		if got, err := parseSource(in); err == nil {
			t.Errorf("parseSource(%q) = %+v, want an error", in, got)
		}
	}
}

func TestParseSourceURL(t *testing.T) {
	for in, want := range map[string]convert.SourceURL{
		"apps=https://h/r":                        {Name: "apps", URL: "https://h/r"},
		"ns/apps=https://h/r@release/1.2":         {Name: "ns/apps", URL: "https://h/r", Revision: "release/1.2"},
		"GitRepository/ns/apps=git@h:o/r.git":     {Name: "GitRepository/ns/apps", URL: "git@h:o/r.git"},
		"apps=git@h:o/r.git@v1":                   {Name: "apps", URL: "git@h:o/r.git", Revision: "v1"},
		"apps=ssh://git@h:22/o/r":                 {Name: "apps", URL: "ssh://git@h:22/o/r"},
		"apps=ssh://git@h:22/o/r@main":            {Name: "apps", URL: "ssh://git@h:22/o/r", Revision: "main"},
		"apps=https://h/r?a=b@main":               {Name: "apps", URL: "https://h/r?a=b", Revision: "main"},
		"apps=oci://h/charts/podinfo@sha256:0123": {Name: "apps", URL: "oci://h/charts/podinfo", Revision: "sha256:0123"},
	} {
		if got, err := parseSourceURL(in); err != nil || got != want {
			t.Errorf("parseSourceURL(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "apps", "=https://h/r", "apps=", "apps=https://h/r@", "https://h/r?a=b"} {
		if got, err := parseSourceURL(in); err == nil {
			t.Errorf("parseSourceURL(%q) = %+v, want an error", in, got)
		}
	}
}
