package ledger

import (
	"encoding/json"
	"testing"
)

// TestContract: other tools read these very names.
func TestContract(t *testing.T) {
	app := Object{APIVersion: "argoproj.io/v1alpha1", Kind: "Application", Namespace: "argocd", Name: "a"}
	e := Entry{
		ID: "x", Fidelity: Approximate, Note: "n", Absent: true, Blocking: true,
		From: From{Object: app, Path: "p", File: "f", Line: 1},
		To:   []To{{Object: Object{APIVersion: "v1", Kind: "K", Name: "b"}, Path: "q"}},
	}
	want := `{"id":"x","fidelity":"approximate","from":{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","namespace":"argocd","name":"a","path":"p","file":"f","line":1},"to":[{"apiVersion":"v1","kind":"K","name":"b","path":"q"}],"note":"n","absent":true,"blocking":true}`
	got, err := json.Marshal(e)
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
	var back Entry
	if err := json.Unmarshal(got, &back); err != nil || back.Fidelity != Approximate {
		t.Errorf("read back %+v, %v", back, err)
	}
}

func TestFidelity(t *testing.T) {
	for _, f := range Fidelities() {
		var back Fidelity
		if err := back.UnmarshalText([]byte(f.String())); err != nil || back != f {
			t.Errorf("%v comes back as %v, %v", f, back, err)
		}
	}
	var zero Fidelity
	if zero != Unknown || zero.UnmarshalText([]byte("great")) == nil {
		t.Error("the zero value must be unknown, and unknown names refused")
	}
	order := []Fidelity{Unknown, Unsupported, Approximate, Equivalent, Exact}
	for i := 1; i < len(order); i++ {
		if order[i-1].Severity() <= order[i].Severity() {
			t.Errorf("%v must be worse than %v", order[i-1], order[i])
		}
	}
}

func TestPath(t *testing.T) {
	path := Key(Index(Key(Key("", "spec"), "sources"), 0), "helm")
	if path != "spec.sources[0].helm" {
		t.Errorf("got %s", path)
	}
	for key, want := range map[string]string{
		"a.b/c": `m["a.b/c"]`, "": `m[""]`, "ä": `m["ä"]`, `q"`: `m["q\""]`, "$patch": "m.$patch", "a-b_c9": "m.a-b_c9",
	} {
		if got := Key("m", key); got != want {
			t.Errorf("Key(%q) = %s, want %s", key, got, want)
		}
	}
}
