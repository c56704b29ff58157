package kustomize

import (
	"bytes"
	"io/fs"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/api/konfig"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/internal/tool"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

const fixtures = "../testdata/repos"

// TestCommand: every kustomization of the fixtures builds to the objects that the
// kustomize command prints, in its order, with and without its load restrictions, and
// fails where the command does.
func TestCommand(t *testing.T) {
	program := tool.Path(t, "kustomize", tool.Kustomize)
	built, failed, objects := 0, 0, 0
	for _, dir := range kustomizations(t) {
		list := listed(t, filepath.Join(fixtures, strings.Split(dir, "/")[0]))
		absolute, err := filepath.Abs(filepath.Join(fixtures, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, restrictor := range []string{"LoadRestrictionsRootOnly", "LoadRestrictionsNone"} {
			name := dir + " " + restrictor
			var stdout, stderr bytes.Buffer
			command := exec.Command(program, "build", "--load-restrictor", restrictor, absolute)
			command.Stdout, command.Stderr = &stdout, &stderr
			refused := command.Run()
			result, err := Build{FS: FS(list), Dir: absolute, Restricted: restrictor == "LoadRestrictionsRootOnly", Offline: true}.Run()
			if (err != nil) != (refused != nil) {
				t.Errorf("%s: error %v, and of kustomize %v %s", name, err, refused, &stderr)
			}
			if err != nil || refused != nil {
				failed++
				continue
			}
			got, err := result.Objects(manifest.Origin{})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			built++
			objects += len(got)
			same(t, name, got, printed(t, stdout.Bytes()))
		}
	}
	// 16 kustomizations in two modes; what fails is a remote chart, and files from outside.
	t.Logf("%d builds of %d objects are equal, %d fail in both", built, objects, failed)
	if built < 28 || failed < 4 || objects < 66 {
		t.Error("the fixtures have become fewer")
	}
}

// kustomizations are the directories of the fixtures that have a kustomization file.
func kustomizations(t *testing.T) (dirs []string) {
	t.Helper()
	err := filepath.WalkDir(fixtures, func(name string, d fs.DirEntry, err error) error {
		if err == nil && slices.Contains(konfig.RecognizedKustomizationFileNames(), d.Name()) {
			dir, err := filepath.Rel(fixtures, filepath.Dir(name))
			dirs = append(dirs, filepath.ToSlash(dir))
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return dirs
}

// listed are the files of a local source.
func listed(t *testing.T, dir string) *source.Files {
	t.Helper()
	const url = "https://example.com/fixtures"
	sources := &source.Sources{Checkouts: []source.Checkout{{URL: url, Dir: dir}}}
	tree, err := sources.Tree(t.Context(), source.Request{Kind: source.Git, URL: url})
	if err != nil {
		t.Fatal(err)
	}
	list, err := tree.Files()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// printed are the objects of a stream that kustomize prints.
func printed(t *testing.T, stream []byte) (objects []manifest.Object) {
	t.Helper()
	for text := range bytes.SplitSeq(stream, []byte("\n---\n")) {
		made, err := manifest.Decode(text, manifest.Origin{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
		objects = append(objects, made...)
	}
	return objects
}

func same(t *testing.T, name string, got, want []manifest.Object) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d objects, and kustomize has %d", name, len(got), len(want))
		return
	}
	for i := range want {
		if !reflect.DeepEqual(got[i].Object, want[i].Object) {
			t.Errorf("%s: object %d is\n%v\nand of kustomize\n%v", name, i, got[i].Object, want[i].Object)
		}
	}
}
