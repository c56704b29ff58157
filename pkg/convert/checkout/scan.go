package checkout

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// A Scan is what the manifests below a path hold that matters to a conversion.
type Scan struct {
	// Unseen says what could not be looked at: remote resources, generators, broken
	// files. Absence is proven only where there is none.
	Unseen []string
	// Objects are the manifests that a sync deploys, named as the build names them
	// before patches.
	Objects []Object
	// Dirs are sub-directories that hold YAML files.
	Dirs []string
	// JSON and Jsonnet are manifests that only Argo CD reads.
	JSON, Jsonnet []string
	// Other are YAML files that Argo CD skips: no Kubernetes objects, or marked
	// +argocd:skip-file-rendering.
	Other []string
	// Files hold manifests that Argo CD applies.
	Files []string
	// Excluded are files that Flux leaves out of its artifacts by default.
	Excluded []string
	// ReadsFiles tells that templates of a chart read its files (.Files).
	ReadsFiles bool
	Hooks      []Hook
	// Waves are the values of argocd.argoproj.io/sync-wave that follow one another in
	// one phase of a sync, sorted.
	Waves []string
	// Namespace is what the kustomization file at the path itself sets, and
	// Namespaces are what kustomization files below it set, as FILE: NAMESPACE.
	Namespace  string
	Namespaces []string
	// Moves are kustomization files whose patches or replacements may set a
	// namespace, and bases used more than once, whose objects are listed once.
	Moves []string
	// Labels are the keys that kustomization files set on more than the objects
	// themselves (selectors, templates, fields), each with the first file that does.
	Labels map[string]string
	// Annotations are the keys that the kustomization file at the path sets on all objects.
	Annotations []string
	// Components are what the kustomization file at the path names.
	Components []string
	// Changing are kustomization files that do more than name resources and set a
	// namespace.
	Changing []string
	// Charts and Plugins are what a kustomization wants to run, as FILE (NAME).
	Charts, Plugins []string
	// Applications are Argo CD objects among the manifests (app-of-apps); of a chart,
	// the templates that make such.
	Applications []string
	// ToDefault are objects that name another object of the namespace "default", which is
	// an Object, and which it is: "ServiceAccount/web".
	ToDefault []Reference
	// Children are the Applications and ApplicationSets among them.
	Children []Child
}

// A Reference is an object that names another one.
type Reference struct{ From, To Object }

// Complete tells whether the scan proves the absence of what it did not find.
func (s *Scan) Complete() bool { return len(s.Unseen) == 0 }

// Kinds of a directory, as Argo CD discovers them (util/app/discovery/discovery.go).
const (
	IsDirectory = "directory"
	IsHelm      = "helm"
	IsKustomize = "kustomize"
)

var kustomizationFiles = []string{"kustomization.yaml", "kustomization.yml", "Kustomization"}

// KindOf tells what Argo CD takes the directory for, or "" where it is not there.
func (r *Repo) KindOf(dir string) string {
	entries, err := fs.ReadDir(r.FS, clean(dir))
	if err != nil {
		return ""
	}
	kind := IsDirectory
	for _, e := range entries {
		switch {
		case slices.Contains(kustomizationFiles, e.Name()):
			return IsKustomize
		case strings.HasSuffix(e.Name(), "Chart.yaml"):
			kind = IsHelm
		}
	}
	return kind
}

type scanner struct {
	Scan
	repo *Repo
	// plain tells that Argo CD itself reads the files, not kustomize.
	plain  bool
	filter Filter
	edits  Edits
	root   string
	seen   map[string]bool
	waves  map[string][]string // by phase
}

func (r *Repo) scanner() *scanner {
	s := &scanner{repo: r, seen: map[string]bool{}, waves: map[string][]string{}}
	s.Labels = map[string]string{}
	return s
}

func (s *scanner) unseen(what string) { s.Unseen = append(s.Unseen, what) }

func (s *scanner) done() *Scan {
	for _, waves := range s.waves {
		slices.Sort(waves)
		if waves = slices.Compact(waves); len(waves) > 1 {
			s.Waves = append(s.Waves, waves...)
		}
	}
	for _, list := range []*[]string{&s.Waves, &s.Unseen, &s.Moves, &s.Charts, &s.Plugins} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return &s.Scan
}

// excluded are the extensions of fluxcd/pkg/sourceignore ExcludeExt.
var excluded = []string{".jpg", ".jpeg", ".gif", ".png", ".wmv", ".flv", ".zip"}

func (s *scanner) asset(name, below string) {
	if slices.Contains(excluded, path.Ext(name)) || strings.HasSuffix(name, ".tar.gz") {
		s.Excluded = append(s.Excluded, below)
	}
}
