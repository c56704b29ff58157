package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func testLoader(stdin string) *loader {
	return newLoader(strings.NewReader(stdin), newProgress(streams{}, true))
}

func writeFiles(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("a: 1\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestLoadDirectory(t *testing.T) {
	dir := writeFiles(t, "b.yml", "a.yaml", "c.json", "notes.txt", "sub/d.yaml", "sub.yaml/e.yaml")
	if err := os.Symlink(dir, filepath.Join(dir, "sub", "loop.yaml")); err != nil {
		t.Fatal(err)
	}
	for recursive, want := range map[bool][]string{
		false: {"a.yaml", "b.yml", "c.json"},
		true:  {"a.yaml", "b.yml", "c.json", "sub/d.yaml", "sub.yaml/e.yaml"},
	} {
		l := testLoader("")
		err := l.load(context.Background(), inputFlags{
			files: []string{dir, filepath.Join(dir, "a.yaml")}, recursive: recursive})
		var got []string
		for _, in := range l.inputs {
			got = append(got, in.mirror)
		}
		if err != nil || !l.directory || !slices.Equal(got, want) {
			t.Errorf("-R=%t: %q, %v; want %q", recursive, got, err, want)
		}
	}
}

func TestLoadTooLarge(t *testing.T) {
	dir := writeFiles(t, "a.yaml")
	for _, file := range []string{"-", filepath.Join(dir, "a.yaml")} {
		l := testLoader("a: 1\n")
		l.maxBytes = 5
		if err := l.load(context.Background(), inputFlags{files: []string{file}}); err != nil {
			t.Errorf("%s: %v", file, err)
		}
		l = testLoader("a: 1\n")
		l.maxBytes = 4
		err := l.load(context.Background(), inputFlags{files: []string{file}})
		if err == nil || !strings.Contains(err.Error(), "larger than") {
			t.Errorf("%s: error %v", file, err)
		}
	}
}

func TestFetchErrorsHideCredentials(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	host := strings.TrimPrefix(server.URL, "http://")
	url := "http://me:hunter2@" + host + "/app.yaml?token=hunter2"
	for _, want := range []string{"404", "refused"} {
		err := testLoader("").load(context.Background(), inputFlags{files: []string{url}})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error %v, want %q and no password", err, want)
		}
		server.Close()
	}
}

func TestAwaitEndsWithContext(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	err := await(ctx, func() error { select {} })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("await = %v", err)
	}
}

func TestProgress(t *testing.T) {
	var screen strings.Builder
	p := newProgress(streams{err: &screen, terminal: true}, false)
	now := p.start
	p.now = func() time.Time { return now }
	for range 30 {
		now = now.Add(50 * time.Millisecond)
		p.step("reading", 1)
	}
	p.clear()
	p.clear()
	if got := strings.Count(screen.String(), "reading… 1"); got != 6 {
		t.Errorf("drawn %d times in the last half second, want 6: %q", got, screen.String())
	}
	if !strings.HasSuffix(screen.String(), "1"+eraseLine) {
		t.Errorf("the line is left: %q", screen.String())
	}
}
