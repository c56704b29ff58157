package resourceset

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/bounded"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/reread"
)

// Bounds on one ResourceSet.
const (
	maxObjects = 1000
	maxTotal   = 16 << 20
)

// An expansion is the objects that a ResourceSet has made so far.
type expansion struct {
	root    *yaml.Node
	objects []*yaml.Node
	seen    map[identity]string // what an object says
	total   int
	budget  bounded.Budget
}

// An identity tells objects apart: of equal ones the operator applies one.
type identity struct{ apiVersion, kind, namespace, name string }

// resources makes the objects of spec.resources for one set of inputs.
func (x *expansion) resources(in input) error {
	for i, item := range node.Items(x.root, "spec", "resources") {
		at := func(err error) error {
			return &Dynamic{fmt.Sprintf("spec.resources[%d]", i), item.Line, err.Error()}
		}
		object, err := reread.Edit(item, func(text string) (string, error) { return x.both(text, in, sameObject) })
		if err != nil {
			return at(err)
		}
		if err := x.add(node.Clone(object), false); err != nil {
			return at(err)
		}
	}
	return nil
}

// template makes the objects of spec.resourcesTemplate. Where in it a line comes from
// nobody can tell.
func (x *expansion) template(in input) error {
	source := node.At(x.root, "spec", "resourcesTemplate")
	if node.Null(source) {
		return nil
	}
	at := func(err error) error { return &Dynamic{"spec.resourcesTemplate", source.Line, err.Error()} }
	text, err := x.both(source.Value, in, sameStream)
	if err != nil {
		return at(err)
	}
	docs, err := document.Split("", []byte(text))
	if err != nil {
		return at(errors.New("what comes out is no YAML"))
	}
	for i := range docs {
		if docs[i].Empty() {
			continue
		}
		object, err := docs[i].Parse()
		if err != nil {
			return at(errors.New("what comes out is no YAML, or no object"))
		}
		if err := x.add(reread.Move(object, source.Line), true); err != nil {
			return at(err)
		}
	}
	return nil
}

// both renders the text for both guesses, which must come to the same.
func (x *expansion) both(text string, in input, same func(a, b string) bool) (string, error) {
	if !strings.Contains(text, opening) {
		return text, nil
	}
	first, err := render(&x.budget, text, in, guesses[0])
	if err != nil {
		return "", err
	}
	second, err := render(&x.budget, text, in, guesses[1])
	if err != nil {
		return "", err
	}
	if !same(first, second) {
		return "", errors.New("a template depends on inputs.id, which the operator makes, or on how it takes numbers: quote these")
	}
	return first, nil
}

// sameObject tells whether both texts are the same object. What is none is for others
// to report.
func sameObject(a, b string) bool {
	x, errX := sigsyaml.YAMLToJSON([]byte(a))
	y, errY := sigsyaml.YAMLToJSON([]byte(b))
	return errX != nil && errY != nil || bytes.Equal(x, y) && errX == nil && errY == nil
}

// sameStream is sameObject for several documents.
func sameStream(a, b string) bool {
	x, errX := document.Split("", []byte(a))
	y, errY := document.Split("", []byte(b))
	if errX != nil || errY != nil || len(x) != len(y) {
		return errX != nil && errY != nil
	}
	for i := range x {
		if !sameObject(string(x[i].Raw), string(y[i].Raw)) {
			return false
		}
	}
	return true
}

// add takes an object unless it is switched off or there already.
func (x *expansion) add(object *yaml.Node, fromTemplate bool) error {
	name := identity{
		node.Text(object, "apiVersion"), node.Text(object, "kind"),
		node.Text(object, "metadata", "namespace"), node.Text(object, "metadata", "name"),
	}
	if name.apiVersion == "" || name.kind == "" || name.name == "" {
		return errors.New("what comes out has no apiVersion, kind or name")
	}
	if node.Text(object, "metadata", "annotations", annotations+"reconcile") == "disabled" {
		return nil
	}
	if key := copied(object); key != "" {
		return fmt.Errorf("the operator copies data for the annotation %s", key)
	}
	x.label(object)
	text, err := reread.Text(object)
	if err != nil {
		return err
	}
	if was, taken := x.seen[name]; taken {
		if was != text && !fromTemplate {
			return errors.New("two sets of inputs make different objects of one name")
		}
		return nil
	}
	x.seen[name] = text
	x.objects = append(x.objects, object)
	if x.total += len(text); len(x.objects) > maxObjects || x.total > maxTotal {
		return fmt.Errorf("it makes more than %d objects, or %d MiB: split it", maxObjects, maxTotal>>20)
	}
	return nil
}

// copied returns an annotation, here or in a pod template, that asks the operator for
// data of other objects: copyFrom, checksumFrom.
func copied(n *yaml.Node) string {
	for i, child := range n.Content {
		isKey := n.Kind == yaml.MappingNode && i%2 == 0
		if isKey && strings.HasPrefix(child.Value, annotations) && strings.HasSuffix(child.Value, "From") {
			return child.Value
		}
		if key := copied(child); key != "" {
			return key
		}
	}
	return ""
}

// label sets spec.commonMetadata, which wins over what an object says.
func (x *expansion) label(object *yaml.Node) {
	for _, field := range []string{"labels", "annotations"} {
		common := node.At(x.root, "spec", "commonMetadata", field)
		if node.Empty(common) {
			continue
		}
		metadata := node.Get(object, "metadata")
		if node.Get(metadata, field) == nil {
			metadata.Content = append(metadata.Content, node.String(field), node.Map())
		} else if node.Null(node.Get(metadata, field)) {
			node.Put(metadata, field, node.Map())
		}
		for i := 0; i+1 < len(common.Content); i += 2 {
			node.Put(node.Get(metadata, field), common.Content[i].Value, node.Clone(common.Content[i+1]))
		}
	}
}
