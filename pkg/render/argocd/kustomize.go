package argocd

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// kustomize builds a kustomization after the edits of the source.
func (r *rendering) kustomize() ([]manifest.Object, error) {
	options := r.buildOptions()
	build := kustomize.Build{FS: newRepository(r.root), Dir: r.dir, Restricted: !options.unrestricted, Offline: r.shared.Sources.Offline}
	if spec := r.source.Kustomize; spec != nil {
		edits := &editor{FileSystem: build.FS, dir: r.dir, files: map[string][]byte{}}
		if err := r.edit(edits, spec); err != nil {
			return nil, err
		}
		build.FS = kustomize.Overlay(build.FS, edits.files)
	}
	built, err := build.Run()
	if err != nil {
		return nil, err
	}
	return built.Objects(r.origin)
}

// edit does the edits in Argo CD's order, each by the code of `kustomize edit`
// (util/kustomize/kustomize.go Build).
func (r *rendering) edit(e *editor, spec *kustomizeSource) error {
	if spec.NamePrefix != "" {
		e.run("set", "nameprefix", "--", spec.NamePrefix)
	}
	if spec.NameSuffix != "" {
		e.run("set", "namesuffix", "--", spec.NameSuffix)
	}
	e.list([]string{"set", "image"}, r.expanded(spec.Images))
	e.list([]string{"set", "replicas"}, e.counts(spec.Replicas))
	e.list(labelCommand(spec), pairs(spec.CommonLabels, r.env.expand))
	annotation := func(value string) string { return value }
	if spec.CommonAnnotationsEnvsubst {
		annotation = r.env.expand
	}
	e.list(flags([]string{"add", "annotation"}, spec.ForceCommonAnnotations, "--force"), pairs(spec.CommonAnnotations, annotation))
	if spec.Namespace != "" {
		e.run("set", "namespace", "--", spec.Namespace)
	}
	if len(spec.Patches) > 0 {
		e.patch(spec.Patches)
	}
	e.list([]string{"add", "component"}, r.components(e, spec))
	return e.err
}

func labelCommand(spec *kustomizeSource) []string {
	command := flags([]string{"add", "label"}, spec.ForceCommonLabels, "--force")
	command = flags(command, spec.LabelWithoutSelector, "--without-selector")
	return flags(command, spec.LabelIncludeTemplates, "--include-templates")
}

func flags(command []string, set bool, flag string) []string {
	if set {
		return append(command, flag)
	}
	return command
}

func (r *rendering) expanded(texts []string) (all []string) {
	for _, text := range texts {
		all = append(all, r.env.expand(text))
	}
	return all
}

// pairs writes labels or annotations as `kustomize edit add` takes them.
func pairs(m map[string]string, expand func(string) string) (all []string) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, key+":"+expand(m[key]))
	}
	return all
}

// counts writes replicas as `kustomize edit set replicas` takes them.
func (e *editor) counts(replicas []replica) (all []string) {
	for _, r := range replicas {
		count := int(r.Count.IntVal)
		if r.Count.Type == intstr.String {
			var err error
			if count, err = strconv.Atoi(r.Count.StrVal); err != nil {
				e.fail(fmt.Errorf("replicas of %s: %q is no number", r.Name, r.Count.StrVal))
			}
		}
		all = append(all, fmt.Sprintf("%s=%d", r.Name, count))
	}
	return all
}

// components returns those to add. One that matches nothing here would be cloned by
// kustomize; nothing is fetched.
func (r *rendering) components(e *editor, spec *kustomizeSource) (found []string) {
	for _, c := range spec.Components {
		if spec.IgnoreMissingComponents {
			if r.isComponent(c) {
				found = append(found, c)
			}
			continue
		}
		matches, err := e.Glob(c)
		if err != nil {
			e.fail(fmt.Errorf("components: %s: %w", c, err))
		} else if len(matches) == 0 {
			e.fail(fmt.Errorf("components: %s: no such directory in the source, and a remote one is not fetched", c))
		}
		found = append(found, c)
	}
	if spec.IgnoreMissingComponents && len(found) > 1 {
		r.note("components-first-only", r.source.at+".kustomize.components",
			"Argo CD 3.6.1 adds only the first component that exists where missing ones are ignored; all that exist are rendered here, as earlier versions do")
	}
	return found
}

// isComponent tells whether a directory of the source holds a kustomization file.
func (r *rendering) isComponent(name string) bool {
	dir := filepath.Join(r.dir, name)
	if !inside(r.root, dir) {
		return false
	}
	_, err := kustomizationFile(dir)
	return err == nil
}

// kustomizationFile returns the name of a directory's kustomization file.
func kustomizationFile(dir string) (string, error) {
	for _, name := range konfig.RecognizedKustomizationFileNames() {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.Mode().IsRegular() {
			return name, nil
		}
	}
	return "", errors.New("no kustomization file")
}

// patch appends patches to the kustomization file, for which there is no edit command.
func (e *editor) patch(patches []kustomizePatch) {
	name, err := kustomizationFile(e.dir)
	if err != nil {
		e.fail(err)
		return
	}
	data, err := e.ReadFile(name)
	if err != nil {
		e.fail(err)
		return
	}
	content := map[string]any{}
	if err := yaml.Unmarshal(data, &content); err != nil {
		e.fail(fmt.Errorf("%s: %w", name, err))
		return
	}
	all, ok := content["patches"].([]any)
	if !ok && content["patches"] != nil {
		e.fail(fmt.Errorf("%s: patches is no list", name))
		return
	}
	for _, p := range patches {
		all = append(all, p)
	}
	content["patches"] = all
	data, err = yaml.Marshal(content)
	e.fail(errors.Join(err, e.WriteFile(name, data)))
}
