package scenario

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

func written(t *testing.T, options string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.txtar")
	text := "A comment.\n-- options --\n" + options + "-- input/b.yaml --\nb: 1\n-- checkout/dir/c.yaml --\nc: 1\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestRead(t *testing.T) {
	s, err := Read(written(t, "checkout: https://github.com/o/r\nids: a b\nto: argo\ncollapse: true\nallow-blocking: true\n"))
	if err != nil {
		t.Fatal(err)
	}
	o := s.Options
	if o.To != convert.Direction("argo") || !o.Collapse || !o.AllowBlocking || len(s.IDs) != 2 || s.URLs[0] != "https://github.com/o/r" {
		t.Errorf("options are %+v of %v", o, s.URLs)
	}
	if data, err := fs.ReadFile(o.Checkouts[0].FS, "dir/c.yaml"); string(data) != "c: 1\n" {
		t.Errorf("the checkout holds %q: %v", data, err)
	}
	if in := s.Inputs(); len(in) != 1 || in[0].Name != "b.yaml" || string(in[0].Data) != "b: 1\n" {
		t.Errorf("inputs are %v", in)
	}
	if p := s.Plain(); p.Collapse || !p.AllowBlocking || p.To != o.To {
		t.Errorf("plain options are %+v", p)
	}
}

func TestReadRefuses(t *testing.T) {
	for options, want := range map[string]string{
		"checkuot: x\n":      `option "checkuot"`,
		"source-url: none\n": `option "source-url"`,
	} {
		if _, err := Read(written(t, options)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", options, err)
		}
	}
}
