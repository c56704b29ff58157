package substitute

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// variableName is what kustomize-controller takes (varsubRegex).
var variableName = regexp.MustCompile("^[_[:alpha:]][_[:alpha:][:digit:]]*$")

// Values are the variables of one Kustomization.
type Values struct {
	vars map[string]string
	// open is an object that may set more of them.
	open   unread
	always bool
}

// An unread is an object whose values are not at hand.
type unread struct{ name, why string }

// Maps returns the data of a ConfigMap of the input, seen from a file, or why it has
// none to offer.
type Maps func(ref flux.Ref, file string) (data *yaml.Node, why string)

// Read returns the values of a Kustomization: those of substituteFrom in order, then
// those of substitute, which win. What an object that is not read may set is unknown,
// and so is what came before it; substitute is certain.
func Read(k *flux.Applier, file string, of Maps) (*Values, error) {
	v := &Values{vars: map[string]string{}}
	v.always = node.Text(k.Root, "spec", "postBuild", "substituteStrategy") == "Always"
	for _, item := range node.Items(k.Root, "spec", "postBuild", "substituteFrom") {
		ref := flux.Ref{Kind: node.Text(item, "kind"), Namespace: k.Namespace, Name: node.Text(item, "name")}
		if why := v.include(ref, file, of); why != "" {
			v.vars, v.open = map[string]string{}, unread{ref.String(), why}
		}
	}
	if why := v.add(k.Spec("postBuild", "substitute")); why != "" {
		return nil, refuse("", "spec.postBuild.substitute: %s", why)
	}
	for _, name := range slices.Sorted(maps.Keys(v.vars)) {
		if !variableName.MatchString(name) {
			return nil, refuse(name, "%q is no name of a variable, and Flux fails: use letters, digits and _", name)
		}
	}
	return v, nil
}

// include adds what an object holds, or tells why that is not known.
func (v *Values) include(ref flux.Ref, file string, of Maps) (why string) {
	if ref.Kind != "ConfigMap" {
		return "values of Secrets are not read"
	}
	data, why := of(ref, file)
	if why != "" {
		return why
	}
	for i := 1; data != nil && i < len(data.Content); i += 2 {
		switch value := data.Content[i].Value; {
		case strings.HasPrefix(value, "ENC["):
			return "it is encrypted"
		case strings.Contains(value, "${") || strings.Contains(value, "$$"):
			return "its values hold variables themselves"
		}
	}
	return v.add(data)
}

// add reads a map of strings, or tells why it is none.
func (v *Values) add(data *yaml.Node) (why string) {
	if node.Null(data) {
		return ""
	}
	if data.Kind != yaml.MappingNode {
		return "not a map"
	}
	for i := 0; i+1 < len(data.Content); i += 2 {
		name, value := data.Content[i].Value, data.Content[i+1]
		if value.Kind != yaml.ScalarNode || value.Tag != yaml.NodeTagString {
			return name + " is not text: quote it"
		}
		v.vars[name] = strings.ReplaceAll(value.Value, "\n", "")
	}
	return ""
}

// Run tells whether the controller substitutes at all, or may (the strategy
// WithVariables of kustomize-controller's API).
func (v *Values) Run() bool { return len(v.vars) > 0 || v.always || v.open.name != "" }

// maybe tells whether only the values that are not at hand decide about Run.
func (v *Values) maybe() bool { return len(v.vars) == 0 && !v.always && v.open.name != "" }

// equal tells whether both do the same to a manifest.
func (v *Values) equal(w *Values) bool {
	return maps.Equal(v.vars, w.vars) && v.open == w.open && v.Run() == w.Run()
}
