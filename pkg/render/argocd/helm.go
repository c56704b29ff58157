package argocd

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"k8s.io/apimachinery/pkg/util/version"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// helm renders a chart as `helm template` does with Argo CD's flags
// (repository.go helmTemplate, util/helm/cmd.go template).
func (r *rendering) helm(ctx context.Context) ([]manifest.Object, error) {
	spec := r.source.Helm
	if spec == nil {
		spec = &helmSource{}
	}
	switch spec.Version {
	case "", "v3", "v4":
	default:
		return nil, fmt.Errorf("helm.version %s: Argo CD runs v3 and v4 only", spec.Version)
	}
	release, err := r.release(spec)
	if err != nil {
		return nil, err
	}
	if err := confine(r.root, r.dir); err != nil {
		return nil, err
	}
	loaded, err := r.shared.Charts.LoadDir(r.root, r.dir, r.dependency(ctx))
	if err != nil {
		return nil, err
	}
	if release.Values, err = r.values(spec); err != nil {
		return nil, err
	}
	objects, err := loaded.Template(ctx, release)
	if spec.SkipTests {
		objects = slices.DeleteFunc(objects, isTest)
	}
	for i := range objects {
		objects[i].Part = manifest.Main // CRDs are like all else, and hooks are found later
		if r.source.Chart == "" {
			objects[i].Origin.File = path.Join(r.source.Path, withoutChart(objects[i].Origin.File))
		}
	}
	return objects, err
}

// isTest tells what `helm template --skip-tests` leaves out: hooks of which one event is
// a test (pkg/cmd/template.go).
func isTest(o manifest.Object) bool {
	return slices.ContainsFunc(o.AnnotationList(hook.HelmAnnotation), func(event string) bool {
		event = strings.ToLower(event)
		return event == "test" || event == "test-success"
	})
}

// withoutChart takes the chart's name off the name of one of its files.
func withoutChart(name string) string {
	if _, below, ok := strings.Cut(name, "/"); ok && !strings.HasPrefix(name, "crds/") {
		return below
	}
	return name
}

// release returns the flags, but for the values.
func (r *rendering) release(spec *helmSource) (chart.Release, error) {
	release := chart.Release{
		Name:        cmp.Or(spec.ReleaseName, r.app.Metadata.Name),
		Namespace:   cmp.Or(spec.Namespace, r.app.Spec.Destination.Namespace, "default"),
		KubeVersion: cmp.Or(spec.KubeVersion, r.shared.KubeVersion),
		APIVersions: spec.APIVersions,
		SkipSchema:  spec.SkipSchemaValidation,
		CRDs:        !spec.SkipCrds,
		Tests:       true,
		Origin:      r.origin,
	}
	if len(release.APIVersions) == 0 {
		release.APIVersions = r.shared.APIVersions
	}
	if err := chartutil.ValidateReleaseName(release.Name); err != nil {
		return release, fmt.Errorf("release %q: %w", release.Name, err)
	}
	if release.KubeVersion != "" {
		parsed, err := version.ParseGeneric(release.KubeVersion)
		if err != nil {
			return release, fmt.Errorf("helm.kubeVersion: %w", err)
		}
		release.KubeVersion = parsed.String()
	}
	return release, nil
}

// dependency finds subcharts that charts/ lacks, as `helm dependency build` does, which
// Argo CD runs then.
func (r *rendering) dependency(ctx context.Context) chart.Resolve {
	return func(d chart.Dependency) (*chart.Chart, error) {
		if d.Dir != "" {
			dir := filepath.Join(r.root, filepath.FromSlash(d.Dir))
			if err := confine(r.root, dir); err != nil {
				return nil, err
			}
			return r.shared.Charts.LoadDir(r.root, dir, r.dependency(ctx))
		}
		if d.Repository == "" || strings.HasPrefix(d.Repository, "@") || strings.HasPrefix(d.Repository, "alias:") {
			return nil, fmt.Errorf("it is not in charts/, and repository %q has no URL", d.Repository)
		}
		tree, err := r.shared.Sources.Tree(ctx, source.Request{
			Kind: source.Helm, URL: d.Repository, Chart: d.Name, Ref: source.Ref{Revision: d.Version},
		})
		if err != nil {
			return nil, err
		}
		return r.shared.Charts.Load(tree.Dir)
	}
}
