package schema

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestExpand(t *testing.T) {
	for _, k := range Kinds() {
		file, ok := Data(k)
		if !ok {
			t.Fatalf("%v: no data", k)
		}
		full, err := Expand(file)
		if err != nil {
			t.Fatalf("%v: %v", k, err)
		}
		text, err := json.Marshal(full)
		if err != nil || strings.Contains(string(text), `{"r":"`) {
			t.Errorf("%v: a reference is left, or %v", k, err)
		}
	}
}

func TestExpandWritesOut(t *testing.T) {
	const file = `{"origin":"a@v1","schema":{"t":"object","q":["a"],"p":{"t":{"r":"text"},"p":{"t":"array","i":{"r":"text"}},"a":{"a":{"r":"text"}}}},
		"defs":{"text":{"t":"string","re":"^a","v":[{"rule":"true"}]}}}`
	const text = `{"pattern":"^a","type":"string","x-kubernetes-validations":[{"rule":"true"}]}`
	const want = `{"properties":{"a":{"additionalProperties":` + text + `},"p":{"items":` + text + `,"type":"array"},"t":` + text + `},"required":["a"],"type":"object"}`
	full, err := Expand([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := json.Marshal(full); string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestExpandRefuses(t *testing.T) {
	for _, schema := range []string{`{"zz":1}`, `{"p":3}`, `{"p":{"a":{"zz":1}}}`, `{"i":[]}`, `{"i":{"a":{"zz":1}}}`} {
		if full, err := Expand([]byte(`{"schema":` + schema + `}`)); err == nil {
			t.Errorf("%s: got %v", schema, full)
		}
	}
	if _, ok := Data(Kind{"v1", "Secret"}); ok {
		t.Error("found the data of a Secret")
	}
}
