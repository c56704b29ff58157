package owner

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A File is one of the input. What a kustomization file reads may lie beside the path
// of a Kustomization: bases and components.
type File struct {
	name  string
	reads []string
}

// Files returns the files of docs.
func Files(docs []*document.Doc) (files []File) {
	for _, d := range docs {
		f := File{name: Slashed(d.File)}
		if root := Kustomization(d); root != nil {
			f.reads = Reads(root, path.Dir(f.name), "resources", "components", "bases")
		}
		if n := len(files); n == 0 || files[n-1].name != f.name || len(f.reads) > 0 {
			files = append(files, f)
		}
	}
	return files
}

// Kustomization returns the tree of a kustomization file; nil for any other.
func Kustomization(d *document.Doc) *yaml.Node {
	base, _, _ := strings.Cut(path.Base(Slashed(d.File)), ".")
	if !strings.EqualFold(base, "kustomization") || d.Empty() {
		return nil
	}
	root, err := d.Parse()
	if err != nil {
		return nil
	}
	return root
}

// Reads returns what a kustomization file in dir lists in the fields.
func Reads(root *yaml.Node, dir string, fields ...string) (reads []string) {
	for _, field := range fields {
		for _, item := range node.Items(root, field) {
			reads = append(reads, path.Join(dir, item.Value))
		}
	}
	return reads
}

// Slashed returns a file's name in the one form that this package compares.
func Slashed(name string) string { return path.Clean(filepath.ToSlash(name)) }

// follow adds claims on what lies beside spec.path: what the kustomization files read
// that a Kustomization applies, and the components that it names itself.
func (c *Claims) follow(files []File) {
	for changed := true; changed; {
		changed = false
		for _, f := range files {
			for _, by := range deepest(c.all(f.name)) {
				for _, at := range append(by.components(), f.reads...) {
					changed = c.reach(at, by) || changed
				}
			}
		}
	}
}

// reach adds a claim on a directory or file, unless it lies below spec.path. It returns
// whether the claim is new.
func (c *Claims) reach(at string, by claim) bool {
	if by.depth == 0 || within(at, by.home()) {
		return false
	}
	at = strings.TrimPrefix(at, "/")
	by.depth = len(segments(at)) - len(segments(by.root))
	if slices.Contains(c.beside[at], by) {
		return false
	}
	c.beside[at] = append(c.beside[at], by)
	return true
}

func within(at, dir string) bool { return strings.HasPrefix(at+"/", strings.TrimSuffix(dir, "/")+"/") }

// home is where spec.path lies in the input.
func (c claim) home() string {
	dir, _ := c.by.Dir()
	return path.Join(c.root, dir)
}

// components returns the directories of spec.components, which count from spec.path.
func (c claim) components() (dirs []string) {
	if c.depth == 0 {
		return nil
	}
	for _, component := range c.by.Components() {
		dirs = append(dirs, path.Join(c.home(), component))
	}
	return dirs
}
