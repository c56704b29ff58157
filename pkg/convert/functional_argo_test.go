package convert_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// argoSource is an Application's source; a field that it lacks fails the test.
type argoSource struct {
	RepoURL        string         `json:"repoURL"`
	TargetRevision string         `json:"targetRevision"`
	Path           string         `json:"path"`
	Kustomize      *argoKustomize `json:"kustomize"`
	Directory      struct {
		Recurse bool   `json:"recurse"`
		Include string `json:"include"`
		Exclude string `json:"exclude"`
	} `json:"directory"`
}

type argoKustomize struct {
	NamePrefix string   `json:"namePrefix"`
	NameSuffix string   `json:"nameSuffix"`
	Images     []string `json:"images"`
	Replicas   []struct {
		Name  string `json:"name"`
		Count any    `json:"count"`
	} `json:"replicas"`
	CommonLabels            map[string]string `json:"commonLabels"`
	ForceCommonLabels       bool              `json:"forceCommonLabels"`
	LabelWithoutSelector    bool              `json:"labelWithoutSelector"`
	LabelIncludeTemplates   bool              `json:"labelIncludeTemplates"`
	CommonAnnotations       map[string]string `json:"commonAnnotations"`
	ForceCommonAnnotations  bool              `json:"forceCommonAnnotations"`
	Namespace               string            `json:"namespace"`
	Patches                 []any             `json:"patches"`
	Components              []string          `json:"components"`
	IgnoreMissingComponents bool              `json:"ignoreMissingComponents"`
}

// argoSide returns the objects that Argo CD deploys.
func argoSide(t *testing.T, c functionalCase, spec map[string]any) []object {
	t.Helper()
	sources, _ := spec["sources"].([]any)
	if sources == nil {
		sources = []any{spec["source"]}
	}
	var all []object
	for _, from := range sources {
		var source argoSource
		decode(t, from, &source)
		all = append(all, argoRender(t, c, source)...)
	}
	all = slices.DeleteFunc(all, neverDeployed)
	fillNamespaces(all, object(spec).text("destination", "namespace"))
	return argoNamespace(lastOfEach(all), object(spec))
}

func argoRender(t *testing.T, c functionalCase, source argoSource) []object {
	t.Helper()
	root := c.tree(t, nil)
	dir := filepath.Join(root, source.Path)
	if source.Kustomize == nil && kustomizationFile(dir) == "" {
		return argoDirectory(t, dir, source)
	}
	return argoBuild(t, c, root, dir, source.Kustomize)
}

// argoBuild edits the kustomization as util/kustomize/kustomize.go does, in its
// order, and builds it.
func argoBuild(t *testing.T, c functionalCase, root, dir string, edits *argoKustomize) []object {
	t.Helper()
	if edits != nil {
		for _, args := range edits.before() {
			if _, err := c.kustomizeIn(dir, args...); err != nil {
				t.Fatal(err)
			}
		}
		appendPatches(t, dir, edits.Patches)
		if components := edits.components(dir); len(components) > 0 {
			if _, err := c.kustomizeIn(dir, append([]string{"edit", "add", "component"}, components...)...); err != nil {
				t.Fatal(err)
			}
		}
	}
	text, err := c.kustomizeIn(root, "build", dir)
	var failed *kustomizeError
	switch {
	case errors.As(err, &failed) && c.mayFail:
		t.Logf("Argo CD fails: %v", err)
		return nil
	case err != nil:
		t.Fatalf("Argo CD fails, there is nothing to compare: %v", err)
	}
	return objects(t, text)
}

// before returns the commands that come before the patches.
func (k *argoKustomize) before() (commands [][]string) {
	add := func(wanted bool, args ...string) {
		if wanted {
			commands = append(commands, append([]string{"edit"}, args...))
		}
	}
	flags := func(args []string, flag string, wanted bool) []string {
		if wanted {
			return append(args, flag)
		}
		return args
	}
	add(k.NamePrefix != "", "set", "nameprefix", "--", k.NamePrefix)
	add(k.NameSuffix != "", "set", "namesuffix", "--", k.NameSuffix)
	add(len(k.Images) > 0, append([]string{"set", "image"}, k.Images...)...)
	replicas := []string{"set", "replicas"}
	for _, r := range k.Replicas {
		replicas = append(replicas, fmt.Sprintf("%s=%v", r.Name, r.Count))
	}
	add(len(k.Replicas) > 0, replicas...)
	label := flags([]string{"add", "label"}, "--force", k.ForceCommonLabels)
	label = flags(label, "--without-selector", k.LabelWithoutSelector)
	label = flags(label, "--include-templates", k.LabelIncludeTemplates)
	add(len(k.CommonLabels) > 0, append(label, keyValues(k.CommonLabels)...)...)
	annotation := flags([]string{"add", "annotation"}, "--force", k.ForceCommonAnnotations)
	add(len(k.CommonAnnotations) > 0, append(annotation, keyValues(k.CommonAnnotations)...)...)
	add(k.Namespace != "", "set", "namespace", "--", k.Namespace)
	return commands
}

func keyValues(m map[string]string) (args []string) {
	for key, value := range m {
		args = append(args, key+":"+value)
	}
	return args
}

// appendPatches: there is no command of kustomize for it, so Argo CD rewrites the
// file itself.
func appendPatches(t *testing.T, dir string, patches []any) {
	t.Helper()
	if len(patches) == 0 {
		return
	}
	file := kustomizationFile(dir)
	k := readMap(t, file)
	list, _ := k["patches"].([]any)
	k["patches"] = append(list, patches...)
	writeMap(t, file, k)
}

// components returns what is added; with ignoreMissingComponents Argo CD 3.6.1
// stops at the first that exists.
func (k *argoKustomize) components(dir string) []string {
	if !k.IgnoreMissingComponents {
		return k.Components
	}
	for _, component := range k.Components {
		if kustomizationFile(filepath.Join(dir, component)) != "" {
			return []string{component}
		}
	}
	return nil
}

// argoDirectory reads manifests as reposerver/repository/repository.go findManifests
// does: one level unless recurse, no file that the globs leave out or that is marked.
func argoDirectory(t *testing.T, dir string, source argoSource) (all []object) {
	t.Helper()
	include, exclude := argoGlob(source.Directory.Include), argoGlob(source.Directory.Exclude)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != dir && !source.Directory.Recurse {
				return fs.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(name)) ||
			exclude != nil && exclude.MatchString(name) || include != nil && !include.MatchString(name) {
			return err
		}
		data, err := os.ReadFile(path)
		if err == nil && !strings.Contains(string(data), "+argocd:skip-file-rendering") {
			all = append(all, objects(t, string(data))...)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// argoGlob compiles a glob as Argo CD does: * also crosses slashes (util/glob).
func argoGlob(glob string) *regexp.Regexp {
	if glob == "" {
		return nil
	}
	text := regexp.QuoteMeta(glob)
	text = strings.NewReplacer(`\*`, ".*", `\?`, ".", `\{`, "(", `\}`, ")", ",", "|", `\[!`, "[^", `\[`, "[", `\]`, "]").Replace(text)
	return regexp.MustCompile("^" + text + "$")
}
