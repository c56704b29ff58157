package flux

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/kustomize"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

const (
	helmGroup = "helm.toolkit.fluxcd.io"
	// fileMark carries the file of an object through kustomize, as Helm does it
	// (pkg/action/action.go annotateAndMerge).
	fileMark = "postrenderer.helm.sh/postrender-filename"
)

// The values of spec.postRenderStrategy (helm-controller api/v2).
const (
	separate = "separate"
	noHooks  = "nohooks"
)

// postRender runs spec.postRenderers, then sets common metadata and last the labels of
// the origin (internal/postrender/build.go). Hooks are rendered together with the
// others, unless spec.postRenderStrategy says otherwise (internal/action/post_render.go). CRDs
// get the labels alone (install.go setOriginVisitor).
func (r *render) postRender(ctx context.Context, content map[string]any, all []manifest.Object) ([]manifest.Object, error) {
	strategy := node.Text(r.Root, "spec", "postRenderStrategy")
	crds, main, hooks := only(all, manifest.CRD), only(all, manifest.Main), only(all, manifest.Hook)
	groups := [][]manifest.Object{append(main, hooks...)}
	if strategy == separate || strategy == noHooks {
		groups = [][]manifest.Object{main, hooks}
	}
	r.mark(crds)
	for i, group := range groups {
		if strategy != noHooks || i == 0 {
			rendered, err := r.renderers(ctx, content, group)
			if err != nil {
				return nil, err
			}
			group = rendered
		}
		crds = append(crds, group...)
	}
	return crds, nil
}

func only(all []manifest.Object, part manifest.Part) (some []manifest.Object) {
	for _, o := range all {
		if o.Part == part {
			some = append(some, o)
		}
	}
	return some
}

// renderers runs the post-renderers on objects.
func (r *render) renderers(ctx context.Context, content map[string]any, objects []manifest.Object) ([]manifest.Object, error) {
	if err := unique(objects); err != nil {
		return nil, err
	}
	list, _, err := unstructured.NestedSlice(content, "spec", "postRenderers")
	if err != nil {
		return nil, err
	}
	for _, item := range list {
		renderer, ok := item.(map[string]any)
		if !ok || renderer["kustomize"] == nil {
			continue
		}
		if objects, err = r.kustomizeObjects(ctx, renderer["kustomize"], objects); err != nil {
			return nil, err
		}
	}
	labels, annotations := metadata(r.Spec("commonMetadata", "labels")), metadata(r.Spec("commonMetadata", "annotations"))
	for i := range objects {
		if len(labels) > 0 {
			objects[i].SetLabels(merge(objects[i].GetLabels(), labels))
		}
		if len(annotations) > 0 {
			objects[i].SetAnnotations(merge(objects[i].GetAnnotations(), annotations))
		}
	}
	r.mark(objects)
	return objects, nil
}

func (r *render) mark(objects []manifest.Object) {
	for i := range objects {
		objects[i].SetLabels(merge(objects[i].GetLabels(), map[string]string{
			helmGroup + "/name": r.Name, helmGroup + "/namespace": r.Namespace,
		}))
	}
}

// unique refuses what kustomize, by which all post-renderers read, refuses: two objects
// of one name.
func unique(objects []manifest.Object) error {
	seen := map[string]string{}
	for i := range objects {
		o := &objects[i]
		key := fmt.Sprintf("%s %s/%s", o.GroupVersionKind(), o.GetNamespace(), o.GetName())
		if first, taken := seen[key]; taken {
			return fmt.Errorf("%s and %s both make %s %s: Flux fails", first, o.Origin.File, o.GetKind(), o.GetName())
		}
		seen[key] = o.Origin.File
	}
	return nil
}

// kustomizeObjects runs one post-renderer (internal/postrender/kustomize.go). Its patches and
// images are written by Flux's generator, which also knows the fields that the API had
// before v2.
func (r *render) kustomizeObjects(_ context.Context, spec any, objects []manifest.Object) ([]manifest.Object, error) {
	if len(objects) == 0 {
		return nil, nil
	}
	base := types.Kustomization{
		TypeMeta:  types.TypeMeta{APIVersion: types.KustomizationVersion, Kind: types.KustomizationKind},
		Resources: []string{"helm-output.yaml"},
	}
	data, err := yaml.Marshal(base)
	if err != nil {
		return nil, err
	}
	file := kustomizationFile{name: "kustomization.yaml", data: data}
	if data, err = file.edited(r.env.Scratch, map[string]any{"spec": spec}, nil, ""); err != nil {
		return nil, err
	}
	input, err := withFiles(objects)
	if err != nil {
		return nil, err
	}
	fs := filesys.MakeFsInMemory()
	if err := errors.Join(fs.WriteFile("/r/helm-output.yaml", input), fs.WriteFile("/r/kustomization.yaml", data)); err != nil {
		return nil, err
	}
	built, err := kustomize.Build{FS: fs, Dir: "/r", Builtins: true, Offline: true}.Run()
	if err != nil {
		return nil, err
	}
	rendered, err := built.Objects(objects[0].Origin)
	if err != nil {
		return nil, err
	}
	takeFiles(rendered)
	return rendered, nil
}
