package flux

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/chart"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// What Flux adds to a chart's version and is not known here.
const (
	unknownRevision = "Flux adds the revision of the source to the chart's version; it is not known here and left out"
	unknownDigest   = "Flux adds the digest of the artifact to the chart's version; it is not known here and left out"
	// firstGeneration is what source-controller adds where there are value files.
	firstGeneration = "Flux adds the generation of the HelmChart to the chart's version; +1 is written here, that of a new object"
)

// probe is build metadata that no chart has by chance.
const probe = "kubectl.gitops.probe"

// versionShows notes what is not known of the chart's version, where the templates write
// something else with another one.
func (r *render) versionShows(ctx context.Context, c *chart.Chart, release chart.Release, objects []manifest.Object) error {
	if len(r.suffixes) == 0 {
		return nil
	}
	probed, err := c.WithBuild(probe)
	if err != nil {
		return err
	}
	where := ""
	switch again, err := probed.Template(ctx, release); {
	case err != nil:
		where = "the chart refuses another version: " + err.Error()
	default:
		where = firstChange(objects, again)
	}
	if where == "" {
		return nil
	}
	for _, what := range r.suffixes {
		r.app.Note("chart-version-suffix", ledger.Approximate, r.SourcePath(), what+". It shows: "+where)
	}
	return nil
}

// firstChange names the first field in which two renderings differ, "" where none does.
func firstChange(a, b []manifest.Object) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d objects become %d", len(a), len(b))
	}
	for i := range a {
		if !reflect.DeepEqual(a[i].Object, b[i].Object) {
			name := strings.TrimPrefix(a[i].GetNamespace()+"/"+a[i].GetName(), "/")
			return fmt.Sprintf("%s %s, %s", a[i].GetKind(), name, changedField("", a[i].Object, b[i].Object))
		}
	}
	return ""
}

// changedField is the path of the first field of two trees that differs.
func changedField(path string, a, b any) string {
	one, areMaps := a.(map[string]any)
	other, ok := b.(map[string]any)
	if !areMaps || !ok {
		return path
	}
	keys := slices.Sorted(maps.Keys(one))
	for _, key := range slices.AppendSeq(keys, maps.Keys(other)) {
		if !reflect.DeepEqual(one[key], other[key]) {
			return changedField(ledger.Key(path, key), one[key], other[key])
		}
	}
	return path
}
