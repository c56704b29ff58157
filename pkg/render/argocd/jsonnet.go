package argocd

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/go-jsonnet"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// jsonnet evaluates a file: one object, or an array of them.
func (r *rendering) jsonnet(spec *directorySource, name string) ([]*unstructured.Unstructured, error) {
	vm, err := r.jsonnetVM(spec)
	if err != nil {
		return nil, err
	}
	text, err := vm.EvaluateFile(name)
	if err != nil {
		return nil, err
	}
	var objects []*unstructured.Unstructured
	if json.Unmarshal([]byte(text), &objects) == nil {
		return objects, nil
	}
	o := &unstructured.Unstructured{}
	if err := json.Unmarshal([]byte(text), o); err != nil {
		return nil, fmt.Errorf("evaluates to no object and no list of objects: %w", err)
	}
	return []*unstructured.Unstructured{o}, nil
}

// jsonnetVM returns a machine with the variables of the source. Libraries are looked for
// last to first, after the file's own directory (repository.go makeJsonnetVM).
func (r *rendering) jsonnetVM(spec *directorySource) (*jsonnet.VM, error) {
	vm := jsonnet.MakeVM()
	for _, v := range spec.Jsonnet.TLAs {
		define(v, r.env, vm.TLAVar, vm.TLACode)
	}
	for _, v := range spec.Jsonnet.ExtVars {
		define(v, r.env, vm.ExtVar, vm.ExtCode)
	}
	paths := []string{r.dir}
	for _, lib := range spec.Jsonnet.Libs {
		dir, err := resolve(r.root, r.root, lib)
		if err != nil {
			return nil, err
		}
		paths = append(paths, dir)
	}
	vm.Importer(&confined{jsonnet.FileImporter{JPaths: paths}, r.root})
	return vm, nil
}

func define(v jsonnetVar, env buildEnv, text, code func(name, value string)) {
	if v.Code {
		code(v.Name, env.expand(v.Value))
	} else {
		text(v.Name, env.expand(v.Value))
	}
}

// confined imports no files from outside of the source, and looks before it reads: what
// is no regular file may never end (repository.go confinedImporter).
type confined struct {
	jsonnet.FileImporter
	root string
}

// Import implements jsonnet.Importer.
func (c *confined) Import(from, name string) (jsonnet.Contents, string, error) {
	candidates := []string{name}
	if !filepath.IsAbs(name) {
		candidates = []string{filepath.Join(filepath.Dir(from), name)}
		for _, dir := range slices.Backward(c.JPaths) {
			candidates = append(candidates, filepath.Join(dir, name))
		}
	}
	for _, full := range candidates {
		if _, err := os.Lstat(full); err != nil {
			continue
		}
		real, err := filepath.EvalSymlinks(full)
		if err != nil || !inside(c.root, real) {
			return jsonnet.Contents{}, "", fmt.Errorf("%s %w", name, errOutside)
		}
		if info, err := os.Stat(real); err != nil || !info.Mode().IsRegular() {
			return jsonnet.Contents{}, "", fmt.Errorf("%s is no regular file", name)
		}
		break
	}
	return c.FileImporter.Import(from, name)
}
