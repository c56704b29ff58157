package inventory_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/redact"
)

// manifests returns the files of GITOPS_CORPUS, or without it the inputs of the
// scenarios of pkg/convert.
func manifests(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	if root := os.Getenv("GITOPS_CORPUS"); root != "" {
		for _, name := range matches(t, filepath.Join(root, "*", "*.yaml")) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = text
		}
		return files
	}
	for _, name := range matches(t, "../../convert/testdata/*/*.txtar") {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasPrefix(f.Name, "input") {
				files[name+"/"+f.Name] = f.Data
			}
		}
	}
	return files
}

func matches(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return names
}

// certain are texts that nobody writes but as credentials.
var certain = regexp.MustCompile(`PRIVATE KEY-----|://[^/@\s"<>]+:[^/@\s"<>]+@|\bgh[pos]_[A-Za-z0-9]{30}|hooks\.slack\.com/services/\w`)

// TestCorpus: of what people write nothing that is certainly a credential is left, and
// most is left as it was.
func TestCorpus(t *testing.T) {
	var objects, touched, leaves, masks int
	for file, text := range manifests(t) {
		docs, err := document.Split(file, text)
		if err != nil {
			continue
		}
		for i := range docs {
			root, err := docs[i].Parse()
			if err != nil {
				continue
			}
			o, ok := inventory.Read(root, "default")
			if !ok || o.Definition == nil {
				continue
			}
			objects++
			if found := certain.FindString(string(o.Definition)); found != "" && !strings.Contains(found, "${") {
				t.Errorf("%s: %s %s: left %s", file, o.Kind, o.Name, found)
			}
			all, err := json.Marshal(preserve.Desired(root))
			if err != nil {
				t.Fatal(err)
			}
			n := strings.Count(decoded(o.Definition), redact.Mask)
			leaves, masks = leaves+strings.Count(string(all), `":`), masks+n
			if n > 0 {
				touched++
			}
		}
	}
	t.Logf("%d objects, %d with something hidden; %d of %d fields", objects, touched, masks, leaves)
	if objects < 100 || touched == 0 {
		t.Errorf("%d objects, %d with something hidden", objects, touched)
	}
	if masks*20 > leaves {
		t.Errorf("%d of %d fields are hidden", masks, leaves)
	}
}

// decoded is JSON without the escapes that Go writes for < and >.
func decoded(text []byte) string {
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(text))
}
