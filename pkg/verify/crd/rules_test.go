package crd

import (
	"fmt"
	"os"
	"reflect"
	"slices"
	"testing"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	structural "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// An example has the specs of an object that breaks a rule and of one that keeps it.
type example struct {
	Rule          string
	Breaks, Keeps map[string]any
	used          bool
}

func examples(t *testing.T) map[string][]*example {
	t.Helper()
	text, err := os.ReadFile("testdata/rules.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string][]*example{}
	if err := yaml.UnmarshalStrict(text, &kinds); err != nil {
		t.Fatal(err)
	}
	return kinds
}

// kinds lists the kinds of a release.
func kinds(t testing.TB, r Release) []schema.Kind {
	t.Helper()
	found := schema.Kinds()
	if r == Flux210 {
		found = append(found,
			schema.Kind{APIVersion: "notification.toolkit.fluxcd.io/v1", Kind: "Alert"},
			schema.Kind{APIVersion: "notification.toolkit.fluxcd.io/v1", Kind: "Provider"})
	}
	return found
}

// TestRules wants an example of each rule in each release: the rule alone, and all rules
// together, must refuse what breaks it and pass what keeps it.
func TestRules(t *testing.T) {
	all, count := examples(t), 0
	for _, release := range []Release{Flux29, Flux210} {
		for _, kind := range kinds(t, release) {
			d, err := definitionOf(release, kind)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rulesBelow(d.schema, "") {
				count++
				t.Run(fmt.Sprintf("2.%d/%s%s/%s", release, kind.Kind, r.field, r.Rule), func(t *testing.T) {
					checkRule(t, release, kind, d.only(r), all[kind.Kind])
				})
			}
		}
	}
	t.Logf("%d rules", count)
	for kind, list := range all {
		for _, e := range list {
			if !e.used {
				t.Errorf("no %s has the rule %s", kind, e.Rule)
			}
		}
	}
}

func checkRule(t *testing.T, release Release, kind schema.Kind, alone *definition, list []*example) {
	r := rulesBelow(alone.schema, "")[0]
	at := slices.IndexFunc(list, func(e *example) bool { return e.Rule == r.Rule })
	if at < 0 {
		t.Fatal("the rule has no example in testdata/rules.yaml")
	}
	e := list[at]
	e.used = true
	if reflect.DeepEqual(r.ValidationRule, apiextensionsv1.ValidationRule{Rule: r.Rule, Message: r.Message}) == false {
		t.Errorf("the rule has more than a message, which nothing here was written for: %+v", r.ValidationRule)
	}
	bad, good := objectOf(t, kind, e.Breaks), objectOf(t, kind, e.Keeps)
	if got := messages(alone.broken(t, bad)); !slices.Equal(got, []string{r.message()}) {
		t.Errorf("what breaks the rule gets, of the rule alone, %q", got)
	}
	if got := alone.broken(t, good); len(got) > 0 {
		t.Errorf("what keeps the rule gets, of the rule alone, %+v", got)
	}
	problems, err := Validate(parse(t, bad), release)
	if err != nil || !slices.Contains(messages(problems), r.message()) {
		t.Errorf("what breaks the rule gets %+v, %v", problems, err)
	}
	problems, err = Validate(parse(t, good), release)
	if err != nil || len(problems) > 0 {
		t.Errorf("what keeps the rule gets %+v, %v", problems, err)
	}
}

// only returns the definition with a single rule.
func (d *definition) only(r rule) *definition {
	s := d.schema.DeepCopy()
	keep(s, "", r)
	return &definition{d.lines, s, cel.NewValidator(s, true, celconfig.PerCallLimit), d.messages}
}

func keep(s *structural.Structural, field string, r rule) {
	if s == nil {
		return
	}
	s.XValidations = slices.DeleteFunc(s.XValidations, func(v apiextensionsv1.ValidationRule) bool {
		return field != r.field || v.Rule != r.Rule
	})
	for name, child := range s.Properties {
		keep(&child, field+"."+name, r)
		s.Properties[name] = child
	}
	keep(s.Items, field+"[]", r)
	if s.AdditionalProperties != nil {
		keep(s.AdditionalProperties.Structural, field+".{}", r)
	}
}

// broken returns what the rules of a definition say of an object.
func (d *definition) broken(t *testing.T, text string) []Problem {
	t.Helper()
	root := parse(t, text)
	json, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	object, err := d.decode(json)
	if err != nil {
		t.Fatal(err)
	}
	return d.rules(root, object)
}

func objectOf(t *testing.T, kind schema.Kind, spec map[string]any) string {
	t.Helper()
	text, err := yaml.Marshal(map[string]any{
		"apiVersion": kind.APIVersion, "kind": kind.Kind, "spec": spec,
		"metadata": map[string]any{"name": "a", "namespace": "a"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// messages are those of problems that are rules.
func messages(problems []Problem) (found []string) {
	for _, p := range problems {
		if p.Class == Rule {
			found = append(found, p.Message)
		}
	}
	return found
}
