package mapping

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A valuesMap is a ConfigMap that a Kustomization generates from the value files of
// one directory of another source.
type valuesMap struct {
	lender    *Part
	dir, name string
	files     []string
}

// configMapValues reads ConfigMaps that Kustomizations generate in the repository of
// the files, which needs a kustomization file there. Flux lays them over all files of
// the chart (HelmRelease docs, Values), so that these keep their place only before.
func (c *Cell) configMapValues() {
	first := c.part.foreign()
	c.chartFiles(c.part.files[:first])
	files := usable(c.part.files[first:])
	maps := c.valuesMaps(files)
	for _, f := range files {
		if f.lender == nil {
			c.carry(f, blocking("a file of the chart behind one of another source: Flux reads ConfigMaps after all files of the chart. List it before them, copy it beside them, or choose --ref-values artifact").as("value-file-order"))
			continue
		}
		m := find(maps, f)
		to := c.add(c.part.Work, "spec.valuesFrom", node.Map("kind", "ConfigMap", "name", m.name, "valuesKey", path.Base(f.name)))
		c.carry(f, approximate(fmt.Sprintf(
			"add %s to the repository: configMapGenerator [{name: %s, files: [%s]}] and generatorOptions {disableNameSuffixHash: true, labels: {reconcile.fluxcd.io/watch: Enabled}}",
			path.Join(m.dir, "kustomization.yaml"), m.name, strings.Join(m.files, ", ")), to).as("ref-values-configmap"))
	}
}

// valuesMaps groups files by directory and writes the Kustomizations.
func (c *Cell) valuesMaps(files []valueFile) (maps []*valuesMap) {
	for _, f := range files {
		if f.lender == nil {
			continue
		}
		m := find(maps, f)
		if m == nil {
			m = &valuesMap{lender: f.lender, dir: path.Dir(f.name), name: c.mapName(path.Dir(f.name), maps)}
			maps = append(maps, m)
			c.generate(m)
		}
		m.files = append(m.files, path.Base(f.name))
	}
	return maps
}

func find(maps []*valuesMap, f valueFile) *valuesMap {
	for _, m := range maps {
		if m.lender == f.lender && m.dir == path.Dir(f.name) {
			return m
		}
	}
	return nil
}

func (c *Cell) mapName(dir string, maps []*valuesMap) string {
	base := strings.TrimSuffix(c.part.Work.Name()+"-"+object.Slug(dir), "-")
	return distinct(object.Fit(base, object.MaxName-10)+"-values", "", func(name string) bool {
		return slices.ContainsFunc(maps, func(m *valuesMap) bool { return m.name == name })
	})
}

// distinct returns base+end, or the first of base-2+end, base-3+end and so on that is
// not taken.
func distinct(base, end string, taken func(string) bool) string {
	name := base + end
	for n := 2; taken(name); n++ {
		name = base + "-" + strconv.Itoa(n) + end
	}
	return name
}

// generate writes the Kustomization that builds a ConfigMap.
func (c *Cell) generate(m *valuesMap) {
	k := object.New(flux.Kustomization, c.part.Work.Namespace(), m.name)
	c.refer(k, "spec.sourceRef", m.lender.Origin)
	c.set(k, "spec.path", node.String("./"+strings.TrimPrefix(m.dir, ".")))
	c.set(k, "spec.prune", node.Bool(true))
	c.set(k, "spec.targetNamespace", node.String(c.part.Work.Namespace()))
	c.part.Extra = append(c.part.Extra, k)
}
