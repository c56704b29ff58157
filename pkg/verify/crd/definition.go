package crd

import (
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// A definition is one version of a kind, ready to check objects. It does not change.
type definition struct {
	lines     *schema.Schema         // the structure, for problems with lines
	schema    *structural.Structural // the same, for the packages of the API server
	validator *cel.Validator         // the compiled rules; nil without any
	messages  map[string]bool        // what broken rules say
}

// A key names a definition.
type key struct {
	release Release
	kind    schema.Kind
}

// definitions holds, for each key asked for, a function that compiles it once.
var definitions sync.Map

// definitionOf compiles the definition of a kind when it is first asked for.
func definitionOf(flux Release, kind schema.Kind) (*definition, error) {
	id := key{flux.known(), kind}
	load, ok := definitions.Load(id)
	if !ok {
		file, ok := id.release.data(kind)
		if !ok {
			return nil, fmt.Errorf("%w for kind %q of apiVersion %q", ErrUnknownKind, kind.Kind, kind.APIVersion)
		}
		load, _ = definitions.LoadOrStore(id, sync.OnceValues(func() (*definition, error) { return compile(file) }))
	}
	return load.(func() (*definition, error))()
}

func compile(file []byte) (*definition, error) {
	lines, err := schema.Decode(file)
	if err != nil {
		return nil, err
	}
	full, err := schema.Expand(file)
	if err != nil {
		return nil, err
	}
	s, err := structuralOf(full)
	if err != nil {
		return nil, fmt.Errorf("schema from %s: %w", lines.Origin(), err)
	}
	messages := map[string]bool{}
	for _, rule := range rulesBelow(s, "") {
		messages[rule.message()] = true
	}
	return &definition{lines, s, cel.NewValidator(s, true, celconfig.PerCallLimit), messages}, nil
}

// structuralOf turns an openAPIV3Schema into what the API server works with.
func structuralOf(full map[string]any) (*structural.Structural, error) {
	text, err := json.Marshal(full)
	if err != nil {
		return nil, err
	}
	var v1 apiextensionsv1.JSONSchemaProps
	if err := json.Unmarshal(text, &v1); err != nil {
		return nil, err
	}
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&v1, &internal, nil); err != nil {
		return nil, err
	}
	return structural.NewStructural(&internal)
}
