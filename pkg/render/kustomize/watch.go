package kustomize

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// ErrRemote tells that a kustomization names what would have to be fetched.
var ErrRemote = errors.New("not fetched, as --offline is given: keep a copy in the source")

// A watch is a file system that looks at the kustomization files which are read.
type watch struct {
	filesys.FileSystem
	offline bool
	// schema is called when the first file sets a schema of its own.
	schema func()
	// refused is why a file was refused: kustomize takes it for missing.
	refused error
	seen    bool
}

// ReadFile implements filesys.FileSystem.
func (w *watch) ReadFile(name string) ([]byte, error) {
	data, err := w.FileSystem.ReadFile(name)
	if err != nil || !slices.Contains(konfig.RecognizedKustomizationFileNames(), filepath.Base(name)) {
		return data, err
	}
	if !w.seen && bytes.Contains(data, []byte("openapi")) {
		w.seen = true
		w.schema()
	}
	if w.offline && address.Match(data) {
		var content map[string]any
		if yaml.Unmarshal(data, &content) == nil && remote("", content) {
			w.refused = fmt.Errorf("%s/%s names a remote file or base: %w",
				filepath.Base(filepath.Dir(name)), filepath.Base(name), ErrRemote)
			return nil, w.refused
		}
	}
	return data, nil
}

// paths are the fields of a kustomization file that name files or bases (api/types).
var paths = []string{
	"resources", "bases", "components", "crds", "configurations", "generators", "transformers", "validators",
	"patchesStrategicMerge", "path", "files", "env", "envs",
}

// address is the beginning of what kustomize fetches: files by HTTP
// (api/internal/loader/fileloader.go IsRemoteFile), bases by git
// (api/internal/git/repospec.go extractHost).
var address = regexp.MustCompile(`(?i)\b(git::|gh:|github\.com[:/]|[a-z]+://|[\w.-]+@[\w.-]+[:/])`)

// remote tells whether a value, or something in it, names what has to be fetched. key
// is the field that holds it.
func remote(key string, value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for key, item := range v {
			if remote(key, item) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return remote(key, item) })
	case string:
		if key == "files" { // KEY=FILE
			if _, file, ok := strings.Cut(v, "="); ok {
				v = file
			}
		}
		return slices.Contains(paths, key) && !strings.Contains(v, "\n") && begins(address, v)
	}
	return false
}

func begins(pattern *regexp.Regexp, text string) bool {
	at := pattern.FindStringIndex(text)
	return at != nil && at[0] == 0
}
