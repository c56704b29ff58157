package mapping

import "testing"

func TestPointer(t *testing.T) {
	for jq, want := range map[string]string{
		".spec.replicas": "/spec/replicas", `.a["b/c"]`: "/a/b~1c", ".a[0].b": "/a/0/b", `."x.y"`: "/x.y", `.a."b~"`: "/a/b~0",
		".a[]": "", ".a | .b": "", "": "", `.a[] | select(.b == "c")`: "", ".a[-1]": "", ".": "", ".a?": "",
	} {
		if got := pointer(jq); got != want {
			t.Errorf("pointer(%q) = %q, want %q", jq, got, want)
		}
	}
}

func TestRegexps(t *testing.T) {
	for glob, want := range map[string]string{"apps": "apps", "*.example.com": `^.*\.example\.com$`, "a?": "^a.$", "a.b": `^a\.b$`} {
		if got := globRegexp(glob); got != want {
			t.Errorf("globRegexp(%q) = %q, want %q", glob, got, want)
		}
	}
}

func TestBraces(t *testing.T) {
	got := braces("{a,b}/{c,d}.yaml")
	if len(got) != 4 || got[0] != "a/c.yaml" || got[3] != "b/d.yaml" {
		t.Errorf("got %v", got)
	}
}

func TestTopKey(t *testing.T) {
	for name, want := range map[string]string{"a.b": "a", "a[0].b": "a", `a\.b.c`: "a.b", "a": "a"} {
		if got := topKey(name); got != want {
			t.Errorf("topKey(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestHelmRepositoryName(t *testing.T) {
	for url, want := range map[string]string{
		"https://charts.bitnami.com/bitnami": "bitnami", "https://charts.jetstack.io": "jetstack",
		"https://prometheus-community.github.io/helm-charts": "prometheus-community",
		"https://helm.releases.hashicorp.com":                "hashicorp", "https://charts.io:8080/": "charts-io",
	} {
		if got := helmRepositoryName(url); got != want {
			t.Errorf("%s is named %q, want %q", url, got, want)
		}
	}
}
