package mapping

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// sameRepository tells whether a file of lender is at hand in chart's own artifact.
func sameRepository(chart, lender *argocd.Source) bool {
	return chart.Origin == argocd.Git && chart.RepoURL == lender.RepoURL && chart.Revision == lender.Revision
}

// locate follows reposerver/repository/repository.go getResolvedValueFiles: a path that
// starts with $name of another source lies there, "/" is the repository's root,
// anything else is relative to the source's path.
func (u *Unit) locate(p *Part, item *yaml.Node) valueFile {
	raw := ""
	if item != nil {
		raw = item.Value
	}
	if name, rest, ok := strings.Cut(raw, "/"); ok && strings.HasPrefix(name, "$") {
		for _, lender := range u.Parts {
			if lender.Source.Ref != "" && "$"+lender.Source.Ref == name {
				return u.borrow(p, lender, item, rest)
			}
		}
	}
	text, dynamic := u.App.Expand(p.Source, raw)
	f := valueFile{item: item, refused: variable(dynamic)}
	switch {
	case strings.Contains(text, "://"):
		f.name, f.refused = text, "Flux reads value files of the chart's own source only: inline the values"
	case strings.HasPrefix(text, "/"), p.Source.Origin != argocd.Git:
		f.name = inside("", text)
	default:
		f.name = inside(p.Source.Dir(), text)
	}
	return f
}

// borrow locates a file of another source, which may be the chart's own repository.
func (u *Unit) borrow(p, lender *Part, item *yaml.Node, rest string) valueFile {
	text, dynamic := u.App.Expand(p.Source, rest)
	f := valueFile{item: item, lender: lender, name: inside("", text), refused: variable(dynamic)}
	if sameRepository(p.Source, lender.Source) {
		f.lend(wayFiles)
		f.lender = nil
	}
	return f
}

func inside(dir, name string) string { return strings.TrimPrefix(path.Join("/", dir, name), "/") }

func variable(name string) string {
	if name == "" {
		return ""
	}
	return "$" + name + " changes with every commit and cannot be converted"
}

// expandFiles lists the files of a part as getResolvedValueFiles does: patterns give
// way to files that are listed by name, and a file counts once, at its first place.
func (u *Unit) expandFiles(p *Part) {
	var found []valueFile
	named, taken := map[string]bool{}, map[string]bool{}
	for _, item := range node.Items(p.Source.Node, "helm", "valueFiles") {
		f := u.locate(p, item)
		f.glob = f.refused == "" && strings.ContainsAny(f.name, "*?[")
		if !f.glob {
			named[f.place(p)] = true
		}
		found = append(found, f)
	}
	for _, f := range found {
		matches := []valueFile{f}
		if f.glob {
			matches = f.expand(p)
		}
		left := 0
		for _, m := range matches {
			if at := m.place(p); !taken[at] && !(f.glob && named[at]) {
				taken[at] = true
				left++
				p.files = append(p.files, m)
			}
		}
		p.spareNone(f, len(matches), left)
	}
}

// spareNone settles an item that no file is left for.
func (p *Part) spareNone(f valueFile, matches, left int) {
	switch {
	case left > 0:
	case matches == 0:
		p.spare(f.item, approximate("matches no file as of the conversion, and is left out; one that comes later does not count").as("value-files-glob"))
	case f.glob:
		p.spare(f.item, approximate("matches as of the conversion only files that other items list; one that comes later does not count").as("value-files-glob"))
	default:
		p.spare(f.item, implied("listed before: Argo CD reads a file once, at its first place"))
	}
}

// place tells files apart: by repository and path, whatever source names them.
func (f valueFile) place(p *Part) string {
	if s := f.owner(p).Source; s.Chart == "" {
		return checkout.Normal(s.RepoURL) + "\x00" + f.name
	}
	return f.name
}

// expand returns the files that a pattern matches. One that Argo CD fails on is
// refused as a whole.
func (f valueFile) expand(p *Part) (files []valueFile) {
	refuse := func(why string) []valueFile {
		f.refused = why
		return []valueFile{f}
	}
	repo := f.owner(p).Repo
	switch {
	case f.owner(p).Source.Chart != "":
		return refuse("a glob in a packaged chart, which Flux does not expand: list the files")
	case repo == nil:
		return refuse("a glob, which Flux does not expand: pass --source")
	}
	names, err := repo.Expand(f.name)
	switch {
	case err != nil:
		return refuse("no pattern that Argo CD takes: correct it")
	case len(names) == 0 && !p.ignoresMissing():
		return refuse("matches no file, which fails in Argo CD: add one, or remove the pattern")
	}
	for _, name := range names {
		if repo.IsDir(name) {
			return refuse("matches the directory " + name + ", which fails in Argo CD: make the pattern match files only")
		}
		files = append(files, valueFile{item: f.item, lender: f.lender, name: name, glob: true})
	}
	return files
}
