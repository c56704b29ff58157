package substitute

import (
	"bytes"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Site is an object of the input: a document, or what stands at an index in one.
type Site struct {
	Doc  *document.Doc
	Item int // -1 for a document of its own
}

// A layer is a Kustomization of the input and what it did.
type layer struct {
	*flux.Applier
	doc    *document.Doc
	item   int
	values *Values
	// err is why it substitutes nothing.
	err error
	// below counts documents that it applies, done those that hold its values now, and
	// failed those that keep variables.
	below, done, failed int
}

// open tells whether its values are not final yet.
func (l *layer) open() bool { return l.values == nil && l.err == nil }

// Dir implements owner.Layer; variables hide the path.
func (l *layer) Dir() (dir string, ok bool) {
	dir = l.Path()
	return dir, !strings.Contains(dir, "${")
}

// File implements owner.Layer.
func (l *layer) File() string { return l.doc.File }

// count adds what became of a document that it applies.
func (l *layer) count(s *sheet) {
	l.below++
	switch {
	case s.failed > 0:
		l.failed++
	case s.changed:
		l.done++
	}
}

// account says what became of the variables; ok is false where manifests go on
// without values.
func (l *layer) account() (note string, ok bool) {
	switch {
	case l.err != nil:
		return "nothing is substituted: " + l.err.Error(), false
	case !l.values.Run():
		return "sets no variables, so that Flux substitutes nothing", true
	case l.below == 0:
		return "it applies no document of the input, so nothing is substituted: add the manifests to the input", false
	case l.failed > 0:
		return fmt.Sprintf("%d of %d documents of the input that it applies keep their variables: their findings say why", l.failed, l.below), false
	case l.done == 0:
		return fmt.Sprintf("no variables in the %d documents of the input that it applies; those that are not in the input keep theirs", l.below), true
	default:
		return fmt.Sprintf("%d of %d documents of the input that it applies hold the values now, frozen as of the conversion: commit them in place of the manifests; documents that are not in the input keep their variables", l.done, l.below), true
	}
}

// A holder is a document with Kustomizations, which are final once it is settled.
type holder struct {
	doc     *document.Doc
	layers  []*layer
	owners  []*layer // as it was settled
	settled bool
}

// refuse keeps the Kustomizations from substituting.
func (h *holder) refuse(why string) {
	for _, l := range h.layers {
		l.err = refuse("", "%s", why)
	}
}

var group = []byte("kustomize.toolkit.fluxcd.io/")

// hold returns the document as a holder, or nil where it has no Kustomizations.
func hold(d *document.Doc, s Source) *holder {
	if !bytes.Contains(d.Raw, group) {
		return nil
	}
	h := &holder{doc: d}
	if h.read(s); len(h.layers) == 0 {
		return nil
	}
	return h
}

// read takes up what the Kustomizations say now. moved tells whether they apply other
// directories than before.
func (h *holder) read(s Source) (moved bool) {
	root, err := h.doc.Parse()
	if err != nil {
		return false // the conversion reports it
	}
	first := 0
	members, several := s.Members(root)
	if !several {
		members, first = []*yaml.Node{root}, -1
	}
	var layers []*layer
	for i, member := range members {
		kind := node.Text(member, "kind")
		if _, ok := flux.Current(node.Text(member, "apiVersion"), kind); ok && kind == flux.Kustomization.Name {
			layers = append(layers, &layer{Applier: flux.ReadApplier(member, s.Namespace), doc: h.doc, item: first + i})
		}
	}
	if len(layers) != len(h.layers) {
		h.layers = layers
		return true
	}
	for i, l := range h.layers {
		was, _ := l.Dir()
		l.Applier, l.item = layers[i].Applier, layers[i].item
		now, _ := l.Dir()
		moved = moved || was != now
	}
	return moved
}
