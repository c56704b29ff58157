package mapping

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A way is how value files reach a HelmRelease.
type way uint8

const (
	wayNone      way = iota
	wayFiles         // chart.spec.valuesFiles: all lie in the chart's own source
	wayInline        // from the first file of another source on, their content in spec.values
	wayArtifact      // an ArtifactGenerator lays them over the chart's values.yaml
	wayConfigMap     // a Kustomization generates a ConfigMap for valuesFrom
)

// A valueFile is an item of helm.valueFiles.
type valueFile struct {
	item *yaml.Node
	// lender is the source that $ref names, or nil.
	lender *Part
	// name is the path in its repository, or in the chart of a chart repository.
	name string
	// refused says why the file cannot cross, or is "".
	refused string
}

// planFiles resolves the value files of a part and chooses their way.
func (u *Unit) planFiles(p *Part) {
	for _, item := range node.Items(p.Source.Node, "helm", "valueFiles") {
		p.files = append(p.files, u.resolveFile(p, item)...)
	}
	foreign := false
	for i := range p.files {
		f := &p.files[i]
		if f.lender != nil && sameRepository(p.Source, f.lender.Source) {
			f.lender.lent, f.lender = wayFiles, nil
		}
		foreign = foreign || f.lender != nil
		if p.Source.Origin == argocd.OCI {
			f.refused = "Flux reads no value files of a chart that is an OCI artifact: inline the values"
		}
	}
	switch {
	case len(p.files) == 0:
	case !foreign:
		p.way = wayFiles
	default:
		p.way = u.chooseWay(p)
		for _, f := range p.files {
			if f.lender != nil {
				f.lender.lent = p.way
			}
		}
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

// sameRepository tells whether a file of lender is at hand in chart's own artifact.
func sameRepository(chart, lender *argocd.Source) bool {
	return chart.Origin == argocd.Git && chart.RepoURL == lender.RepoURL && chart.Revision == lender.Revision
}

// resolveFile follows reposerver/repository/repository.go getResolvedValueFiles: a
// path that starts with $name of another source lies there, "/" is the repository's
// root, anything else is relative to the source's path.
func (u *Unit) resolveFile(p *Part, item *yaml.Node) []valueFile {
	if name, rest, ok := strings.Cut(item.Value, "/"); ok && strings.HasPrefix(name, "$") {
		for _, lender := range u.Parts {
			if lender.Source.Ref != "" && "$"+lender.Source.Ref == name {
				text, dynamic := u.App.Expand(p.Source, rest)
				return u.expandGlob(valueFile{item: item, lender: lender, name: inside("", text), refused: variable(dynamic)}, lender)
			}
		}
	}
	text, dynamic := u.App.Expand(p.Source, item.Value)
	f := valueFile{item: item, refused: variable(dynamic)}
	switch {
	case strings.Contains(text, "://"):
		f.name, f.refused = text, "Flux reads value files of the chart's own source only: inline the values"
	case strings.HasPrefix(text, "/"), p.Source.Origin != argocd.Git:
		f.name = inside("", text)
	default:
		f.name = inside(p.Source.Dir(), text)
	}
	return u.expandGlob(f, p)
}

func inside(dir, name string) string { return strings.TrimPrefix(path.Join("/", dir, name), "/") }

func variable(name string) string {
	if name == "" {
		return ""
	}
	return "$" + name + " changes with every commit and cannot be converted"
}

func (u *Unit) expandGlob(f valueFile, owner *Part) []valueFile {
	if f.refused != "" || !strings.ContainsAny(f.name, "*?[") {
		return []valueFile{f}
	}
	if owner.Repo == nil {
		f.refused = "a glob, which Flux does not expand: pass --source"
		return []valueFile{f}
	}
	var files []valueFile
	for _, name := range owner.Repo.Glob(f.name) {
		files = append(files, valueFile{item: f.item, lender: f.lender, name: name})
	}
	return files
}

// readFiles returns the merged content of the files from the first one of another
// source on; ok is false where one cannot be read.
func (u *Unit) readFiles(p *Part) (values *yaml.Node, ok bool) {
	started := false
	for _, f := range p.files {
		started = started || f.lender != nil
		if !started {
			continue
		}
		owner := p
		if f.lender != nil {
			owner = f.lender
		}
		if owner.Repo == nil || f.refused != "" {
			return nil, false
		}
		data, found := owner.Repo.Read(f.name)
		if !found && node.True(p.Source.Node, "helm", "ignoreMissingValueFiles") {
			continue
		}
		content, ok := parseValues(data)
		if !found || !ok {
			return nil, false
		}
		values = mergeValues(values, content)
	}
	return values, true
}

func parseValues(data []byte) (*yaml.Node, bool) {
	var doc yaml.Node
	if yaml.Unmarshal(data, &doc) != nil {
		return nil, false
	}
	if len(doc.Content) == 0 || node.Null(doc.Content[0]) {
		return node.Map(), true
	}
	return doc.Content[0], doc.Content[0].Kind == yaml.MappingNode
}
