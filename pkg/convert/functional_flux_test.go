package convert_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// fluxSpec is the spec of a Kustomization. Fields that do not change what is
// rendered are here so that one this test does not know fails it.
type fluxSpec struct {
	Path                    string      `json:"path"`
	TargetNamespace         string      `json:"targetNamespace"`
	NamePrefix              string      `json:"namePrefix"`
	NameSuffix              string      `json:"nameSuffix"`
	Patches                 []any       `json:"patches"`
	Components              []string    `json:"components"`
	IgnoreMissingComponents bool        `json:"ignoreMissingComponents"`
	Images                  []fluxImage `json:"images"`
	CommonMetadata          struct {
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"commonMetadata"`
	SourceRef struct{ Kind, Name string } `json:"sourceRef"`

	// of older API versions
	PatchesStrategicMerge []any `json:"patchesStrategicMerge"`
	PatchesJSON6902       []struct {
		Patch  any `json:"patch"`
		Target any `json:"target"`
	} `json:"patchesJson6902"`

	Decryption     any    `json:"decryption"` // matters where something is encrypted
	DependsOn      any    `json:"dependsOn"`
	DeletionPolicy string `json:"deletionPolicy"`
	Force          bool   `json:"force"`
	Interval       string `json:"interval"`
	PostBuild      any    `json:"postBuild"` // matters where something is to be replaced
	RetryInterval  string `json:"retryInterval"`
	Timeout        string `json:"timeout"`
	Prune          bool   `json:"prune"`
	Suspend        bool   `json:"suspend"`
	Wait           bool   `json:"wait"`
}

type fluxImage struct {
	Name    string `json:"name"`
	NewName string `json:"newName,omitempty"`
	NewTag  string `json:"newTag,omitempty"`
	Digest  string `json:"digest,omitempty"`
}

// A rendering is what Flux applies: all together, and by Kustomization.
type rendering struct {
	all  objectList
	each map[string]objectList
}

// fluxSide returns the objects that Flux deploys from the conversion's output. A
// suspended Kustomization counts as if it were resumed: what blocks it is a matter
// of the ledger.
func fluxSide(t *testing.T, c functionalCase, out convert.Outcome) rendering {
	t.Helper()
	r := rendering{each: map[string]objectList{}}
	ignores := map[string]string{}
	for _, o := range out.Out {
		root := object(parseMap(t, string(o.Data)))
		switch o.Object.Kind {
		case "GitRepository":
			ignores[o.Object.Name] = root.text("spec", "ignore")
		case "Kustomization":
			var spec fluxSpec
			decode(t, root.at("spec"), &spec)
			ignore, ok := ignores[spec.SourceRef.Name]
			if !ok {
				t.Fatalf("no source %q before Kustomization %s", spec.SourceRef.Name, o.Object.Name)
			}
			r.each[o.Object.Name] = fluxBuild(t, c, spec, ignore)
			r.all = append(r.all, r.each[o.Object.Name]...)
		default:
			r.all = append(r.all, root)
		}
	}
	return r
}

// fluxBuild does what source-controller and kustomize-controller do. A build that
// fails deploys nothing.
func fluxBuild(t *testing.T, c functionalCase, spec fluxSpec, ignore string) []object {
	t.Helper()
	root := c.tree(t, ignoreMatcher(ignore))
	dir := filepath.Join(root, spec.Path)
	generate(t, dir, spec)
	text, err := c.kustomizeIn(root, "build", "--load-restrictor", "LoadRestrictionsNone", dir)
	var failed *kustomizeError
	if errors.As(err, &failed) {
		t.Logf("Flux fails: %v", err)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	all := objects(t, text)
	for _, o := range all {
		for key, value := range spec.CommonMetadata.Labels {
			o.put(value, "metadata", "labels", key)
		}
		for key, value := range spec.CommonMetadata.Annotations {
			o.put(value, "metadata", "annotations", key)
		}
	}
	serverDefaults(all)
	return all
}

// generate writes the kustomization file as fluxcd/pkg kustomize v1.40.0
// kustomize_generator.go GenerateManifest does.
func generate(t *testing.T, dir string, spec fluxSpec) {
	t.Helper()
	file, k := kustomizationFile(dir), map[string]any{}
	if file != "" {
		k = readMap(t, file)
		if resources, _ := k["resources"].([]any); len(resources) == 0 {
			k["buildMetadata"] = []string{"originAnnotations"}
		}
	} else {
		file = filepath.Join(dir, "kustomization.yaml")
		k["resources"] = scan(t, dir)
	}
	for key, value := range map[string]string{
		"namespace": spec.TargetNamespace, "namePrefix": spec.NamePrefix, "nameSuffix": spec.NameSuffix,
	} {
		if value != "" {
			k[key] = value
		}
	}
	patches, _ := k["patches"].([]any)
	k["patches"] = append(patches, spec.Patches...)
	oldPatches(t, k, spec)
	components, _ := k["components"].([]any)
	for _, component := range spec.Components {
		if _, err := os.Stat(filepath.Join(dir, component)); err == nil || !spec.IgnoreMissingComponents {
			components = append(components, component)
		}
	}
	k["components"] = components
	k["images"] = mergeImages(t, k["images"], spec.Images)
	writeMap(t, file, k)
}

// oldPatches appends the patches of older API versions, as text.
func oldPatches(t *testing.T, k map[string]any, spec fluxSpec) {
	t.Helper()
	text := func(value any) string {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	merge, _ := k["patchesStrategicMerge"].([]any)
	for _, patch := range spec.PatchesStrategicMerge {
		merge = append(merge, text(patch))
	}
	k["patchesStrategicMerge"] = merge
	ops, _ := k["patchesJson6902"].([]any)
	for _, patch := range spec.PatchesJSON6902 {
		ops = append(ops, map[string]any{"patch": text(patch.Patch), "target": patch.Target})
	}
	k["patchesJson6902"] = ops
}

// scan lists all YAML files below dir; a directory with a kustomization file counts
// as one resource.
func scan(t *testing.T, dir string) (resources []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		name := "." + strings.TrimPrefix(path, dir)
		switch {
		case err != nil || path == dir:
			return err
		case d.IsDir() && kustomizationFile(path) != "":
			resources = append(resources, name)
			return fs.SkipDir
		case !d.IsDir() && (filepath.Ext(path) == ".yaml" || filepath.Ext(path) == ".yml"):
			resources = append(resources, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return resources
}

// mergeImages merges field by field into the entries of the kustomization file; tag
// and digest count as one.
func mergeImages(t *testing.T, old any, edits []fluxImage) (images []fluxImage) {
	t.Helper()
	decode(t, old, &images)
	for _, edit := range edits {
		i := slices.IndexFunc(images, func(image fluxImage) bool { return image.Name == edit.Name })
		if i < 0 {
			images = append(images, edit)
			continue
		}
		if edit.NewName != "" {
			images[i].NewName = edit.NewName
		}
		if edit.NewTag != "" || edit.Digest != "" {
			images[i].NewTag, images[i].Digest = edit.NewTag, edit.Digest
		}
	}
	return images
}
