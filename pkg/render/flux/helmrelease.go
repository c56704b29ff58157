package flux

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"
	"github.com/fluxcd/pkg/chartutil"
	"github.com/go-logr/logr"
	helmutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// helmRelease renders a HelmRelease as its first installation does (helm-controller
// internal/action/install.go).
func (r *render) helmRelease(ctx context.Context) ([]manifest.Object, error) {
	r.app.Target, r.app.Release = r.ReleaseNamespace(), r.ReleaseName()
	if r.app.Target == "" {
		r.app.Note("namespace-missing", ledger.Unsupported, "metadata.namespace",
			"it is not known where the release goes: pass -n, or render the Kustomization that applies it, with --follow")
	}
	if err := helmutil.ValidateReleaseName(r.app.Release); err != nil {
		return nil, manifest.Refused(fmt.Errorf("release %q: %w", r.app.Release, err))
	}
	c, origin, err := r.chart(ctx)
	if err != nil {
		return nil, err
	}
	content, err := manifest.Content(r.Root)
	if err != nil {
		return nil, err
	}
	values, err := r.values(ctx, content)
	if err != nil {
		return nil, err
	}
	release := chart.Release{
		Name: r.app.Release, Namespace: r.app.Target, Values: values,
		KubeVersion: r.env.KubeVersion, APIVersions: r.env.APIVersions,
		SkipSchema: node.True(r.Root, "spec", "install", "disableSchemaValidation"),
		CRDs:       r.installsCRDs(), Tests: node.True(r.Root, "spec", "test", "enable"),
		Rewritten: true, Origin: origin,
	}
	objects, err := c.Template(ctx, release)
	if err != nil {
		return nil, manifest.Refused(fmt.Errorf("%s, chart %s: %w", origin.Source, c.Name(), err))
	}
	if names := c.Lookups(release); len(names) > 0 {
		r.app.Note("helm-lookup", ledger.Approximate, r.SourcePath(), "the templates look up "+strings.Join(names, ", ")+": here the cluster has none of it")
	}
	if err := r.versionShows(ctx, c, release, objects); err != nil {
		return nil, err
	}
	objects, err = r.postRender(ctx, content, r.applied(objects))
	if err != nil {
		return nil, manifest.Refused(fmt.Errorf("%s, chart %s: post-renderer: %w", origin.Source, c.Name(), err))
	}
	manifest.Place(objects, r.app.Target)
	r.own(objects)
	return objects, nil
}

// applied leaves out hooks that do not run, and other kinds in a crds directory, which
// nothing applies (internal/action/crds.go).
func (r *render) applied(objects []manifest.Object) []manifest.Object {
	noHooks := node.True(r.Root, "spec", "install", "disableHooks")
	return slices.DeleteFunc(objects, func(o manifest.Object) bool {
		return noHooks && o.Part == manifest.Hook || o.Part == manifest.CRD && o.GetKind() != "CustomResourceDefinition"
	})
}

// installsCRDs tells whether the files of crds directories are applied (internal/action
// crds.go; skipCRDs is of the API before v2).
func (r *render) installsCRDs() bool {
	return node.Text(r.Root, "spec", "install", "crds") != "Skip" && !node.True(r.Root, "spec", "install", "skipCRDs")
}

// values composes spec.valuesFrom and spec.values by Flux's own library.
func (r *render) values(ctx context.Context, content map[string]any) (map[string]any, error) {
	own, err := ownValues(content)
	if err != nil {
		return nil, fmt.Errorf("spec.values: %w", err)
	}
	var spec struct {
		ValuesFrom []meta.ValuesReference `json:"valuesFrom"`
	}
	if whole, ok := content["spec"].(map[string]any); ok {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(map[string]any{"valuesFrom": whole["valuesFrom"]}, &spec); err != nil {
			return nil, fmt.Errorf("spec.valuesFrom: %w", err)
		}
	}
	client := &reader{render: r}
	values, err := chartutil.ChartValuesFromReferences(ctx, logr.Discard(), client, r.Namespace, own, spec.ValuesFrom...)
	if err != nil {
		return nil, fmt.Errorf("spec.valuesFrom: %w", err)
	}
	for _, missing := range client.missing {
		r.app.Note("optional-missing", ledger.Approximate, "spec.valuesFrom", fmt.Sprintf(
			"%s is optional and not in the input: if the cluster has it, its values lack here", missing))
	}
	return values, nil
}

// ownValues are spec.values as the controller reads them, every number a float
// (helm-controller api/v2 helmrelease_types.go GetValues).
func ownValues(content map[string]any) (values map[string]any, err error) {
	written, _, err := unstructured.NestedMap(content, "spec", "values")
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(written)
	if err != nil {
		return nil, err
	}
	return values, json.Unmarshal(data, &values)
}

// own writes what tells whose objects these are: Helm's marks on all that it installs,
// hooks and CRDs excepted (helm pkg/action/validate.go setMetadataVisitor).
func (r *render) own(objects []manifest.Object) {
	for i := range objects {
		o := &objects[i]
		if o.Part != manifest.Main {
			continue
		}
		o.SetLabels(merge(o.GetLabels(), map[string]string{"app.kubernetes.io/managed-by": "Helm"}))
		o.SetAnnotations(merge(o.GetAnnotations(), map[string]string{
			"meta.helm.sh/release-name": r.app.Release, "meta.helm.sh/release-namespace": r.app.Target,
		}))
	}
}
