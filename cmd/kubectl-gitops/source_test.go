package main

import "testing"

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
