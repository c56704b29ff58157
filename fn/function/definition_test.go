package function

import (
	"os"
	"reflect"
	"slices"
	"testing"

	"k8s.io/kube-openapi/pkg/validation/spec"
	"k8s.io/kube-openapi/pkg/validation/strfmt"
	"k8s.io/kube-openapi/pkg/validation/validate"
	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"
)

// definition reads a file of the catalogue's form into its type, which it must fit.
func definition(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile("../" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(data, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// schema is what fn/krmfunction.yaml says of the functionConfig.
func schema(t *testing.T) *spec.Schema {
	t.Helper()
	var d framework.KRMFunctionDefinition
	definition(t, "krmfunction.yaml", &d)
	if d.APIVersion != framework.FunctionDefinitionGroupVersion || d.Kind != framework.FunctionDefinitionKind {
		t.Errorf("it is a %s %s", d.APIVersion, d.Kind)
	}
	if len(d.Spec.Versions) != 1 {
		t.Fatalf("%d versions", len(d.Spec.Versions))
	}
	v := d.Spec.Versions[0]
	if id := d.Spec.Group + "/" + v.Name; id != configAPIVersion || d.Spec.Names.Kind != configKind {
		t.Errorf("it defines %s %s", id, d.Spec.Names.Kind)
	}
	return v.Schema.OpenAPIV3Schema
}

// schema is how OpenAPI puts what the field takes.
func (f *field) schema() spec.Schema {
	text := func() *spec.Schema { return spec.StringProperty() }
	s := *text()
	switch {
	case f.boolean:
		s = *spec.BooleanProperty()
		s.Default = f.standard == "true"
	case f.read != nil:
		item := new(spec.Schema).Typed("object", "").WithRequired("name", "url").
			SetProperty("name", *text()).SetProperty("url", *text()).SetProperty("revision", *text())
		s = *spec.ArrayProperty(item)
	case f.standard != "":
		s.Default = f.standard
	}
	if !f.boolean {
		for _, v := range f.values {
			s.Enum = append(s.Enum, v)
		}
	}
	s.Description = f.doc
	return s
}

// TestDefinition: the schema of the definition is the table of fields.
func TestDefinition(t *testing.T) {
	got := schema(t).Properties["spec"].Properties
	for _, f := range fields {
		want, have := f.schema(), got[f.name]
		if !reflect.DeepEqual(have, want) {
			text, err := yaml.Marshal(map[string]spec.Schema{f.name: want})
			if err != nil {
				t.Fatal(err)
			}
			t.Errorf("fn/krmfunction.yaml lacks\n%s", text)
		}
		delete(got, f.name)
	}
	if len(got) > 0 {
		t.Errorf("the function does not take %v", got)
	}
}

// TestDefinitionValidates: what the schema takes, the function takes, and what the schema
// refuses, the function refuses.
func TestDefinitionValidates(t *testing.T) {
	validator := validate.NewSchemaValidator(schema(t), nil, "", strfmt.Default)
	tests := []struct {
		text string
		good bool
	}{
		{"spec: {to: argocd, placement: single, preserve: true, suspend: false}", true},
		{"spec: {sourceUrls: [{name: a, url: b}, {name: a, url: b, revision: c}]}", true},
		{"spec: {}", true},
		{"", true},
		{"spec: []", false},
		{"spec: {fluxVersion: 2.9}", false},
		{"spec: {to: fleet}", false},
		{"spec: {failOn: always}", false},
		{`spec: {preserve: "true"}`, false},
		{"spec: {namespace: [a]}", false},
		{"spec: {sourceUrls: a=b}", false},
		{"spec: {sourceUrls: [a=b]}", false},
		{"spec: {sourceUrls: [{name: a}]}", false},
		{"spec: {sourceUrls: [{name: a, url: b, revision: 1.2}]}", false},
	}
	for _, tt := range tests {
		var object any
		if err := yaml.Unmarshal([]byte(ownHeader+tt.text), &object); err != nil {
			t.Fatal(err)
		}
		if result := validator.Validate(object); result.IsValid() != tt.good {
			t.Errorf("%s: the schema says %v", tt.text, result.Errors)
		}
		if _, err := parseConfig(kyaml.MustParse(ownHeader + tt.text)); (err == nil) != tt.good {
			t.Errorf("%s: the function says %v", tt.text, err)
		}
	}
}

// TestMetadata: the metadata has what the catalogue of kpt requires
// (kptdev/krm-functions-catalog scripts/verify-docs.py), and names every example.
func TestMetadata(t *testing.T) {
	var m struct {
		Image, Description, SourceURL, License string
		Tags, Emails                           []string
		ExamplePackageURLs                     []string
	}
	definition(t, "metadata.yaml", &m)
	var d framework.KRMFunctionDefinition
	definition(t, "krmfunction.yaml", &d)
	version := d.Spec.Versions[0]
	if m.Image != version.Runtime.Container.Image || m.Description != d.Spec.Description || m.License != version.License {
		t.Errorf("fn/metadata.yaml and fn/krmfunction.yaml say different things: %+v", m)
	}
	if m.SourceURL == "" || len(m.Emails) == 0 || !slices.Equal(m.Tags, []string{"mutator"}) {
		t.Errorf("incomplete: %+v", m)
	}
	found, err := os.ReadDir("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range found {
		if _, err := os.Stat("../../examples/" + example.Name() + "/.expected"); err != nil {
			continue
		}
		url := d.Spec.Home + "/tree/main/examples/" + example.Name()
		if i := slices.Index(m.ExamplePackageURLs, url); i < 0 {
			t.Errorf("it does not name %s", url)
		} else {
			m.ExamplePackageURLs = slices.Delete(m.ExamplePackageURLs, i, i+1)
		}
	}
	if len(m.ExamplePackageURLs) > 0 {
		t.Errorf("there is no %v", m.ExamplePackageURLs)
	}
}
