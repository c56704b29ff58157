package chart

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common"
	commonutil "helm.sh/helm/v4/pkg/chart/common/util"
	helm "helm.sh/helm/v4/pkg/chart/v2"
	chartutil "helm.sh/helm/v4/pkg/chart/v2/util"
	"helm.sh/helm/v4/pkg/engine"
	release "helm.sh/helm/v4/pkg/release/v1"
	releaseutil "helm.sh/helm/v4/pkg/release/v1/util"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// KubeVersion is what `helm template` of Helm 4.3 assumes: the version of its Kubernetes
// libraries (pkg/chart/common/capabilities.go).
const KubeVersion = "v1.37.0"

// A Release is what a chart is rendered for: the flags of `helm template`.
type Release struct {
	Name, Namespace string
	// Values are merged over the chart's own. They are not changed.
	Values map[string]any
	// KubeVersion and APIVersions are what .Capabilities says; empty means
	// KubeVersion. APIVersions are added to those that Helm knows.
	KubeVersion string
	APIVersions []string
	// SkipSchema leaves out the check of the values.
	SkipSchema bool
	// CRDs includes the files of crds directories, as Part CRD. Tests includes hooks that run
	// only in tests.
	CRDs, Tests bool
	// Rewritten reads the rendered text as kustomize does, which is what Helm does before
	// a post-renderer: "yes" and "on" are texts then, and not true.
	Rewritten bool
	// Origin is that of every object; File is set here.
	Origin manifest.Origin
}

// Template renders the chart. Objects come in Helm's order of installation: CRDs,
// then ordinary objects, then hooks. They have the namespaces that the templates give
// them.
func (c *Chart) Template(ctx context.Context, r Release) ([]manifest.Object, error) {
	copied, values, err := c.prepared(r)
	if err != nil {
		return nil, err
	}
	files, err := engine.Engine{}.RenderWithContext(ctx, copied, values)
	if err != nil {
		return nil, err
	}
	return r.sorted(copied, files)
}

// prepared returns what the engine renders: a copy of the chart, and the values.
func (c *Chart) prepared(r Release) (*helm.Chart, common.Values, error) {
	if t := c.helm.Metadata.Type; t != "" && t != "application" {
		return nil, nil, fmt.Errorf("%s charts are not installable", t) // pkg/action/install.go checkIfInstallable
	}
	copied := clone(c.helm)
	if err := chartutil.ProcessDependencies(copied, r.Values); err != nil {
		return nil, nil, err
	}
	capabilities, err := r.capabilities()
	if err != nil {
		return nil, nil, err
	}
	if want := copied.Metadata.KubeVersion; want != "" && !chartutil.IsCompatibleRange(want, capabilities.KubeVersion.String()) {
		return nil, nil, fmt.Errorf("chart requires kubeVersion: %s which is incompatible with Kubernetes %s", want, capabilities.KubeVersion.Version)
	}
	options := common.ReleaseOptions{Name: r.Name, Namespace: r.Namespace, Revision: 1, IsInstall: true}
	values, err := commonutil.ToRenderValuesWithSchemaValidation(copied, r.Values, options, capabilities, r.SkipSchema)
	return copied, values, err
}

func (r Release) capabilities() (*common.Capabilities, error) {
	c := common.DefaultCapabilities.Copy()
	version, err := common.ParseKubeVersion(cmp.Or(r.KubeVersion, KubeVersion))
	if err != nil {
		return nil, fmt.Errorf("the version of Kubernetes %q: %w", r.KubeVersion, err)
	}
	c.KubeVersion = *version
	c.APIVersions = append(c.APIVersions, r.APIVersions...)
	return c, nil
}

// sorted decodes rendered files in Helm's order (pkg/action renderResources).
func (r Release) sorted(c *helm.Chart, files map[string]string) (objects []manifest.Object, err error) {
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	if r.CRDs {
		for _, crd := range c.CRDObjects() {
			if objects, err = r.decode(objects, manifest.CRD, crd.Filename, string(crd.File.Data)); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range manifests {
		if objects, err = r.decode(objects, manifest.Main, m.Name, m.Content); err != nil {
			return nil, err
		}
	}
	for _, h := range hooks {
		if !r.Tests && slices.Equal(h.Events, []release.HookEvent{release.HookTest}) {
			continue
		}
		if objects, err = r.decode(objects, manifest.Hook, h.Path, h.Manifest); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// decode appends the objects of a rendered file.
func (r Release) decode(objects []manifest.Object, part manifest.Part, name, content string) ([]manifest.Object, error) {
	origin := r.Origin
	origin.File = path.Clean(name)
	decoder := manifest.Decode
	if r.Rewritten {
		decoder = manifest.DecodeRewritten
	}
	documents := releaseutil.SplitManifests(content)
	keys := slices.Collect(maps.Keys(documents))
	sort.Sort(releaseutil.BySplitManifestsOrder(keys))
	for _, key := range keys {
		made, err := decoder([]byte(documents[key]), origin)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for i := range made {
			made[i].Part = part
		}
		objects = append(objects, made...)
	}
	return objects, nil
}
