package appset

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/reread"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// patch fills in spec.templatePatch and applies it as a strategic merge patch
// (applicationset/controllers/template/patch.go). The project stays.
func (x *expansion) patch(app, source *yaml.Node, set params) (*yaml.Node, error) {
	text, err := x.engine.text(source.Value, set)
	if err != nil {
		return nil, err
	}
	if asJSON, err := sigsyaml.YAMLToJSON([]byte(text)); err == nil && string(asJSON) == "null" {
		return app, nil
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") && !json.Valid([]byte(text)) {
		return nil, invalid("templatePatch begins with {, once filled in, and is no JSON: the controller takes it for JSON")
	}
	patch, err := readPatch(text)
	if err != nil {
		return nil, err
	}
	reread.Move(patch, source.Line)
	project := node.At(app, "spec", "project")
	if err := apply(app, patch, ""); err != nil {
		return nil, err
	}
	keepProject(app, project)
	return app, nil
}

// keepProject undoes what a patch did to the project, which may have taken spec away.
func keepProject(app, project *yaml.Node) {
	switch spec := node.Get(app, "spec"); {
	case project == nil:
		node.Remove(spec, "project")
	case spec == nil:
		node.Put(app, "spec", node.Map("destination", node.Map(), "project", project))
	default:
		node.Put(spec, "project", project)
	}
}

// readPatch reads a patch, which must fit the fields of an Application.
func readPatch(text string) (*yaml.Node, error) {
	doc := document.Doc{Line: 1, Raw: []byte(text)}
	patch, err := doc.Parse()
	if broken := (*document.Error)(nil); errors.As(err, &broken) {
		return nil, invalid("templatePatch is, once filled in, no object: %s", broken.Msg)
	}
	if err != nil {
		return nil, invalid("templatePatch is, once filled in, no object")
	}
	node.ResolveOldBools(patch)
	s, ok := schema.For(argocd.APIVersion, "Application")
	if !ok {
		return nil, errors.New("no schema of Applications")
	}
	for _, p := range s.Validate(patch) {
		if !p.Unknown && !strings.HasPrefix(p.Message, "required field") && !directive(p.Path) {
			return nil, invalid("templatePatch: %s: %s", p.Path, p.Message)
		}
	}
	return patch, nil
}

func directive(path string) bool { return strings.Contains(path, "$") }

// finalizers are the one list of an Application that patches add to: the others carry
// no patchStrategy (pkg/apis/application/v1alpha1/types.go, apimachinery's ObjectMeta).
const finalizers = "metadata.finalizers"

// apply merges a patch into what is at a path: null removes, maps are merged, lists and
// the rest are replaced.
func apply(into, patch *yaml.Node, at string) error {
	for i := 0; i+1 < len(patch.Content); i += 2 {
		key, value := patch.Content[i], patch.Content[i+1]
		here := joined(at, key.Value)
		own := node.Get(into, key.Value)
		switch {
		case strings.HasPrefix(key.Value, "$"):
			return invalid("templatePatch has the directive %s, which is not followed here: write the list or map in full", key.Value)
		case node.Null(value):
			node.Remove(into, key.Value)
		case own == nil || own.Kind != value.Kind || value.Kind == yaml.ScalarNode:
			if err := plain(value); err != nil {
				return err
			}
			node.PutKey(into, key, drop(value))
		case strings.Contains(at, ".valuesObject"):
			return invalid("templatePatch changes a map or list inside of valuesObject, at which the controller fails: write valuesObject in the template")
		case value.Kind == yaml.MappingNode:
			if err := apply(own, value, here); err != nil {
				return err
			}
		case here == finalizers:
			own.Content = union(own.Content, value.Content)
		default:
			if err := plain(value); err != nil {
				return err
			}
			node.PutKey(into, key, value)
		}
	}
	return nil
}

// plain refuses directives below n, which are followed there, too.
func plain(n *yaml.Node) error {
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && strings.HasPrefix(child.Value, "$") {
			return invalid("templatePatch has the directive %s, which is not followed here: write the list or map in full", child.Value)
		}
		if err := plain(child); err != nil {
			return err
		}
	}
	return nil
}

// drop takes nulls out of maps that are new: there is nothing to remove.
func drop(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n
	}
	var content []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !node.Null(n.Content[i+1]) {
			content = append(content, n.Content[i], drop(n.Content[i+1]))
		}
	}
	n.Content = content
	return n
}

// union merges two lists of text: those of the patch come first, but for what stood
// before one of them (mergeSortedSlice in apimachinery's strategicpatch).
func union(own, patch []*yaml.Node) (all []*yaml.Node) {
	place := func(list []*yaml.Node, n *yaml.Node) int {
		return slices.IndexFunc(list, func(item *yaml.Node) bool { return item.Value == n.Value })
	}
	rest := slices.DeleteFunc(slices.Clone(own), func(n *yaml.Node) bool { return place(patch, n) >= 0 })
	for i, item := range patch {
		if place(patch, item) < i {
			continue // said twice
		}
		at := place(own, item)
		for at >= 0 && len(rest) > 0 && place(own, rest[0]) < at {
			all, rest = append(all, rest[0]), rest[1:]
		}
		all = append(all, item)
	}
	return append(all, rest...)
}
