package crd

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// made is a definition that holds what no upstream rule does today.
const made = `{"origin":"made@v1","defs":{"list":{"i":{"t":"string"},"t":"array"}},"schema":{"t":"object","p":{
"apiVersion":{"t":"string"},"kind":{"t":"string"},"metadata":{"t":"object"},
"spec":{"t":"object","p":{"secret":{"t":"string","v":[%s]},"list":{"r":"list"},"other":{"r":"list"}},"v":[%s]}}}}`

func compiled(t *testing.T, ofSecret, ofSpec string) *definition {
	t.Helper()
	d, err := compile(fmt.Appendf(nil, made, ofSecret, ofSpec))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSecrets has rules whose failure would be told with the value.
func TestSecrets(t *testing.T) {
	for rule, want := range map[string]string{
		`{"rule":"int(self) > 0"}`:                               "a rule of the definition cannot be evaluated here, for which the API server refuses the object",
		`{"rule":"duration(self) == self"}`:                      "a rule of the definition cannot be evaluated here, for which the API server refuses the object",
		`{"rule":"self == 'x'"}`:                                 "failed rule: self == 'x'",
		`{"rule":"self == 'x'","message":""}`:                    "failed rule: self == 'x'",
		`{"rule":"false","messageExpression":"'it is ' + self"}`: "a rule of the definition cannot be evaluated here, for which the API server refuses the object",
	} {
		problems := compiled(t, rule, "").broken(t, "spec: {secret: hunter2}")
		if len(problems) != 1 || problems[0].Message != want || problems[0].Path != "spec.secret" {
			t.Errorf("%s: %+v", rule, problems)
		}
	}
}

func TestTransitionRules(t *testing.T) {
	d := compiled(t, `{"rule":"self == oldSelf","message":"cannot change"}`, "")
	if problems := d.broken(t, "spec: {secret: a}"); len(problems) > 0 {
		t.Errorf("a rule for updates ran on create: %+v", problems)
	}
}

const tooMuch = "rules were not checked to the end: the API server refuses an object that needs so much work; make it smaller"

// TestBudget has rules that look at each triple, and many that look at each pair, of items.
func TestBudget(t *testing.T) {
	text := "spec: {list: [" + strings.Repeat("aaaa, ", 200) + "b]}"
	triple := `{"rule":"self.list.all(a, self.list.all(b, self.list.all(c, a + b != c)))"}`
	pairs := strings.Repeat(`{"rule":"self.list.all(a, self.list.all(b, a + b != 'c'))"},`, 60)
	for _, rules := range []string{triple, strings.TrimSuffix(pairs, ",")} {
		problems := compiled(t, "", rules).broken(t, text)
		if len(problems) != 1 || problems[0].Message != tooMuch || problems[0].Path != "spec" {
			t.Errorf("got %+v", problems)
		}
	}
}

// TestLists holds the upstream rules to what makes a budget bound time: what they go
// through, they go through in lists of limited length. CEL accounts for each item in time
// that grows with the length of the list.
func TestLists(t *testing.T) {
	for _, release := range []Release{Flux29, Flux210} {
		for _, kind := range kinds(t, release) {
			d, err := definitionOf(release, kind)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rulesBelow(d.schema, "") {
				limited := 0
				for _, list := range ofSelf.FindAllStringSubmatch(r.Rule, -1) {
					s := d.schema.Properties["spec"].Properties[list[1]]
					if r.field == ".spec" && s.ValueValidation != nil && s.ValueValidation.MaxItems != nil {
						limited++
					}
				}
				if all := macro.FindAllString(r.Rule, -1); len(all) != limited {
					t.Errorf("%s%s: no limit to what this goes through: %s", kind.Kind, r.field, r.Rule)
				}
			}
		}
	}
}

var (
	macro  = regexp.MustCompile(`\.(all|exists|exists_one|existsOne|map|filter|transform\w+)\(`)
	ofSelf = regexp.MustCompile(`\bself\.(\w+)` + macro.String())
)

// TestLargest has as many names, as long, as the definition allows, and then more.
func TestLargest(t *testing.T) {
	const most, longest = 1000, 253
	for count, want := range map[int]string{most: "", 12 * most: "1 : structure: " + tooLarge} {
		text := "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: a}\nspec:\n" +
			"  sources: [{alias: src, kind: Bucket, name: a}]\n  artifacts:" +
			strings.Repeat("\n    - {name: "+strings.Repeat("a", longest)+", copy: [{from: '@src/a', to: '@artifact/a'}]}", count)
		problems, err := Validate(parse(t, text), Flux29)
		if got := strings.Join(lines(problems), "\n"); err != nil || got != want {
			t.Errorf("%d names: %.200s, %v", count, got, err)
		}
	}
}

// TestManyProblems would take minutes if each were looked up in the document.
func TestManyProblems(t *testing.T) {
	var labels strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&labels, "    k%d: not a label %d\n", i, i)
	}
	text := "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: a\n  labels:\n" + labels.String() + "spec: {}\n"
	problems, err := Validate(parse(t, text), Flux29)
	if err != nil || len(problems) != maxLocated+1 {
		t.Fatalf("%d problems, %v", len(problems), err)
	}
	if want := "1 : structure: 49900 more problems are not listed"; lineOf(problems[0]) != want {
		t.Errorf("got %s, want %s", lineOf(problems[0]), want)
	}
	again, _ := Validate(parse(t, text), Flux29)
	if fmt.Sprint(again) != fmt.Sprint(problems) {
		t.Error("a second run lists other problems")
	}
}

func TestDeep(t *testing.T) {
	text := "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec: {source: {helm: {valuesObject: " +
		strings.Repeat("{a: ", 900) + "1" + strings.Repeat("}", 900) + "}}}\n"
	if _, err := Validate(parse(t, text), Flux29); err != nil {
		t.Error(err)
	}
}
