package convert_test

import (
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

func TestParseSourceURL(t *testing.T) {
	tests := []struct{ text, name, url, revision string }{
		{"shop=https://github.com/o/shop", "shop", "https://github.com/o/shop", ""},
		{"flux-system/shop=https://github.com/o/shop@release/1.2", "flux-system/shop", "https://github.com/o/shop", "release/1.2"},
		{"shop=ssh://git@github.com/o/shop", "shop", "ssh://git@github.com/o/shop", ""},
		{"shop=ssh://git@github.com/o/shop@main", "shop", "ssh://git@github.com/o/shop", "main"},
		{"shop=git@github.com:o/shop.git", "shop", "git@github.com:o/shop.git", ""},
		{"shop=git@github.com:o/shop.git@main", "shop", "git@github.com:o/shop.git", "main"},
		{"shop=https://host/@scope/repo", "shop", "https://host/@scope/repo", ""},
		{"shop=https://host", "shop", "https://host", ""},
		{"shop=oci://ghcr.io/o/shop@sha256:ab", "shop", "oci://ghcr.io/o/shop", "sha256:ab"},
		{"shop=https://host/o?a=b@main", "shop", "https://host/o?a=b", "main"},
	}
	for _, tt := range tests {
		want := convert.SourceURL{Name: tt.name, URL: tt.url, Revision: tt.revision}
		if got, err := convert.ParseSourceURL(tt.text); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", tt.text, got, err)
		}
	}
}

func TestParseSourceURLRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"https://github.com/o/shop":       "give NAME=URL[@REV]",
		"https://github.com/o/shop?a=b":   "give NAME=URL[@REV]",
		"=https://github.com/o/shop":      "give NAME=URL[@REV]",
		"shop=":                           "give NAME=URL[@REV]",
		"shop=https://github.com/o/shop@": "no revision follows the @",
	} {
		if got, err := convert.ParseSourceURL(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %+v, %v, want %q", text, got, err, want)
		}
	}
}

func TestConvertRefusesSourceURLs(t *testing.T) {
	const url = "https://github.com/o/shop"
	tests := []struct {
		list []convert.SourceURL
		want string
	}{
		{[]convert.SourceURL{{Name: "a/b/c/d", URL: url}}, "name it as NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME"},
		{[]convert.SourceURL{{Name: "a/", URL: url}}, "name it as NAME, NAMESPACE/NAME or KIND/NAMESPACE/NAME"},
		{[]convert.SourceURL{{Name: "Bucket/a/b", URL: url}}, "Bucket is no kind that a URL can stand for: use GitRepository"},
		{[]convert.SourceURL{{Name: "a"}}, "the URL must begin with"},
		{[]convert.SourceURL{{Name: "a", URL: url}, {Name: "a", URL: url}}, "has two URLs: keep one"},
	}
	for _, tt := range tests {
		_, err := convert.Convert(nil, convert.Options{To: convert.ToArgo, SourceURLs: tt.list})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: got %v, want %q", tt.list, err, tt.want)
		}
	}
}
