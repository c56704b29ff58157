package crd

import (
	"context"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	kjson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// maxBytes is the largest body of a request that the API server reads: MaxRequestBodyBytes
// in k8s.io/apiserver, pkg/server/config.go.
const maxBytes = 3 << 20

const tooLarge = "the object is larger than the 3 MiB that the API server reads: make it smaller"

// structure checks types and values, and says whether the API server would stop there.
func (d *definition) structure(root *yaml.Node) (problems []Problem, blocked bool) {
	for _, p := range d.lines.Validate(root) {
		class := Structure
		if p.Unknown {
			class = Unknown
		}
		problems = append(problems, Problem{p.Path, p.Line, p.Message, class})
		blocked = blocked || !p.Unknown && !p.Form
	}
	return problems, blocked
}

// decode returns the object as the rules see it: without unknown fields and without
// nulls that mean nothing, and with defaults.
func (d *definition) decode(text []byte) (map[string]any, error) {
	var object map[string]any
	if err := kjson.Unmarshal(text, &object); err != nil { // integers as int64
		return nil, err
	}
	pruning.Prune(object, d.schema, true)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, d.schema)
	defaulting.Default(object, d.schema)
	return object, nil
}

// invariants checks what schemas do not say: names, labels and annotations, and
// that lists which are sets or maps repeat nothing.
func (d *definition) invariants(object map[string]any) field.ErrorList {
	u := &unstructured.Unstructured{Object: object}
	namespaced := u.GetNamespace() != "" // files may leave the namespace to whoever applies them
	errs := validation.ValidateObjectMetaAccessor(u, namespaced, validation.NameIsDNSSubdomain, field.NewPath("metadata"))
	return append(errs, listtype.ValidateListSetsAndMaps(nil, d.schema, object)...)
}

// blocks says that an error keeps the API server from running rules: hasBlockingErr in
// pkg/registry/customresource/strategy.go.
func blocks(err *field.Error) bool {
	switch err.Type {
	case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
		return true
	}
	return false
}

// rules runs the rules within the API server's budget, which bounds the time that a
// hostile object takes.
func (d *definition) rules(root *yaml.Node, object map[string]any) []Problem {
	if d.validator == nil {
		return nil
	}
	errs, _ := d.validator.Validate(context.Background(), nil, d.schema, object, nil, celconfig.RuntimeCELCostBudget)
	for _, err := range errs {
		err.Detail = d.explain(err.Detail)
	}
	return located(root, Rule, errs)
}

// explain passes what a rule says of an object that breaks it. What CEL says of a rule
// that it could not run may hold a value.
func (d *definition) explain(detail string) string {
	switch {
	case d.messages[detail]:
		return detail
	case strings.Contains(detail, "cost budget"), strings.Contains(detail, "call cost exceeds limit"):
		return "rules were not checked to the end: the API server refuses an object that needs so much work; make it smaller"
	default:
		return "a rule of the definition cannot be evaluated here, for which the API server refuses the object"
	}
}
