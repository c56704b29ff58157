package substitute

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/owner"
)

// A Source opens documents for Run.
type Source struct {
	// Namespace stands in for the namespace of objects that name none.
	Namespace string
	// Members returns the objects that a document holds; ok is false for one of its own.
	Members func(root *yaml.Node) (members []*yaml.Node, ok bool)
	// Maps finds ConfigMaps.
	Maps Maps
}

// A Result is what Run did.
type Result struct {
	layers map[Site]*layer
	notes  map[*document.Doc][]ledger.Entry
	final  map[*document.Doc]bool
}

// Notes returns the findings about a document.
func (r *Result) Notes(d *document.Doc) []ledger.Entry { return r.notes[d] }

// Literal tells whether what looks like a variable in the object at a site is meant as
// it stands. What a Kustomization says goes into what it builds, where its own values
// come after.
func (r *Result) Literal(at Site) bool {
	l := r.layers[at]
	return r.final[at.Doc] && (l == nil || l.values != nil && !l.values.Run())
}

// Account says what became of the variables of the Kustomization at a site; ok is
// false where manifests go on without values.
func (r *Result) Account(at Site) (note string, ok bool) {
	if l := r.layers[at]; l != nil {
		return l.account()
	}
	return "nothing is substituted: no text of the input says that this is a Kustomization", false
}

// A plan is the run under way.
type plan struct {
	Source
	Result
	files   []owner.File
	holders []*holder
	claims  *owner.Claims
}

// Run replaces variables in docs, which it changes. A Kustomization is an object like
// others: the one above it comes first, as that may set what it says.
func Run(docs []*document.Doc, s Source) *Result {
	p := &plan{Source: s, files: owner.Files(docs), Result: Result{
		layers: map[Site]*layer{}, notes: map[*document.Doc][]ledger.Entry{}, final: map[*document.Doc]bool{},
	}}
	holds := map[*document.Doc]bool{}
	for _, d := range docs {
		if h := hold(d, s); h != nil {
			p.holders = append(p.holders, h)
			holds[d] = true
		}
	}
	p.claim()
	p.settle()
	for _, d := range docs {
		if !holds[d] {
			p.substitute(d, p.owners(d))
		}
	}
	for _, h := range p.holders {
		for _, l := range h.layers {
			p.layers[Site{l.doc, l.item}] = l
		}
	}
	return &p.Result
}

// claim works out who applies what, by what is known of spec.path.
func (p *plan) claim() {
	var layers []owner.Layer
	for _, h := range p.holders {
		for _, l := range h.layers {
			layers = append(layers, l)
		}
	}
	p.claims = owner.New(layers, p.files)
}

// owners returns the Kustomizations that apply a document. None substitutes itself.
func (p *plan) owners(d *document.Doc) (owners []*layer) {
	for _, l := range p.claims.Owners(d.File) {
		l := l.(*layer)
		if l.doc == d {
			return nil
		}
		owners = append(owners, l)
	}
	return owners
}

// settle substitutes in Kustomizations, from the top.
func (p *plan) settle() {
	for progress := true; progress; {
		progress = false
		for _, h := range p.holders {
			if h.settled {
				continue
			}
			if owners := p.owners(h.doc); !slices.ContainsFunc(owners, (*layer).open) {
				p.settleOne(h, owners)
				progress = true
			}
		}
	}
	for _, h := range p.holders {
		switch {
		case !h.settled:
			h.refuse("the Kustomizations that apply it lead back to it, so that none can be substituted first")
		case !slices.Equal(h.owners, p.owners(h.doc)):
			h.refuse("another Kustomization applies it once variables in paths have their values")
		}
	}
	for _, h := range p.holders {
		if !h.settled {
			p.substitute(h.doc, p.owners(h.doc)) // for the findings
		}
	}
}

// settleOne substitutes in a document with Kustomizations and reads what they say now.
func (p *plan) settleOne(h *holder, owners []*layer) {
	h.settled, h.owners = true, owners
	whole := p.substitute(h.doc, owners)
	if moved := h.read(p.Source); moved {
		p.claim()
	}
	for _, l := range h.layers {
		switch l.values, l.err = Read(l.Applier, h.doc.File, p.Maps); {
		case l.err != nil:
		case !whole:
			l.err = refuse("", "it keeps variables itself")
		case !p.final[h.doc] && l.Spec("postBuild") != nil && find(l.Spec("postBuild"), variable) != nil:
			l.err = refuse("", "its values hold variables, and no Kustomization of the input replaces them")
		}
	}
}
