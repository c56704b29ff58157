package manifest

import "testing"

// TestContent: the content can be copied and written, and what kustomize build refuses,
// as JSON cannot hold it, is refused.
func TestContent(t *testing.T) {
	const head = "apiVersion: example.com/v1\nkind: Odd\nmetadata: {name: x}\nspec: "
	for text, want := range map[string]any{
		"2024-01-01": "2024-01-01T00:00:00Z", "1e3": int64(1000), "9007199254740993": int64(9007199254740993), "1.5": 1.5,
	} {
		objects, err := DecodeRewritten([]byte(head+text), Origin{})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if got := objects[0].DeepCopy().Object["spec"]; got != want {
			t.Errorf("%s is %T %[2]v, want %T %[3]v", text, got, want)
		}
	}
	for _, text := range []string{"{1: a}", "{true: a}", "{a: {1.5: x}}", "[.nan]", "[.inf]", "{2024-01-01: x}", "{a: 1, a: 2}"} {
		if objects, err := DecodeRewritten([]byte(head+text), Origin{}); err == nil {
			t.Errorf("%s is taken for %v", text, objects)
		}
	}
}
