package argocd

import "testing"

func TestKindOfRevision(t *testing.T) {
	tests := map[string]RevisionKind{
		"": RevisionHead, "HEAD": RevisionHead,
		"3f2a9c1e5d8b7a6f4c3d2e1f0a9b8c7d6e5f4a3b": RevisionCommit,
		"1.x": RevisionRange, "*": RevisionRange, "x": RevisionRange, "~1.2": RevisionRange,
		">=1.0.0 <2": RevisionRange, "=1.2.3": RevisionRange, "^1": RevisionRange,
		"v1.4.0": RevisionVersion, "1.4.0": RevisionVersion, "1.4.0-rc.1+b": RevisionVersion,
		"v1": RevisionName, "1.4": RevisionName, "2024": RevisionName,
		"refs/heads/main": RevisionRef, "refs/pull/7/head": RevisionRef,
		"3f2a9c1": RevisionShortCommit, "deadbeef": RevisionShortCommit,
		"main": RevisionName, "release/1.x": RevisionName, "latest": RevisionName,
	}
	for revision, want := range tests {
		if got := KindOfRevision(revision); got != want {
			t.Errorf("%q is %d, want %d", revision, got, want)
		}
	}
}

func TestParseImage(t *testing.T) {
	tests := []struct {
		text string
		want Image
		ok   bool
	}{
		{"nginx:2", Image{"nginx", "nginx", "2", ""}, true},
		{"nginx=registry:5000/n:2@sha256:a", Image{"nginx", "registry:5000/n", "2", "sha256:a"}, true},
		{"registry:5000/n@sha256:a", Image{"registry:5000/n", "registry:5000/n", "", "sha256:a"}, true},
		{"a=b", Image{"a", "b", "", ""}, true},
		{"a=*:2", Image{"a", "*", "2", ""}, true},
		{"nginx", Image{"nginx", "nginx", "", ""}, false},
		{"", Image{}, false},
		{"a=", Image{Name: "a"}, false},
	}
	for _, tt := range tests {
		got, ok := ParseImage(tt.text)
		if got != tt.want || ok != tt.ok {
			t.Errorf("ParseImage(%q) = %+v, %v, want %+v, %v", tt.text, got, ok, tt.want, tt.ok)
		}
	}
}

func TestExpand(t *testing.T) {
	a := &App{Name: "web", Project: "team"}
	s := &Source{RepoURL: "https://a.b/c", Path: "p", Revision: "main"}
	tests := map[string]string{
		"plain": "plain", "$ARGOCD_APP_NAME-x": "web-x", "${ARGOCD_APP_PROJECT_NAME}": "team",
		"$$x": "$x", "$UNKNOWN": "", "$ARGOCD_APP_SOURCE_PATH@$ARGOCD_APP_SOURCE_TARGET_REVISION": "p@main",
	}
	for text, want := range tests {
		if got, dynamic := a.Expand(s, text); got != want || dynamic != "" {
			t.Errorf("Expand(%q) = %q, %q, want %q", text, got, dynamic, want)
		}
	}
	if _, dynamic := a.Expand(s, "x-${ARGOCD_APP_REVISION_SHORT}"); dynamic != "ARGOCD_APP_REVISION_SHORT" {
		t.Errorf("dynamic is %q", dynamic)
	}
}

func TestKnownURL(t *testing.T) {
	tests := []struct {
		source Source
		known  bool
	}{
		{Source{RepoURL: "https://github.com/o/r"}, true},
		{Source{RepoURL: "git@github.com:o/r.git"}, true},
		{Source{RepoURL: "github.com:o/r.git"}, true},
		{Source{RepoURL: "ssh://git@host:22/o/r"}, true},
		{Source{RepoURL: ""}, false},
		{Source{RepoURL: "REPO_URL"}, false},
		{Source{RepoURL: "https://${HOST}/r"}, false},
		{Source{RepoURL: "{{ .url }}"}, false},
		{Source{RepoURL: "ghcr.io/o/charts", Chart: "c", Origin: HelmOCI}, true},
		{Source{RepoURL: "oci://ghcr.io/o/m", Origin: OCI}, true},
		{Source{RepoURL: "not a host", Chart: "c", Origin: HelmOCI}, false},
	}
	for _, tt := range tests {
		if got := tt.source.knownURL(); got != tt.known {
			t.Errorf("%q is known: %v, want %v", tt.source.RepoURL, got, tt.known)
		}
	}
}
