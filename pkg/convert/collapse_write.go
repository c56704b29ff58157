package convert

import (
	"bytes"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/collapse"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// name gives each set the name of what its Applications have in common; where several
// want it, each adds its first Application, so that the name of one does not depend on
// the others that there are.
func (k *collapser) name() {
	wanted, taken := map[string]int{}, map[string]bool{}
	for _, name := range k.present() {
		wanted[name]++
		taken[name] = true
	}
	for _, s := range k.sets {
		wanted[collapse.Base(roots(s.members))]++
	}
	for _, s := range k.sets {
		name := collapse.Base(roots(s.members))
		if wanted[name] > 1 {
			name = object.Fit(name+"-"+s.members[0].by.name, object.MaxName)
		}
		for base, n := name, 2; taken[name]; n++ {
			name = fmt.Sprintf("%s-%d", object.Fit(base, object.MaxName-5), n)
		}
		taken[name] = true
		node.Put(node.Get(s.Root, "metadata"), "name", node.String(name))
	}
}

// present are the names of the ApplicationSets that pass.
func (k *collapser) present() (names []string) {
	for _, out := range k.outcomes {
		for _, o := range out.Out {
			if !isSet(o.Object) {
				continue
			}
			if root, err := (&document.Doc{Raw: o.Data}).Parse(); err == nil {
				names = append(names, node.Text(root, "metadata", "name"))
			}
		}
	}
	return names
}

// write puts the sets in the place of their Applications, also in the ledger.
func (k *collapser) write() {
	for _, s := range k.sets {
		k.finish(s)
	}
	leads := k.leads()
	for i := range k.outcomes {
		out := &k.outcomes[i]
		if out.Status == Converted {
			out.Out = k.left(out.Out)
		}
		if lead, ok := leads[out.File]; ok && len(out.Out) > 0 {
			if first := &out.Out[0]; string(bytes.TrimSpace(first.Lead)) == "---" {
				first.Lead = lead
			}
			delete(leads, out.File)
		}
		for j := range out.Entries {
			k.move(out.Entries[j].To)
		}
	}
	for _, s := range k.sets {
		k.note(s.members[0], "appset-collapsed", []ledger.To{{Object: s.output.Object, Path: "metadata.name"}}, fmt.Sprintf(
			"elements of the ApplicationSet %s: %s. They are changed there, as the controller undoes what is changed in an Application, and deleting the set deletes them all",
			s.output.Object.Name, namesOf(s.members)))
	}
}

// finish writes the text of a set. It comes in the wave of its Applications.
func (k *collapser) finish(s *newSet) {
	if wave := waveOf(s.members[0].app); wave != "" {
		metadata := node.Get(s.Root, "metadata")
		metadata.Content = append(metadata.Content, node.String("annotations"), node.Map(syncWave, wave))
	}
	var text bytes.Buffer
	_ = document.Encode(&text, s.Root) // which collapse.Make has tried
	s.output = Output{Object: objectOf(s.Root), Data: text.Bytes()}
	for i, m := range s.members {
		k.at[k.outcomes[m.outcome].Out[m.out].Object] = element{s, i}
	}
}

// left are the outputs with sets in the place of their first Applications.
func (k *collapser) left(outs []Output) (left []Output) {
	for i, o := range outs {
		e, ok := k.at[o.Object]
		switch {
		case ok && e.i > 0:
			continue
		case ok:
			o.Object, o.Data = e.set.output.Object, e.set.output.Data
		}
		if i > 0 && len(left) == 0 {
			o.Lead = outs[0].Lead
		}
		left = append(left, o)
	}
	return left
}

// move lets targets in Applications be those in the sets.
func (k *collapser) move(targets []ledger.To) {
	for i, to := range targets {
		if e, ok := k.at[to.Object]; ok {
			targets[i] = ledger.To{Object: e.set.output.Object, Path: e.set.Path(e.i, to.Path)}
		}
	}
}

// leads are what stands before the first document of each file.
func (k *collapser) leads() map[string][]byte {
	leads := map[string][]byte{}
	for _, out := range k.outcomes {
		if _, ok := leads[out.File]; !ok && len(out.Out) > 0 {
			leads[out.File] = out.Out[0].Lead
		}
	}
	return leads
}
