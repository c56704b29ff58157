package flux

import (
	"path"
	"strings"

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
// else those for which a namespace is unknown on one of the two sides; of several, the
// ones nearest to file. Nobody knows whether one of unknown namespace that is nearer
// than those of the namespace is meant instead, so it is returned behind them.
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
	same, far := nearest(same, file)
	open, near := nearest(open, file)
	if len(same) > 0 && near >= far {
		return same
	}
	return append(same, open...)
}

// nearest returns the entries that are the fewest steps from file, and the steps.
func nearest(entries []*Entry, file string) (near []*Entry, least int) {
	for _, e := range entries {
		n := e.steps(file)
		if len(near) == 0 || n < least {
			near, least = nil, n
		}
		if n == least {
			near = append(near, e)
		}
	}
	return near, least
}

// steps counts how many directories up from file lead to one that holds e.
func (e *Entry) steps(file string) (n int) {
	for dir := file; dir != "." && dir != "/"; dir = path.Dir(dir) {
		if e.File == dir || strings.HasPrefix(e.File, dir+"/") {
			return n
		}
		n++
	}
	return n
}
