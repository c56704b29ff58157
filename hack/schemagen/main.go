// Schemagen writes the schema data of pkg/convert/schema: one small JSON file for
// each kind, made from the CustomResourceDefinitions of pinned upstream modules.
//
// Usage, from this directory:
//
//	go run . [directory]
//
// The same pins give the same bytes, so that a test can compare them.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

const defaultDir = "../../pkg/convert/schema/data"

func main() {
	dir := defaultDir
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(dir); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	var written []string
	for _, src := range sources {
		crds, err := src.load()
		if err != nil {
			return fmt.Errorf("%s: %w", src.module, err)
		}
		for _, crd := range crds {
			name, err := write(dir, crd)
			if err != nil {
				return fmt.Errorf("%s: %w", crd.origin, err)
			}
			written = append(written, name)
		}
	}
	return prune(dir, written)
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
