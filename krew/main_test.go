package main

import (
	"bytes"
	"debug/buildinfo"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// archivesEnv names a directory with the archives of a release, to try those.
const archivesEnv = "GITOPS_ARCHIVES"

// The krew that is installed where the cache has none.
const krewVersion = "v0.4.3"

// krew builds a program of krew into the user's cache.
func krew(t *testing.T, program string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(cache, "kubectl-gitops", "krew-"+krewVersion)
	path := filepath.Join(dir, program)
	if _, err := os.Stat(path); err == nil {
		return path
	}
	cmd := exec.Command("go", "install", "sigs.k8s.io/krew/cmd/"+program+"@"+krewVersion)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=")
	run(t, cmd)
	return path
}

func run(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	return string(out)
}

var host = platform{OS: runtime.GOOS, Arch: runtime.GOARCH}

// archives returns a directory with an archive for each platform: a release's, or one with
// the plugin for this platform and, as building the others takes a quarter of an hour, an
// empty program for each of them.
func archives(t *testing.T) string {
	t.Helper()
	if dir := os.Getenv(archivesEnv); dir != "" {
		return dir
	}
	dir := t.TempDir()
	license, err := filepath.Abs("../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty.go")
	if err := os.WriteFile(empty, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range platforms() {
		cmd := exec.Command("go", "build", "-o", filepath.Join(dir, p.Binary()), empty)
		if cmd.Env = append(os.Environ(), "GOOS="+p.OS, "GOARCH="+p.Arch); p == host {
			cmd.Args[len(cmd.Args)-1] = "../cmd/kubectl-gitops"
		}
		run(t, cmd)
		run(t, exec.Command("tar", "-czf", filepath.Join(dir, p.archive()),
			"-C", filepath.Dir(license), "LICENSE", "-C", dir, p.Binary()))
	}
	return dir
}

// TestKrewInstalls: krew finds the manifest valid, takes from it the archive of every
// platform, and what it installs is a program for that platform, with the licence.
func TestKrewInstalls(t *testing.T) {
	dir := archives(t)
	var text bytes.Buffer
	if err := fill(&text, "v1.2.3", dir); err != nil {
		t.Fatal(err)
	}
	manifest := filepath.Join(t.TempDir(), "gitops.yaml")
	if err := os.WriteFile(manifest, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, exec.Command(krew(t, "validate-krew-manifest"), "--skip-install", "--manifest", manifest))
	for _, p := range platforms() {
		t.Run(p.OS+"/"+p.Arch, func(t *testing.T) { install(t, p, manifest, filepath.Join(dir, p.archive())) })
	}
}

func install(t *testing.T, p platform, manifest, archive string) {
	root := t.TempDir()
	cmd := exec.Command(krew(t, "krew"), "install", "--manifest", manifest, "--archive", archive)
	cmd.Env = append(os.Environ(), "KREW_ROOT="+root, "HOME="+root, "KREW_OS="+p.OS, "KREW_ARCH="+p.Arch)
	run(t, cmd)
	store := filepath.Join(root, "store", "gitops", "v1.2.3")
	if _, err := os.Stat(filepath.Join(store, "LICENSE")); err != nil {
		t.Error(err)
	}
	program := filepath.Join(store, p.Binary())
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if settings["GOOS"] != p.OS || settings["GOARCH"] != p.Arch {
		t.Errorf("%s is built with %v", p.archive(), settings)
	}
	if os.Getenv(archivesEnv) != "" && (!strings.HasSuffix(info.Path, "/cmd/kubectl-gitops") || settings["CGO_ENABLED"] != "0") {
		t.Errorf("%s holds %s, built with %v", p.archive(), info.Path, settings)
	}
	if p == host {
		if out := run(t, exec.Command(filepath.Join(root, "bin", "kubectl-gitops"), "version")); !strings.HasPrefix(out, "kubectl-gitops ") {
			t.Errorf("the installed plugin prints %q", out)
		}
	}
}

// TestManifestMatchesArchives: krew refuses an archive that is not the one of the manifest.
func TestManifestMatchesArchives(t *testing.T) {
	dir := t.TempDir()
	for _, p := range platforms() {
		if err := os.WriteFile(filepath.Join(dir, p.archive()), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var text bytes.Buffer
	if err := fill(&text, "v1.2.3", dir); err != nil {
		t.Fatal(err)
	}
	manifest, archive := filepath.Join(dir, "gitops.yaml"), filepath.Join(dir, host.archive())
	if err := os.WriteFile(manifest, text.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(archive, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(krew(t, "krew"), "install", "--manifest", manifest, "--archive", archive)
	cmd.Env = append(os.Environ(), "KREW_ROOT="+filepath.Join(dir, "root"), "HOME="+dir)
	if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("checksum")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestMissingArchive: no manifest names an archive that is not there.
func TestMissingArchive(t *testing.T) {
	if err := fill(new(bytes.Buffer), "v1.2.3", t.TempDir()); !os.IsNotExist(err) {
		t.Errorf("got %v, want that the archive is missing", err)
	}
}
