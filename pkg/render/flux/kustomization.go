package flux

import (
	"context"
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// kustomization renders a Kustomization (kustomize-controller
// internal/controller/kustomization_controller.go reconcile and build).
func (r *render) kustomization(ctx context.Context) ([]manifest.Object, error) {
	r.app.Target = r.TargetNamespace()
	from, err := r.find(r.Source())
	if err != nil {
		return nil, err
	}
	tree, err := r.tree(ctx, from)
	if err != nil {
		return nil, err
	}
	built, dir, err := r.build(ctx, tree)
	if err != nil {
		return nil, manifest.Refused(fmt.Errorf("%s, %s: %w", tree.URL, dir, err))
	}
	if err := r.postBuild(ctx, built); err != nil {
		return nil, fmt.Errorf("%s, %s: spec.postBuild: %w", tree.URL, dir, err)
	}
	objects, err := built.Objects(manifest.Origin{Source: tree.URL, Revision: tree.Revision, File: dir})
	if err != nil {
		return nil, err
	}
	return r.finish(objects), nil
}

// build runs kustomize in the directory of the Kustomization.
func (r *render) build(ctx context.Context, tree *source.Tree) (built *kustomize.Built, dir string, err error) {
	dir = strings.TrimPrefix(path.Clean("/"+r.Path()), "/")
	if dir == "" {
		dir = "."
	}
	files, err := tree.Files()
	if err != nil {
		return nil, dir, err
	}
	if !files.IsDir(dir) {
		return nil, dir, fmt.Errorf("spec.path is no directory of the source")
	}
	file, err := kustomizationFileIn(files, dir)
	if err != nil {
		return nil, dir, err
	}
	object, err := manifest.Content(r.Root)
	if err != nil {
		return nil, dir, err
	}
	fs := kustomize.FS(files)
	absolute := filepath.Join(files.Dir, filepath.FromSlash(dir))
	data, err := file.edited(r.env.Scratch, object, fs, absolute)
	if err != nil {
		return nil, dir, err
	}
	if r.decrypts() {
		fs = sources{fs, ctx}
	}
	name := filepath.Join(files.Dir, filepath.FromSlash(file.name))
	built, err = kustomize.Build{
		FS: kustomize.Overlay(fs, map[string][]byte{name: data}), Dir: absolute, Builtins: true, Offline: r.env.Sources.Offline,
	}.Run()
	if err == nil && r.decrypts() {
		err = decryptAll(ctx, built)
	}
	return built, dir, err
}

// The labels and annotations that tell kustomize-controller what to do with an object
// (kustomization_controller.go apply).
const (
	group         = "kustomize.toolkit.fluxcd.io"
	reconcileMark = group + "/reconcile"
	ssaMark       = group + "/ssa"
)

// finish does what the controller does to built objects before it applies them.
func (r *render) finish(built []manifest.Object) (objects []manifest.Object) {
	labels, annotations := metadata(r.Spec("commonMetadata", "labels")), metadata(r.Spec("commonMetadata", "annotations"))
	for i := range built {
		o := &built[i]
		if marked(o, reconcileMark, "disabled") || marked(o, ssaMark, "Ignore") {
			r.app.Note("object-not-applied", ledger.Equivalent, "spec.path", fmt.Sprintf(
				"%s %s is left out: it is marked so that Flux does not apply it", o.GetKind(), o.GetName()))
			r.app.Left = append(r.app.Left, *o)
			continue
		}
		if encrypted(o) {
			r.encrypted(o)
		}
		o.SetLabels(merge(o.GetLabels(), map[string]string{group + "/name": r.Name, group + "/namespace": r.Namespace}))
		if len(labels) > 0 {
			o.SetLabels(merge(o.GetLabels(), labels))
		}
		if len(annotations) > 0 {
			o.SetAnnotations(merge(o.GetAnnotations(), annotations))
		}
		objects = append(objects, *o)
	}
	r.homeless(objects)
	return objects
}

func (r *render) encrypted(o *manifest.Object) {
	why := "--decrypt decrypts it with the keys of your environment"
	if node.Text(r.Root, "spec", "decryption", "provider") == "" {
		why = "Flux fails, as no spec.decryption.provider is set"
	}
	r.app.Note("encrypted", ledger.Unsupported, "spec.decryption", fmt.Sprintf(
		"%s %s is encrypted by SOPS and stays so: %s", o.GetKind(), o.GetName(), why))
}

// homeless notes objects that Flux cannot apply, as it does not know their namespace
// (fluxcd/pkg ssa/errors).
func (r *render) homeless(objects []manifest.Object) {
	for i := range objects {
		o := &objects[i]
		if o.GetNamespace() == "" && manifest.Namespaced(o.GetAPIVersion(), o.GetKind()) {
			r.app.Note("namespace-missing", ledger.Unsupported, "spec.targetNamespace", fmt.Sprintf(
				"Flux fails: %s %s names no namespace; name one there or here", o.GetKind(), o.GetName()))
			return
		}
	}
}

func marked(o *manifest.Object, key, value string) bool {
	return strings.EqualFold(o.GetLabels()[key], value) || strings.EqualFold(o.GetAnnotations()[key], value)
}

// merge returns a with b on top.
func merge(a, b map[string]string) map[string]string {
	if a == nil {
		a = map[string]string{}
	}
	for key, value := range b {
		a[key] = value
	}
	return a
}

// metadata reads a map of texts.
func metadata(n *yaml.Node) map[string]string {
	if node.Empty(n) {
		return nil
	}
	pairs := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		pairs[n.Content[i].Value] = n.Content[i+1].Value
	}
	return pairs
}
