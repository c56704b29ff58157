// Package collapse makes one ApplicationSet of Applications that differ in texts only.
// What package appset expands it into are these Applications again, byte for byte: it is
// expanded before it is given away.
package collapse

import (
	"bytes"
	"errors"
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// Min is how many Applications a set takes at least: two are shorter without.
const Min = 3

// A Set is an ApplicationSet that makes the Applications that it was made of.
type Set struct {
	Root *yaml.Node
	// at are the parameters that are the whole text at a path of the Applications.
	at map[string]string
}

// Make returns the ApplicationSet of Applications of one Shape, or why the controller
// would not make the same of it. It has no name yet.
func Make(apps []*yaml.Node) (*Set, error) {
	w := &weaver{count: len(apps), at: map[string]string{}, taken: map[string]bool{}}
	plain := make([]*yaml.Node, len(apps))
	for i, app := range apps {
		plain[i] = Plain(app)
	}
	app := w.weave(plain, "", nil)
	s := &Set{Root: w.set(app, plain[0]), at: w.at}
	return s, s.prove(plain)
}

// set puts the pieces together.
func (w *weaver) set(app, first *yaml.Node) *yaml.Node {
	metadata := node.Map("name", "")
	if namespace := node.At(first, "metadata", "namespace"); namespace != nil {
		metadata.Content = append(metadata.Content, node.String("namespace"), namespace)
	}
	template := node.Map()
	for _, key := range []string{"metadata", "spec"} {
		if value := node.Get(app, key); value != nil {
			template.Content = append(template.Content, node.String(key), value)
		}
	}
	node.Remove(node.Get(template, "metadata"), "namespace")
	spec := node.Map(
		"generators", node.List(node.Map("list", node.Map("elements", w.elements()))),
		"goTemplate", node.Bool(true), "goTemplateOptions", node.Strings([]string{"missingkey=error"}),
	)
	// The controller adds a finalizer that deletes what an Application deploys to those
	// that have none, unless it is told to preserve that (applicationset/utils/utils.go).
	if node.Empty(node.At(first, "metadata", "finalizers")) {
		node.Put(spec, "syncPolicy", node.Map("preserveResourcesOnDeletion", node.Bool(true)))
	}
	node.Put(spec, "template", template)
	return node.Map("apiVersion", argocd.APIVersion, "kind", appset.Kind, "metadata", metadata, "spec", spec)
}

// prove expands the set.
func (s *Set) prove(apps []*yaml.Node) error {
	if kind, ok := schema.For(argocd.APIVersion, appset.Kind); ok {
		for _, p := range kind.Validate(s.Root) {
			return fmt.Errorf("an ApplicationSet cannot say it: %s: %s", p.Path, p.Message)
		}
	}
	if err := document.Encode(&bytes.Buffer{}, s.Root); err != nil {
		return err
	}
	made, problems := appset.Expand(s.Root, appset.World{})
	if len(problems) > 0 {
		return errors.New(problems[0].Msg)
	}
	for i, app := range apps {
		var want, got bytes.Buffer
		if err := errors.Join(document.Encode(&want, app), document.Encode(&got, made[i])); err != nil {
			return err
		}
		if !bytes.Equal(want.Bytes(), got.Bytes()) {
			return fmt.Errorf("the controller would write %s in another way, as it does with null and with numbers such as 1.10", differing(app, made[i], ""))
		}
	}
	return nil
}

// differing returns the path of the first difference.
func differing(a, b *yaml.Node, path string) string {
	if b == nil || a.Kind != b.Kind || len(a.Content) != len(b.Content) {
		return path
	}
	for i, child := range a.Content {
		here := path
		switch {
		case a.Kind == yaml.SequenceNode:
			here = ledger.Index(path, i)
		case i%2 == 1:
			here = ledger.Key(path, a.Content[i-1].Value)
		}
		if !same(child, b.Content[i]) {
			return differing(child, b.Content[i], here)
		}
	}
	return path
}

func same(a, b *yaml.Node) bool {
	if a.Kind != b.Kind || a.Value != b.Value || len(a.Content) != len(b.Content) {
		return false
	}
	for i := range a.Content {
		if !same(a.Content[i], b.Content[i]) {
			return false
		}
	}
	return true
}

// Path returns where the set says what the Application of the index says at a path.
func (s *Set) Path(i int, path string) string {
	if name, ok := s.at[path]; ok {
		return ledger.Key(ledger.Index("spec.generators[0].list.elements", i), name)
	}
	switch path {
	case "", "apiVersion", "kind", "metadata.namespace":
		return path
	}
	return "spec.template." + path
}
