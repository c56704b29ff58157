package flux

import (
	"os"
	"path"
	"path/filepath"
	"strings"

	generator "github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// A kustomizationFile is the one in the directory of a Kustomization.
type kustomizationFile struct {
	name string // in the source
	data []byte
	made bool // the source has none
}

// kustomizationFileIn returns what kustomize builds of the directory; where the source has no
// such file, one of all manifests below it (fluxcd/pkg kustomize/kustomize_generator.go
// findOrGenerateKustomization). The library itself reads the disk only, where files are
// that an artifact lacks.
func kustomizationFileIn(files *source.Files, dir string) (k kustomizationFile, err error) {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if k.name = path.Join(dir, name); files.IsFile(k.name) {
			k.data, err = files.Read(k.name)
			return k, err
		}
	}
	kustomization := types.Kustomization{TypeMeta: types.TypeMeta{
		APIVersion: types.KustomizationVersion, Kind: types.KustomizationKind,
	}}
	if kustomization.Resources, err = manifestsBelow(files, dir); err != nil {
		return k, err
	}
	if len(kustomization.Resources) == 0 {
		kustomization.Namespace = "_placeholder" // kustomize refuses an empty file
	}
	k.name, k.made = path.Join(dir, konfig.DefaultKustomizationFileName()), true
	k.data, err = yaml.Marshal(kustomization)
	return k, err
}

// manifestsBelow lists the YAML files below dir, and the directories that are
// kustomizations themselves.
func manifestsBelow(files *source.Files, dir string) (names []string, err error) {
	below := func(name string) string {
		if dir != "." {
			name = strings.TrimPrefix(name, dir+"/")
		}
		return "./" + name
	}
	err = files.Walk(dir, func(name string, isDir bool) error {
		if !isDir {
			if ext := path.Ext(name); ext == ".yaml" || ext == ".yml" {
				names = append(names, below(name))
			}
			return nil
		}
		for _, file := range konfig.RecognizedKustomizationFileNames() {
			if files.IsFile(path.Join(name, file)) {
				names = append(names, below(name))
				return filepath.SkipDir
			}
		}
		return nil
	})
	return names, err
}

// edited returns the kustomization file with what the object sets, by Flux's own
// generator. That reads a directory of the disk; scratch is one, for this file alone.
func (k kustomizationFile) edited(scratch string, object map[string]any, fs filesys.FileSystem, dir string) (data []byte, err error) {
	if err := os.WriteFile(filepath.Join(scratch, konfig.DefaultKustomizationFileName()), k.data, 0o600); err != nil {
		return nil, err
	}
	object, err = presentComponents(object, fs, dir)
	if err != nil {
		return nil, err
	}
	data, _, _, err = generator.NewGenerator("", unstructured.Unstructured{Object: object}).GenerateManifest(scratch)
	if err != nil || !k.made {
		return data, err
	}
	return withoutOrigin(data, object)
}

// presentComponents drops the components that are not there, where that is asked for:
// the generator would look for them in the scratch directory.
func presentComponents(object map[string]any, fs filesys.FileSystem, dir string) (map[string]any, error) {
	if ignore, _, _ := unstructured.NestedBool(object, "spec", "ignoreMissingComponents"); !ignore {
		return object, nil
	}
	all, _, err := unstructured.NestedStringSlice(object, "spec", "components")
	if err != nil {
		return nil, err
	}
	var present []string
	for _, component := range all {
		if !generator.IsLocalRelativePath(component) || fs.Exists(filepath.Join(dir, component)) {
			present = append(present, component)
		}
	}
	changed := runtimeCopy(object)
	unstructured.RemoveNestedField(changed, "spec", "ignoreMissingComponents")
	return changed, unstructured.SetNestedStringSlice(changed, present, "spec", "components")
}

func runtimeCopy(object map[string]any) map[string]any {
	return (&unstructured.Unstructured{Object: object}).DeepCopy().Object
}

// withoutOrigin takes back the build metadata that the generator adds to a file of the
// source that has no resources: this one is not of the source.
func withoutOrigin(data []byte, object map[string]any) ([]byte, error) {
	if _, asked, _ := unstructured.NestedSlice(object, "spec", "buildMetadata"); asked {
		return data, nil
	}
	var kustomization types.Kustomization
	if err := yaml.Unmarshal(data, &kustomization); err != nil || kustomization.BuildMetadata == nil {
		return data, err
	}
	kustomization.BuildMetadata = nil
	return yaml.Marshal(kustomization)
}
