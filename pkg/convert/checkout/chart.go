package checkout

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/Masterminds/semver/v3"
	"github.com/bmatcuk/doublestar/v4"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Expand returns what a pattern of value files matches, in the order of Argo CD, which
// takes the same library (reposerver/repository/repository.go getResolvedValueFiles).
func (r *Repo) Expand(pattern string) ([]string, error) {
	return doublestar.Glob(r.FS, clean(pattern))
}

// IsDir tells whether name is a directory of the repository.
func (r *Repo) IsDir(name string) bool {
	info, err := fs.Stat(r.FS, clean(name))
	return err == nil && info.IsDir()
}

// MissingDependencies names the dependencies of the chart in dir that its charts
// directory does not hold, by name as Helm compares them (pkg/action/install.go
// CheckDependencies). ok is false where there is no chart to read.
func (r *Repo) MissingDependencies(dir string) (names []string, ok bool) {
	// requirements.yaml is where charts of Helm 2 name them.
	for _, file := range []string{"Chart.yaml", "requirements.yaml"} {
		chart := r.root(path.Join(dir, file))
		ok = ok || chart != nil && file == "Chart.yaml"
		for _, item := range node.Items(chart, "dependencies") {
			if name := node.Text(item, "name"); !r.holdsChart(dir, name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, ok
}

// holdsChart tells whether the charts directory has the chart, as a directory or as an
// archive called NAME-VERSION.tgz.
func (r *Repo) holdsChart(dir, chart string) bool {
	entries, _ := fs.ReadDir(r.FS, clean(path.Join(dir, "charts")))
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
		if archive, ok := strings.CutSuffix(e.Name(), ".tgz"); ok {
			version, ok := strings.CutPrefix(archive, chart+"-")
			_, err := semver.NewVersion(version)
			return ok && err == nil
		}
		return node.Text(r.root(path.Join(dir, "charts", e.Name(), "Chart.yaml")), "name") == chart
	})
}

// root returns the content of a YAML file, or nil.
func (r *Repo) root(name string) *yaml.Node {
	data, ok := r.Read(name)
	var doc yaml.Node
	if !ok || yaml.Unmarshal(data, &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

// ScanChart looks for the files of a chart that Flux leaves out of its artifacts.
func (r *Repo) ScanChart(dir string) *Scan {
	s := &scanner{repo: r, seen: map[string]bool{}}
	root := clean(dir)
	err := fs.WalkDir(r.FS, root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir() && slices.Contains(excludedDirs, d.Name()):
			s.Excluded = append(s.Excluded, below(root, name)+"/")
			return fs.SkipDir
		case d.IsDir():
		case slices.Contains(excludedFiles, d.Name()):
			s.Excluded = append(s.Excluded, below(root, name))
		default:
			s.asset(name, below(root, name))
			s.template(name)
		}
		return nil
	})
	if err != nil {
		s.unseen(dir)
	}
	return s.done()
}

// What fluxcd/pkg/sourceignore leaves out besides ExcludeExt: ExcludeCI and ExcludeExtra.
var (
	excludedDirs  = []string{".github", ".circleci"}
	excludedFiles = []string{
		".travis.yml", ".gitlab-ci.yml", "appveyor.yml", ".drone.yml", "cloudbuild.yaml", "codeship-services.yml",
		"codeship-steps.yml", ".goreleaser.yml", ".sops.yaml", ".flux.yaml",
	}
)

func below(root, name string) string { return strings.TrimPrefix(name, root+"/") }

// template notes templates that read files of their chart.
func (s *scanner) template(name string) {
	if !strings.Contains(path.Dir(name)+"/", "templates/") {
		return
	}
	data, ok := s.repo.Read(name)
	s.ReadsFiles = s.ReadsFiles || !ok || bytes.Contains(data, []byte(".Files"))
	if makesApplications.Match(data) && bytes.Contains(data, []byte(argoGroup+"/")) {
		s.Applications = append(s.Applications, name)
	}
}
