// Schemagen writes schema data: one small JSON file for each kind, made from the
// CustomResourceDefinitions of pinned upstream modules. That of Flux 2.9 and Argo CD is
// embedded by pkg/convert/schema, that of Flux 2.10 by pkg/verify/crd. The modules of
// Flux 2.10 want a newer Go, which the go command fetches.
//
// Usage, from this directory:
//
//	go run . 2.9 [directory]
//	GOTOOLCHAIN=go1.27.0 go run . 2.10 [directory]
//
// The same pins give the same bytes, so that a test can compare them.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("name a release of Flux: 2.9 or 2.10")
	}
	r, ok := releases[args[0]]
	if !ok {
		return fmt.Errorf("release %q of Flux is not pinned", args[0])
	}
	if len(args) > 1 {
		r.data = args[1]
	}
	return r.generate()
}

func (r release) generate() error {
	if err := os.MkdirAll(r.data, 0o755); err != nil {
		return err
	}
	var written []string
	for _, src := range r.sources {
		crds, err := src.load(r.pins)
		if err != nil {
			return fmt.Errorf("%s: %w", src.module, err)
		}
		for _, crd := range crds {
			name, err := write(r.data, crd)
			if err != nil {
				return fmt.Errorf("%s: %w", crd.origin, err)
			}
			if slices.Contains(written, name) {
				return fmt.Errorf("%s: %s is already made of another source", crd.origin, name)
			}
			written = append(written, name)
		}
	}
	return prune(r.data, written)
}

func write(dir string, crd definition) (string, error) {
	data, err := crd.compact()
	if err != nil {
		return "", err
	}
	name := crd.fileName()
	fmt.Fprintf(os.Stderr, "%-55s %6d bytes from %s\n", name, len(data), crd.origin)
	return name, os.WriteFile(filepath.Join(dir, name), data, 0o644)
}

// prune removes the schemas of kinds that are no longer in the table.
func prune(dir string, keep []string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*_*_*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		if slices.Contains(keep, filepath.Base(file)) {
			continue
		}
		fmt.Fprintln(os.Stderr, "removing", file)
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}
