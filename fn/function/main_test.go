package function

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

const examples = "../../examples/argocd"

// example returns an example Application as an item of a ResourceList.
func example(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(examples, file))
	if err != nil {
		t.Fatal(err)
	}
	item := yaml.MustParse(string(data))
	item.YNode().HeadComment = ""
	if err := setPath(item, "apps/"+file); err != nil {
		t.Fatal(err)
	}
	if err := setIndex(item, 0); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(item.MustString()), "\n")
	return "- " + strings.Join(lines, "\n  ") + "\n"
}

// resourceList returns a ResourceList of items.
func resourceList(layout string, items ...string) string {
	return "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n" +
		strings.Join(items, "") + "functionConfig:\n" +
		"  apiVersion: " + configAPIVersion + "\n  kind: " + configKind + "\n" +
		"  spec: {layout: " + layout + "}\n"
}

// convertList runs the function and returns its output without results.
func convertList(t *testing.T, in string) string {
	t.Helper()
	var out, stderr bytes.Buffer
	code := Main(nil, func(string) string { return "" },
		Streams{In: strings.NewReader(in), Out: &out, Err: &stderr})
	if code != 0 {
		t.Fatalf("exit code %d\n%s", code, &stderr)
	}
	items, _, _ := strings.Cut(out.String(), "\nresults:\n")
	return strings.TrimSuffix(items, "\n") + "\n"
}

func TestSecondRunChangesNothing(t *testing.T) {
	files, err := os.ReadDir(examples)
	if err != nil {
		t.Fatal(err)
	}
	var items []string
	for _, file := range files {
		items = append(items, example(t, file.Name()))
	}
	for _, layout := range []string{"in-file", "per-app"} {
		in := resourceList(layout, items...)
		once := convertList(t, in)
		if once == in {
			t.Errorf("%s: the first run converted nothing", layout)
		}
		if twice := convertList(t, once); twice != once {
			t.Errorf("%s: first run\n%s\nsecond run\n%s", layout, once, twice)
		}
	}
}

// An Application that is added later shares the source of an earlier run.
func TestLaterApplicationSharesSource(t *testing.T) {
	list := convertList(t, resourceList("in-file", example(t, "orders.yaml")))
	const end = "functionConfig:\n"
	list = strings.Replace(list, end, example(t, "guestbook.yaml")+end, 1)
	list = convertList(t, list)
	if n := strings.Count(list, "kind: GitRepository\n  metadata"); n != 1 {
		t.Errorf("%d GitRepositories:\n%s", n, list)
	}
}
