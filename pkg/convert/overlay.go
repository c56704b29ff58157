package convert

import (
	"path"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/owner"
)

// An overlay is a kustomization file of the input. What it changes of Flux objects
// shows only in what kustomize builds, which the input is not.
type overlay struct {
	file       string
	edits      []edit
	reads      []string
	components []string
}

// overlays are the kustomization files, and what they may read: by directory the
// files, by file the objects.
type overlays struct {
	survey   *survey
	byDir    map[string]*overlay
	docs     map[string][]*document.Doc
	appliers map[string][]*applier
	entries  map[string][]*flux.Entry
}

// overlay tells every applier and source which kustomization files change it.
func (s *survey) overlay(docs []*document.Doc) {
	roots := map[*document.Doc]*yaml.Node{}
	for _, d := range docs {
		if root := owner.Kustomization(d); root != nil {
			roots[d] = root
		}
	}
	if len(roots) == 0 {
		return // most often: spare the memory
	}
	all := s.files(docs)
	var dirs []string
	for _, d := range docs {
		if root := roots[d]; root != nil {
			dir := path.Dir(owner.Slashed(d.File))
			all.byDir[dir] = all.read(root, d.File, dir)
			dirs = append(dirs, dir)
		}
	}
	for _, dir := range dirs {
		if edits := all.edits(dir, map[string]bool{}); len(edits) > 0 {
			all.apply(dir, edits, map[string]bool{})
		}
	}
}

// files sorts everything by file.
func (s *survey) files(docs []*document.Doc) *overlays {
	all := &overlays{s, map[string]*overlay{}, map[string][]*document.Doc{}, map[string][]*applier{}, map[string][]*flux.Entry{}}
	for _, d := range docs {
		name := owner.Slashed(d.File)
		all.docs[name] = append(all.docs[name], d)
	}
	for _, a := range s.appliers {
		name := owner.Slashed(a.file)
		all.appliers[name] = append(all.appliers[name], a)
	}
	for _, e := range s.entries {
		name := owner.Slashed(e.File)
		all.entries[name] = append(all.entries[name], e)
	}
	return all
}

// read reads what a kustomization file builds and what it changes of it.
func (all *overlays) read(root *yaml.Node, file, dir string) *overlay {
	o := &overlay{
		file:       file,
		reads:      owner.Reads(root, dir, "resources", "components", "bases"),
		components: owner.Reads(root, dir, "components"),
	}
	for _, field := range []string{"patches", "patchesJson6902", "patchesStrategicMerge"} {
		for i, item := range node.Items(root, field) {
			for _, e := range all.patch(item, dir) {
				e.at = ledger.Index(field, i) + " of " + file
				o.edits = append(o.edits, e)
			}
		}
	}
	for _, key := range []string{"namePrefix", "nameSuffix"} {
		if node.Text(root, key) != "" {
			o.edits = append(o.edits, edit{at: key + " of " + file})
		}
	}
	return o
}

// patch returns what an item of patches selects. One without a target names its object
// in its text, or in a file.
func (all *overlays) patch(item *yaml.Node, dir string) (edits []edit) {
	add := func(e edit, ok bool) {
		if ok {
			edits = append(edits, e)
		}
	}
	if item.Kind == yaml.ScalarNode {
		add(editIn(item.Value))
	} else {
		add(readEdit(item))
	}
	if !node.Empty(node.Get(item, "target")) {
		return edits
	}
	for _, d := range all.docs[path.Join(dir, orElse(node.Text(item, "path"), item.Value))] {
		if root, err := d.Parse(); err == nil {
			add(editOf(root))
		}
	}
	return edits
}

// edits returns what the kustomization in a directory and its components change.
func (all *overlays) edits(dir string, seen map[string]bool) (edits []edit) {
	o := all.byDir[dir]
	if o == nil || seen[dir] {
		return nil
	}
	seen[dir] = true
	edits = append(edits, o.edits...)
	for _, component := range o.components {
		edits = append(edits, all.edits(component, seen)...)
	}
	return edits
}

// apply follows what the kustomization in a directory builds.
func (all *overlays) apply(dir string, edits []edit, seen map[string]bool) {
	if seen[dir] {
		return
	}
	seen[dir] = true
	for _, at := range all.byDir[dir].reads {
		if all.byDir[at] != nil {
			all.apply(at, edits, seen)
		}
		for _, e := range edits {
			all.change(at, e)
		}
	}
}

// change tells the objects of a file of an edit.
func (all *overlays) change(file string, by edit) {
	for _, a := range all.appliers[file] {
		if by.selects(a.Ref) {
			a.edits = append(a.edits, by.at)
		}
	}
	for _, e := range all.entries[file] {
		all.survey.change(e, by, by.at)
	}
}
