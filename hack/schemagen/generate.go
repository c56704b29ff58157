package main

import (
	"bytes"
	"fmt"
	"io"

	"golang.org/x/tools/go/packages"
	"sigs.k8s.io/controller-tools/pkg/crd"
	"sigs.k8s.io/controller-tools/pkg/genall"
	"sigs.k8s.io/controller-tools/pkg/loader"
)

// generate makes the CRDs from the module's Go types, as controller-gen does.
func (s source) generate(pins string) ([]definition, error) {
	version, err := pinned(pins, s.module)
	if err != nil {
		return nil, err
	}
	tool, err := pinned(".", generator)
	if err != nil {
		return nil, err
	}
	var crds []definition
	for _, pkg := range s.packages {
		outputs, err := controllerGen(pins, s.module+"/"+pkg)
		if err != nil {
			return nil, err
		}
		origin := fmt.Sprintf("%s@%s %s by %s@%s", s.module, version, pkg, generator, tool)
		for _, output := range outputs {
			crd, err := parse(output.Bytes(), origin, pkg)
			if err != nil {
				return nil, err
			}
			crds = append(crds, crd)
		}
	}
	return crds, nil
}

// controllerGen returns the CRDs of one Go package of the module in a directory, each
// as YAML.
func controllerGen(dir, pkg string) (memory, error) {
	noDescriptions := 0
	var gen genall.Generator = crd.Generator{MaxDescLen: &noDescriptions}
	runtime, err := genall.Generators{&gen}.ForRootsWithConfig(&packages.Config{Dir: dir}, pkg)
	if err != nil {
		return nil, err
	}
	var out memory
	runtime.OutputRules.Default = &out
	if runtime.Run() {
		return nil, fmt.Errorf("controller-gen failed on %s", pkg)
	}
	return out, nil
}

// memory is a controller-gen output rule that keeps the files, in order.
type memory []*bytes.Buffer

// Open makes the next file.
func (m *memory) Open(*loader.Package, string) (io.WriteCloser, error) {
	file := new(bytes.Buffer)
	*m = append(*m, file)
	return closer{file}, nil
}

type closer struct{ *bytes.Buffer }

func (closer) Close() error { return nil }
