package argocd

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobwas/glob"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// skipMarker in a file keeps Argo CD from rendering it.
const skipMarker = "+argocd:skip-file-rendering"

// directory renders plain manifests and Jsonnet (repository.go findManifests).
func (r *rendering) directory() ([]manifest.Object, error) {
	spec := r.source.Directory
	if spec == nil {
		spec = &directorySource{}
	}
	names, err := r.manifestFiles(spec)
	if err != nil {
		return nil, err
	}
	var objects []manifest.Object
	for _, name := range names {
		read := readManifests
		switch filepath.Ext(name) {
		case ".jsonnet":
			read = func(name string) ([]*unstructured.Unstructured, error) { return r.jsonnet(spec, name) }
		case ".json":
			read = readJSON
		}
		made, err := read(name)
		if err == nil {
			objects, err = r.collect(objects, made, name)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.rel(name), err)
		}
	}
	return objects, nil
}

// manifestFiles returns the files to read, in the order of a walk
// (repository.go getPotentiallyValidManifests).
func (r *rendering) manifestFiles(spec *directorySource) (names []string, err error) {
	passes := filter(spec.Include, spec.Exclude)
	err = filepath.WalkDir(r.dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != r.dir && !spec.Recurse:
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		below, err := filepath.Rel(r.dir, name)
		if err != nil || !spec.DisableExtensionFilter && !manifestName(name) || !passes(below) {
			return err
		}
		holds, err := r.holdsManifests(name, entry)
		if holds {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

func manifestName(name string) bool {
	switch filepath.Ext(name) {
	case ".yaml", ".yml", ".json", ".jsonnet":
		return true
	}
	return false
}

// holdsManifests tells whether to read a file: not what a broken link or one to a
// directory names, and not what carries the marker.
func (r *rendering) holdsManifests(name string, entry fs.DirEntry) (bool, error) {
	if entry.Type()&fs.ModeSymlink != 0 {
		target, err := filepath.EvalSymlinks(name)
		if errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		if err != nil || !inside(r.root, target) {
			return false, fmt.Errorf("%s: the symbolic link %w", r.rel(name), errOutside)
		}
	}
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return false, err
	}
	data, err := os.ReadFile(name)
	return !bytes.Contains(data, []byte(skipMarker)), err
}

// filter returns the check of include and exclude. In both, * crosses slashes, and a
// glob that is none matches nothing (util/glob).
func filter(include, exclude string) func(name string) bool {
	match := func(text string) func(string) bool {
		compiled, err := glob.Compile(text)
		if err != nil {
			return func(string) bool { return false }
		}
		return compiled.Match
	}
	included, excluded := match(include), match(exclude)
	return func(name string) bool {
		return (exclude == "" || !excluded(name)) && (include == "" || included(name))
	}
}

// readJSON reads the one object of a JSON file.
func readJSON(name string) ([]*unstructured.Unstructured, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	o := &unstructured.Unstructured{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(o); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, errors.New("more than one object, which Argo CD refuses in JSON files")
	}
	return []*unstructured.Unstructured{o}, nil
}

// readManifests reads the objects of a YAML file. A file that is none of Kubernetes is
// passed over, unless its text looks like one
// (repository.go getObjsFromYAMLOrJSON).
func readManifests(name string) (objects []*unstructured.Unstructured, err error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		o := &unstructured.Unstructured{}
		switch err := decoder.Decode(&o); {
		case errors.Is(err, io.EOF):
			return objects, nil
		case err != nil && len(objects) == 0 && !looksLikeManifest(string(data)):
			return nil, nil
		case err != nil:
			return nil, err
		case o != nil:
			objects = append(objects, o)
		}
	}
}

func looksLikeManifest(text string) bool {
	return strings.Contains(text, "apiVersion:") && strings.Contains(text, "kind:") && strings.Contains(text, "metadata:")
}

// collect appends objects, lists as their items. A list without items, of any kind, is
// nothing (repository.go GenerateManifests, isNullList).
func (r *rendering) collect(objects []manifest.Object, made []*unstructured.Unstructured, name string) ([]manifest.Object, error) {
	origin := r.origin
	origin.File = r.rel(name)
	for _, o := range made {
		if items, listed := o.Object["items"]; listed && items == nil && o.Object["spec"] == nil && o.Object["status"] == nil {
			continue
		}
		contents := []any{o.Object}
		if o.IsList() {
			contents, _ = o.Object["items"].([]any)
		}
		for _, content := range contents {
			m, ok := content.(map[string]any)
			if !ok {
				return nil, errors.New("an item of a list is no object")
			}
			objects = append(objects, manifest.Object{Unstructured: unstructured.Unstructured{Object: m}, Origin: origin})
		}
	}
	return objects, nil
}
