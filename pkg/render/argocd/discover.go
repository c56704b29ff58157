package argocd

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// A sourceType is one of Argo CD's ways to make manifests.
type sourceType string

const (
	helmType      sourceType = "Helm"
	kustomizeType sourceType = "Kustomize"
	directoryType sourceType = "Directory"
	pluginType    sourceType = "Plugin"
)

// override merges .argocd-source.yaml and .argocd-source-NAME.yaml of the source's
// directory into the source (repository.go mergeSourceParameters).
func (s *appSource) override(dir, app string) error {
	merged := *s
	for _, name := range []string{".argocd-source.yaml", ".argocd-source-" + app + ".yaml"} {
		patch, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) || isDir(filepath.Join(dir, name)) {
			continue
		}
		if err == nil {
			err = merged.patch(patch)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	s.Helm, s.Kustomize, s.Directory, s.Plugin = merged.Helm, merged.Kustomize, merged.Directory, merged.Plugin
	return nil
}

// patch applies a JSON merge patch, written as YAML.
func (s *appSource) patch(patch []byte) error {
	patch, err := yaml.YAMLToJSON(patch)
	if err != nil {
		return err
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if data, err = jsonpatch.MergePatch(data, patch); err != nil {
		return err
	}
	// Argo CD decodes into what it has: what the patch takes away stays.
	return json.Unmarshal(data, s)
}

// explicit returns the type that the source's fields say, or "".
func (s *appSource) explicit() (sourceType, error) {
	var types []sourceType
	for _, t := range []struct {
		set  bool
		name sourceType
	}{{s.Kustomize != nil, kustomizeType}, {s.Helm != nil, helmType}, {s.Directory != nil, directoryType}, {s.Plugin != nil, pluginType}} {
		if t.set {
			types = append(types, t.name)
		}
	}
	switch len(types) {
	case 0:
		return "", nil
	case 1:
		return types[0], nil
	}
	return "", fmt.Errorf("%s has several source types, of which Argo CD takes none: %v", s.at, types)
}

// discover returns the type that the files of a directory say, in the order in which
// Argo CD walks them: the last one counts (util/app/discovery/discovery.go).
func discover(dir string) (sourceType, error) {
	found := directoryType
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		switch name := entry.Name(); {
		case entry.IsDir():
		case strings.HasSuffix(name, "Chart.yaml"):
			found = helmType
		case name == "kustomization.yaml", name == "kustomization.yml", name == "Kustomization":
			found = kustomizeType
		}
	}
	return found, nil
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
