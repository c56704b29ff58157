package checkout

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// A Filter is what an Application's directory block says about files.
type Filter struct {
	Recurse          bool
	Include, Exclude string
}

// passes tells whether Argo CD reads the file, whose name is below the source's path
// (reposerver/repository/repository.go getPotentiallyValidManifestFile).
func (f Filter) passes(name string) bool {
	return (f.Exclude == "" || !globMatch(f.Exclude, name)) && (f.Include == "" || globMatch(f.Include, name))
}

// globMatch matches as Argo CD does: * also crosses slashes, and a glob that is none
// matches nothing (util/glob).
func globMatch(glob, name string) bool {
	compiled, err := regexp.Compile("^(?s:" + expression(glob) + ")$")
	return err == nil && compiled.MatchString(name)
}

// expression writes a glob as a regular expression.
func expression(glob string) string {
	var b strings.Builder
	deep := 0
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case c == '*':
			b.WriteString(".*")
		case c == '?':
			b.WriteString(".")
		case c == '{':
			deep++
			b.WriteString("(?:")
		case c == '}':
			deep--
			b.WriteString(")")
		case c == ',' && deep > 0:
			b.WriteString("|")
		case c == '[':
			class, _, _ := strings.Cut(glob[i:], "]")
			b.WriteString(strings.Replace(class, "[!", "[^", 1) + "]")
			i += len(class)
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}
	return b.String()
}

// ScanDirectory looks at the plain manifests that Argo CD reads.
func (r *Repo) ScanDirectory(dir string, filter Filter) *Scan {
	s := r.scanner()
	s.plain, s.filter = true, filter
	s.directory(clean(dir), "")
	return s.done()
}

// directory scans one level; rel is its path below the source's path.
func (s *scanner) directory(dir, rel string) {
	entries, err := fs.ReadDir(s.repo.FS, dir)
	if err != nil {
		s.unseen(dir + ", which is not in the checkout")
		return
	}
	for _, e := range entries {
		name, below := path.Join(dir, e.Name()), path.Join(rel, e.Name())
		switch {
		case e.IsDir() && e.Name() == ".git":
		case e.IsDir():
			if rel == "" && s.repo.holdsYAML(name) {
				s.Dirs = append(s.Dirs, e.Name())
			}
			if s.filter.Recurse {
				s.directory(name, below)
			}
		case s.filter.passes(below):
			s.entry(name, below)
		}
	}
}

func (s *scanner) entry(name, below string) {
	switch ext := path.Ext(name); {
	case ext == ".yaml" || ext == ".yml":
		if s.file(name) {
			s.Files = append(s.Files, name)
		} else {
			s.Other = append(s.Other, below)
		}
	case ext == ".json":
		s.JSON = append(s.JSON, below)
	case ext == ".jsonnet":
		s.Jsonnet = append(s.Jsonnet, below)
	case path.Base(name) == "Kustomization": // which would make Flux build the directory
		s.Other = append(s.Other, below)
	default:
		s.asset(name, below)
	}
}

func (r *Repo) holdsYAML(dir string) (found bool) {
	_ = fs.WalkDir(r.FS, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || found {
			return fs.SkipAll
		}
		ext := path.Ext(name)
		found = !d.IsDir() && (ext == ".yaml" || ext == ".yml")
		return nil
	})
	return found
}
