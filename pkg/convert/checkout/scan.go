package checkout

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Hook is a manifest with the annotation argocd.argoproj.io/hook, or with
// helm.sh/hook, which Argo CD takes for the like of it.
type Hook struct {
	Kind, Name, File string
	// Types are the phases in Argo CD's terms, for example PreSync.
	Types []string
	// Helm tells that only helm.sh/hook marks the manifest.
	Helm bool
	// Nameless tells that the manifest has only generateName.
	Nameless bool
}

// A Scan is what the manifests below a path hold that matters to a conversion.
type Scan struct {
	// Complete is false where some manifests could not be read: remote bases,
	// generators, broken files. Absence is proven only by a complete scan.
	Complete bool
	// Dirs are sub-directories that hold YAML files.
	Dirs []string
	// JSON and Jsonnet are manifests of the top directory that only Argo CD reads.
	JSON, Jsonnet []string
	// Other are YAML files of the top directory that Argo CD skips: no Kubernetes
	// objects, or marked +argocd:skip-file-rendering.
	Other []string
	// Excluded are files that Flux leaves out of its artifacts by default.
	Excluded []string
	// ReadsFiles tells that templates of a chart read its files (.Files).
	ReadsFiles bool
	Hooks      []Hook
	// Waves are the values of argocd.argoproj.io/sync-wave, sorted.
	Waves []string
	// InDefault are objects that name the namespace "default", as Kind/name.
	InDefault []string
	// Namespace is what the kustomization file at the path itself sets, and
	// Namespaces are what kustomization files below it set, as FILE: NAMESPACE.
	Namespace  string
	Namespaces []string
	// Applications are Argo CD objects among the manifests (app-of-apps).
	Applications []string
}

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

// ScanDirectory looks at plain manifests; recurse as Argo CD's directory.recurse.
func (r *Repo) ScanDirectory(dir string, recurse bool) *Scan {
	s := &scanner{repo: r, Scan: Scan{Complete: true}, seen: map[string]bool{}}
	s.directory(clean(dir), "", recurse)
	return s.done()
}

// ScanKustomize follows a kustomization's local resources, bases and components.
func (r *Repo) ScanKustomize(dir string) *Scan {
	s := &scanner{repo: r, Scan: Scan{Complete: true}, seen: map[string]bool{}}
	s.root = clean(dir)
	s.kustomization(s.root)
	return s.done()
}

type scanner struct {
	Scan
	repo *Repo
	root string
	seen map[string]bool
}

func (s *scanner) done() *Scan {
	slices.Sort(s.Waves)
	s.Waves = slices.Compact(s.Waves)
	return &s.Scan
}

// directory scans one level; rel is its path below the source's path.
func (s *scanner) directory(dir, rel string, recurse bool) {
	entries, err := fs.ReadDir(s.repo.FS, dir)
	if err != nil {
		s.Complete = false
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
			if recurse {
				s.directory(name, below, true)
			}
		default:
			s.entry(name, below)
		}
	}
}

func (s *scanner) entry(name, below string) {
	switch path.Ext(name) {
	case ".yaml", ".yml":
		if !s.file(name) {
			s.Other = append(s.Other, below)
		}
	case ".json":
		s.JSON = append(s.JSON, below)
	case ".jsonnet":
		s.Jsonnet = append(s.Jsonnet, below)
	default:
		s.asset(name, below)
	}
}

// excluded are the extensions of fluxcd/pkg/sourceignore ExcludeExt.
var excluded = []string{".jpg", ".jpeg", ".gif", ".png", ".wmv", ".flv", ".zip"}

func (s *scanner) asset(name, below string) {
	if slices.Contains(excluded, path.Ext(name)) || strings.HasSuffix(name, ".tar.gz") {
		s.Excluded = append(s.Excluded, below)
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

func (s *scanner) kustomization(dir string) {
	if s.seen[dir] {
		return
	}
	s.seen[dir] = true
	for _, name := range kustomizationFiles {
		data, ok := s.repo.Read(path.Join(dir, name))
		if !ok {
			continue
		}
		var k yaml.Node
		if yaml.Unmarshal(data, &k) != nil || len(k.Content) == 0 {
			break
		}
		s.namespace(path.Join(dir, name), dir, node.Text(k.Content[0], "namespace"))
		s.follow(dir, k.Content[0])
		return
	}
	s.Complete = false
}

func (s *scanner) namespace(file, dir, namespace string) {
	switch {
	case namespace == "":
	case dir == s.root:
		s.Namespace = namespace
	default:
		s.Namespaces = append(s.Namespaces, file+": "+namespace)
	}
}

func (s *scanner) follow(dir string, k *yaml.Node) {
	for _, key := range []string{"resources", "bases", "components"} {
		for _, item := range node.Items(k, key) {
			s.resource(path.Join(dir, item.Value), item.Value)
		}
	}
	for _, key := range []string{"generators", "helmCharts", "helmChartInflationGenerator"} {
		if len(node.Items(k, key)) > 0 {
			s.Complete = false
		}
	}
	for _, key := range []string{"configMapGenerator", "secretGenerator"} {
		for _, generator := range node.Items(k, key) {
			for _, file := range node.Items(generator, "files") {
				_, name, named := strings.Cut(file.Value, "=")
				if !named {
					name = file.Value
				}
				s.asset(name, path.Join(dir, name))
			}
		}
	}
}

func (s *scanner) resource(name, text string) {
	info, err := fs.Stat(s.repo.FS, clean(name))
	switch {
	case err != nil || strings.Contains(text, "://"):
		s.Complete = false
	case info.IsDir():
		s.kustomization(clean(name))
	default:
		s.file(clean(name))
	}
}
