package mapping

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A way is how value files reach a HelmRelease. A source that lends files to several
// charts is used in the last of their ways.
type way uint8

const (
	wayNone      way = iota
	wayFiles         // chart.spec.valuesFiles: all lie in the chart's own source
	wayInline        // from the first file of another source on, their content in spec.values
	wayArtifact      // an ArtifactGenerator lays them over the chart's values.yaml
	wayConfigMap     // a Kustomization generates a ConfigMap for valuesFrom
)

// A valueFile is a file that an item of helm.valueFiles stands for.
type valueFile struct {
	item *yaml.Node
	// lender is the source that $ref names, or nil.
	lender *Part
	// name is the path in its repository, or in the chart of a chart repository.
	name string
	// glob tells that the item is a pattern, and the file one of its matches.
	glob bool
	// refused says why the file cannot cross, or is "".
	refused string
}

// A spareItem is an item of helm.valueFiles that no file is left for.
type spareItem struct {
	item    *yaml.Node
	verdict Verdict
}

// planFiles resolves the value files of a part and chooses their way.
func (u *Unit) planFiles(p *Part) {
	u.expandFiles(p)
	if p.foreign() < len(p.files) {
		p.dropMissing()
	}
	for i := range p.files {
		if p.Source.Origin == argocd.OCI {
			p.files[i].refused = "Flux reads no value files of a chart that is an OCI artifact: inline the values"
		}
	}
	switch {
	case len(p.files) == 0:
	case p.foreign() == len(p.files):
		p.way = wayFiles
	default:
		p.way = u.chooseWay(p)
	}
	for _, f := range p.files {
		f.lend(p.way)
	}
	for _, item := range node.Items(p.Source.Node, "helm", "fileParameters") {
		f := u.locate(p, node.Get(item, "path"))
		f.lend(wayInline)
	}
}

// lend notes what becomes of a file of another source.
func (f valueFile) lend(w way) {
	if f.lender != nil {
		f.lender.lent = max(f.lender.lent, w)
	}
}

func (u *Unit) chooseWay(p *Part) way {
	switch u.Settings.RefValues {
	case "artifact":
		return wayArtifact
	case "configmap":
		return wayConfigMap
	case "inline":
		return wayInline
	}
	if _, ok := u.readFiles(p); ok {
		return wayInline
	}
	return wayArtifact
}

// foreign returns the index of the first file of another source, or the number of
// files. Flux reads the chart's own value files first, then valuesFrom and spec.values,
// so that files before it, and no others, may stay files of the chart.
func (p *Part) foreign() int {
	at := slices.IndexFunc(p.files, func(f valueFile) bool { return f.lender != nil })
	if at < 0 {
		return len(p.files)
	}
	return at
}

// owner returns the part whose repository holds the file.
func (f valueFile) owner(p *Part) *Part {
	if f.lender != nil {
		return f.lender
	}
	return p
}

// ignoresMissing tells whether Argo CD passes over files that are not there.
func (p *Part) ignoresMissing() bool {
	return node.True(p.Source.Node, "helm", "ignoreMissingValueFiles")
}

// dropMissing leaves out what Argo CD passes over: neither a composed chart nor a
// ConfigMap can be told to.
func (p *Part) dropMissing() {
	if !p.ignoresMissing() {
		return
	}
	p.files = slices.DeleteFunc(p.files, func(f valueFile) bool {
		repo := f.owner(p).Repo
		if f.refused != "" || repo == nil || repo.Exists(f.name) {
			return false
		}
		p.spare(f.item, approximate("not in the repository as of the conversion, and left out; one that comes later does not count").as("value-file-missing"))
		return true
	})
}

func (p *Part) spare(item *yaml.Node, v Verdict) { p.spares = append(p.spares, spareItem{item, v}) }

// readFiles returns the merged content of the files from the first one of another
// source on; ok is false where one cannot be read.
func (u *Unit) readFiles(p *Part) (values *yaml.Node, ok bool) {
	for _, f := range p.files[p.foreign():] {
		owner := f.owner(p)
		if owner.Repo == nil || f.refused != "" {
			return nil, false
		}
		data, found := owner.Repo.Read(f.name)
		content, ok := parseValues(data)
		if !found || !ok {
			return nil, false
		}
		values = mergeValues(values, content)
	}
	return values, true
}
