package flux

import (
	"path"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// An Entry is an object that others may refer to.
type Entry struct {
	Ref
	File string
	// Assumed is as in Source.
	Assumed bool
	// Load returns the object's tree.
	Load func() (*yaml.Node, error)
}

// An Index finds objects by reference. Repositories hold objects whose namespace a
// kustomization supplies, so an object without one may answer to any.
type Index struct{ entries map[[2]string][]*Entry }

// NewIndex returns an empty Index.
func NewIndex() *Index { return &Index{entries: map[[2]string][]*Entry{}} }

// Add makes e known. Entries are added in input order.
func (x *Index) Add(e *Entry) {
	key := [2]string{e.Kind, e.Name}
	x.entries[key] = append(x.entries[key], e)
}

// Find returns the objects that r may mean, seen from file: those of its namespace,
// else those for which a namespace is unknown on one of the two sides. Of several,
// the ones nearest to file are returned.
func (x *Index) Find(r Ref, file string) []*Entry {
	var same, open []*Entry
	for _, e := range x.entries[[2]string{r.Kind, r.Name}] {
		switch {
		case e.Namespace == r.Namespace:
			same = append(same, e)
		case e.Namespace == "" || r.Namespace == "":
			open = append(open, e)
		}
	}
	if len(same) == 0 {
		same = open
	}
	return nearest(same, file)
}

// nearest returns the entries of the same file, else those of the closest directory
// above that has any.
func nearest(entries []*Entry, file string) []*Entry {
	for dir := file; len(entries) > 1; dir = path.Dir(dir) {
		if near := below(entries, dir); len(near) > 0 {
			return near
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	return entries
}

// below returns the entries of the file, or of the files in the directory, at dir.
func below(entries []*Entry, dir string) (found []*Entry) {
	for _, e := range entries {
		if e.File == dir || dir == "." || len(e.File) > len(dir) && e.File[:len(dir)] == dir && e.File[len(dir)] == '/' {
			found = append(found, e)
		}
	}
	return found
}
