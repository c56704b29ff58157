package crd

import (
	"maps"
	"slices"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
)

// A rule stands at a field of a definition, named as package schema names leaves.
type rule struct {
	field string
	apiextensionsv1.ValidationRule
}

// message is what the API server says where the rule is broken.
func (r rule) message() string {
	if r.Message != "" {
		return r.Message
	}
	return "failed rule: " + r.Rule
}

// rulesBelow lists the rules of a schema, in the order of their fields.
func rulesBelow(s *structural.Structural, field string) (found []rule) {
	if s == nil {
		return nil
	}
	for _, r := range s.XValidations {
		found = append(found, rule{field, r})
	}
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		child := s.Properties[name]
		found = append(found, rulesBelow(&child, field+"."+name)...)
	}
	found = append(found, rulesBelow(s.Items, field+"[]")...)
	if s.AdditionalProperties != nil {
		found = append(found, rulesBelow(s.AdditionalProperties.Structural, field+".{}")...)
	}
	return found
}
