package source

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	oras "oras.land/oras-go/v2"
	"oras.land/oras-go/v2/content/memory"

	repo "helm.sh/helm/v4/pkg/repo/v1"
)

// archiveOf packs files, given as name and text in turn.
func archiveOf(t *testing.T, files ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	zipped := gzip.NewWriter(&b)
	w := tar.NewWriter(zipped)
	for i := 0; i < len(files); i += 2 {
		header := &tar.Header{Name: files[i], Mode: 0o644, Size: int64(len(files[i+1])), Typeflag: tar.TypeReg}
		if target, link := strings.CutPrefix(files[i+1], "-> "); link {
			header.Typeflag, header.Linkname, header.Size = tar.TypeSymlink, target, 0
		}
		if err := w.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg {
			if _, err := io.WriteString(w, files[i+1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// newRegistry serves an empty registry and returns its host.
func newRegistry(t *testing.T) string {
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// push makes an artifact of layers, given as media type and data in turn.
func push(t *testing.T, name, tag string, layers ...any) string {
	t.Helper()
	ctx := context.Background()
	store := memory.New()
	var descriptors []ocispec.Descriptor
	for i := 0; i < len(layers); i += 2 {
		d, err := oras.PushBytes(ctx, store, layers[i].(string), layers[i+1].([]byte))
		if err != nil {
			t.Fatal(err)
		}
		descriptors = append(descriptors, d)
	}
	m, err := oras.PackManifest(ctx, store, oras.PackManifestVersion1_1, "application/vnd.cncf.flux.config.v1+json",
		oras.PackManifestOptions{Layers: descriptors})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Tag(ctx, m, tag); err != nil {
		t.Fatal(err)
	}
	repository, err := open(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := oras.Copy(ctx, store, tag, repository, tag, oras.DefaultCopyOptions); err != nil {
		t.Fatal(err)
	}
	return m.Digest.String()
}

const fluxLayer = "application/vnd.cncf.flux.content.v1.tar+gzip"

func TestOCI(t *testing.T) {
	name := newRegistry(t) + "/org/app"
	first := push(t, name, "1.0.0", fluxLayer, archiveOf(t, "which", "1.0.0"))
	push(t, name, "1.2.0", fluxLayer, archiveOf(t, "./which", "1.2.0", "link", "-> /etc/passwd"))
	push(t, name, "2.0.0-rc.1", fluxLayer, archiveOf(t, "which", "rc"), "other", archiveOf(t, "which", "other"))
	push(t, name, "latest", fluxLayer, archiveOf(t, "which", "latest"))
	for _, c := range []struct {
		name string
		r    Request
		want string
	}{
		{"digest first", Request{Ref: Ref{Digest: first, Tag: "latest"}}, "1.0.0"},
		{"semver before tag", Request{Ref: Ref{Semver: "1.x", Tag: "latest"}}, "1.2.0"},
		{"semver filter", Request{Ref: Ref{Semver: ">=1.0.0-0", SemverFilter: ".*-rc.*"}}, "rc"},
		{"tag", Request{Ref: Ref{Tag: "1.0.0"}}, "1.0.0"},
		{"layer", Request{Ref: Ref{Tag: "2.0.0-rc.1"}, MediaType: "other"}, "other"},
		{"argo tag", Request{Ref: Ref{Revision: "1.0.0"}}, "1.0.0"},
		{"argo range", Request{Ref: Ref{Revision: "1.x"}}, "1.2.0"},
		{"argo digest", Request{Ref: Ref{Revision: first}}, "1.0.0"},
		{"nothing", Request{}, "latest"},
		{"no layer", Request{Ref: Ref{Tag: "1.0.0"}, MediaType: "none"}, "error"},
		{"no tag", Request{Ref: Ref{Tag: "none"}}, "error"},
		{"no version", Request{Ref: Ref{Semver: "9.x"}}, "error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.r.Kind, c.r.URL = OCI, "oci://"+name
			tree, err := (&Sources{Cache: t.TempDir()}).Tree(context.Background(), c.r)
			if c.want == "error" {
				if err == nil {
					t.Fatalf("got %s", which(t, tree))
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := which(t, tree); got != c.want || !strings.HasPrefix(tree.Resolved, "sha256:") {
				t.Errorf("got %s at %s, want %s", got, tree.Resolved, c.want)
			}
			if _, err := os.Lstat(filepath.Join(tree.Dir, "link")); err == nil {
				t.Error("a link was written")
			}
		})
	}
}

// TestChartInRegistry: a chart stays an archive for who asks for a chart; Argo CD takes it
// out of its directory otherwise, Flux does not.
func TestChartInRegistry(t *testing.T) {
	host := newRegistry(t)
	data := archiveOf(t, "app/Chart.yaml", "name: app\nversion: 1.0.0+b\n", "app/which", "chart")
	push(t, host+"/charts/app", "1.0.0_b", chartLayer, data)
	s := &Sources{Cache: t.TempDir()}
	tree := func(r Request) *Tree {
		t.Helper()
		got, err := s.Tree(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	for _, r := range []Request{
		{Kind: Helm, URL: "oci://" + host + "/charts", Chart: "app", Ref: Ref{Revision: "1.0.0+b"}},
		{Kind: Helm, URL: host + "/charts", Chart: "app", Ref: Ref{Revision: "1.x"}},
		{Kind: OCI, URL: "oci://" + host + "/charts/app", Chart: "*", Ref: Ref{Tag: "1.0.0_b"}},
	} {
		if got, err := os.ReadFile(tree(r).Dir); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%+v: %d bytes, %v", r, len(got), err)
		}
	}
	argo := Request{Kind: OCI, URL: "oci://" + host + "/charts/app", Ref: Ref{Revision: "1.0.0_b"}}
	if got := which(t, tree(argo)); got != "chart" {
		t.Errorf("got %s", got)
	}
	argo.Artifact = true
	if _, err := os.Stat(filepath.Join(tree(argo).Dir, "app", "which")); err != nil {
		t.Error(err)
	}
}

// TestUnpack: no name leaves the directory.
func TestUnpack(t *testing.T) {
	for _, name := range []string{"../out", "a/../../out"} {
		dir := filepath.Join(t.TempDir(), "in")
		if err := unpack(archiveOf(t, name, "x"), dir, false); err == nil {
			t.Errorf("%s was written", name)
		}
	}
	dir := filepath.Join(t.TempDir(), "in")
	if err := unpack(archiveOf(t, "/absolute", "x"), dir, false); err != nil {
		t.Error(err)
	}
	if err := unpack([]byte("text"), dir+"2", false); err == nil {
		t.Error("text is no archive")
	}
}

// newHelmRepo serves a repository of archives of a chart at versions.
func newHelmRepo(t *testing.T, versions ...string) (url, dir string) {
	t.Helper()
	dir = t.TempDir()
	for _, v := range versions {
		data := archiveOf(t, "app/Chart.yaml", "apiVersion: v2\nname: app\nversion: "+v+"\n")
		if err := os.WriteFile(filepath.Join(dir, "app-"+v+".tgz"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	index, err := repo.IndexDirectory(dir, "charts")
	if err != nil {
		t.Fatal(err)
	}
	if err := index.WriteFile(filepath.Join(dir, "index.yaml"), 0o644); err != nil {
		t.Fatal(err)
	}
	files := http.StripPrefix("/r/charts", http.FileServer(http.Dir(dir)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/r/index.yaml" {
			http.ServeFile(w, r, filepath.Join(dir, "index.yaml"))
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/r/", dir
}

func TestHelm(t *testing.T) {
	url, dir := newHelmRepo(t, "1.0.0", "1.3.0", "2.0.0-rc.1")
	for version, want := range map[string]string{
		"": "1.3.0", "*": "1.3.0", "1.0.0": "1.0.0", "1.x": "1.3.0", ">=2.0.0-0": "2.0.0-rc.1", "3.x": "error", "no": "error",
	} {
		r := Request{Kind: Helm, URL: url, Chart: "app", Ref: Ref{Revision: version}}
		for what, s := range map[string]*Sources{
			"served": {Cache: t.TempDir()},
			"local":  {Offline: true, Checkouts: []Checkout{{URL: url, Dir: dir}}},
		} {
			tree, err := s.Tree(context.Background(), r)
			switch {
			case want == "error":
				if err == nil {
					t.Errorf("%s %q: got %s", what, version, tree.Dir)
				}
			case err != nil:
				t.Errorf("%s %q: %v", what, version, err)
			case what == "served" && tree.Resolved != want, what == "local" && filepath.Base(tree.Dir) != "app-"+want+".tgz":
				t.Errorf("%s %q: got %s %s, want %s", what, version, tree.Resolved, tree.Dir, want)
			}
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "app-1.3.0.tgz"), archiveOf(t, "app/evil", ""), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (&Sources{Cache: t.TempDir()}).Tree(context.Background(), Request{Kind: Helm, URL: url, Chart: "app"}); err == nil || !strings.Contains(err.Error(), "digest") {
		t.Errorf("a changed archive: %v", err)
	}
}

// TestPublic: what a URL may hold that is secret reaches no error.
func TestPublic(t *testing.T) {
	for _, url := range []string{
		"https://user:secret@127.0.0.1:1/charts?token=secret", "ssh://git:hunter2@127.0.0.1:1/a", "git@127.0.0.1:secret", "oci://127.0.0.1:1/a",
		"https://user:hunter2@127.0.0.1:1/a%zz", "https://user:hun%ter2@127.0.0.1:1/a", "oci://user:hunter2@127.0.0.1:1/a%zz",
	} {
		s := &Sources{Cache: t.TempDir()}
		for _, kind := range []Kind{Git, Helm, OCI, Bucket} {
			_, err := s.Tree(context.Background(), Request{Kind: kind, URL: url, Chart: "c"})
			if err == nil {
				t.Fatalf("%s answered", url)
			}
			if strings.Contains(err.Error(), "=secret") || strings.Contains(err.Error(), ":secret@") || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "hun%ter2") {
				t.Errorf("%s %s: %v", kind, url, err)
			}
		}
	}
}
