package substitute

import (
	"bytes"
	"errors"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// substitute puts the values of the owners into a document. It returns whether no
// variable is left.
func (p *plan) substitute(d *document.Doc, owners []*layer) (whole bool) {
	if d.Empty() || len(owners) == 0 {
		return true
	}
	s := sheet{doc: d, by: owners[0].Ref}
	if s.values, s.refused = agreed(owners); s.refused == nil && !s.values.Run() {
		return true // nobody substitutes here
	}
	root, err := d.Parse()
	switch {
	case !bytes.ContainsRune(d.Raw, '$'):
	case err != nil:
		s.failed++ // the conversion says why
	default:
		s.write(root)
		p.notes[d] = s.notes
	}
	for _, l := range owners {
		l.count(&s)
	}
	p.final[d] = s.failed == 0
	return s.failed == 0
}

// agreed returns the values that all owners have, or why there are none.
func agreed(owners []*layer) (*Values, error) {
	for _, l := range owners {
		switch {
		case l.err != nil:
			return nil, refuse("", "%s substitutes nothing: %v", l.Ref, l.err)
		case !l.values.equal(owners[0].values):
			return nil, refuse("", "%s (%s) and %s (%s) apply it with different values",
				owners[0].Ref, owners[0].doc.File, l.Ref, l.doc.File)
		}
	}
	return owners[0].values, nil
}

// A sheet is one document under substitution.
type sheet struct {
	doc     *document.Doc
	by      flux.Ref
	values  *Values
	refused error // why there are no values
	notes   []ledger.Entry
	changed bool
	failed  int
}

// write substitutes in each object of the document, and gives it its new text.
func (s *sheet) write(root *yaml.Node) {
	list := node.Get(root, "items")
	if list == nil || list.Kind != yaml.SequenceNode || !strings.HasSuffix(node.Text(root, "kind"), "List") {
		root = s.object(root)
	} else {
		for i, item := range list.Content {
			list.Content[i] = s.object(item)
		}
	}
	if !s.changed {
		return
	}
	again, err := s.doc.Rewrite(root)
	if broken := (*document.Error)(nil); errors.As(err, &broken) {
		err = errors.New(broken.Msg)
	}
	if err != nil {
		s.notes, s.changed = nil, false
		s.fail(root, refuse("", "the values make it no object: %v", err))
		return
	}
	*s.doc = again
}

// object returns what an object becomes, and takes notes.
func (s *sheet) object(root *yaml.Node) *yaml.Node {
	result, err := s.result(root)
	switch {
	case err != nil:
		s.fail(root, err)
		return root
	case result != root:
		s.changed = true
		s.note(result, "metadata.name", result.Line, ledger.Entry{
			ID: "substituted", Fidelity: ledger.Approximate,
			Note: "variables have the values of " + s.by.String() + ", frozen as of the conversion: commit this in place of the manifest",
		})
	}
	return result
}

// variable is what the controller would replace: expressions, and the escape of the
// dollar sign.
var variable = regexp.MustCompile(`\$\$|\$\{`)

func (s *sheet) result(root *yaml.Node) (*yaml.Node, error) {
	if !isObject(root) {
		if find(root, variable) != nil {
			return nil, refuse("", "no object of the cluster: kustomize builds first, and the variables get values after that; write the values here by hand")
		}
		return root, nil
	}
	if s.refused == nil {
		return s.values.Apply(root)
	}
	if !disabled(root) && find(root, variable) != nil {
		return nil, s.refused
	}
	return root, nil
}

// isObject tells whether root goes to the cluster. The files of kustomize, and those
// that these read, do not.
func isObject(root *yaml.Node) bool {
	api := node.Text(root, "apiVersion")
	return api != "" && node.Text(root, "kind") != "" && node.Text(root, "metadata", "name") != "" &&
		flux.Group(api) != "kustomize.config.k8s.io"
}

// fail notes that an object keeps its variables, at the one to blame.
func (s *sheet) fail(root *yaml.Node, err error) {
	s.failed++
	pattern := variable
	if refused := (*Error)(nil); errors.As(err, &refused) && refused.Variable != "" {
		pattern = regexp.MustCompile(`\$\{#?` + regexp.QuoteMeta(refused.Variable) + `\b`)
	}
	path, line := "metadata.name", root.Line
	if hit := find(root, pattern); hit != nil {
		path, line = hit.path, hit.line
	}
	s.note(root, path, line, ledger.Entry{
		ID: "substitute-failed", Fidelity: ledger.Unsupported, Blocking: true,
		Note: "it keeps its variables: " + err.Error(),
	})
}

func (s *sheet) note(root *yaml.Node, path string, line int, e ledger.Entry) {
	e.To, e.Absent = []ledger.To{}, true
	e.From = ledger.From{Path: path, File: s.doc.File, Line: line, Object: ledger.Object{
		APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind"),
		Namespace: node.Text(root, "metadata", "namespace"), Name: node.Text(root, "metadata", "name"),
	}}
	s.notes = append(s.notes, e)
}

// A found is a leaf and where it stands.
type found struct {
	path string
	line int
}

// find returns the first leaf or key that matches, or nil.
func find(n *yaml.Node, pattern *regexp.Regexp) *found { return search(n, "", pattern) }

func search(n *yaml.Node, path string, pattern *regexp.Regexp) *found {
	if pattern.MatchString(n.Value) {
		return &found{path, n.Line}
	}
	for i, child := range n.Content {
		var at string
		switch {
		case n.Kind == yaml.SequenceNode:
			at = ledger.Index(path, i)
		case i%2 == 1:
			at = ledger.Key(path, n.Content[i-1].Value)
		default:
			at = ledger.Key(path, child.Value)
		}
		if hit := search(child, at, pattern); hit != nil {
			return hit
		}
	}
	return nil
}
