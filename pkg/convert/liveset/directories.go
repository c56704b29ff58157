package liveset

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Directories are what a generator git lists of a repository. A GitRepository without what
// is excluded is looked through by an ArtifactGenerator for each pattern, which makes an
// ExternalArtifact for each directory, with labels for what the pattern leaves open; and a
// ResourceSetInputProvider gives these labels as inputs (source-watcher
// internal/controller/artifactgenerator_pathpattern.go, fluxoperator.dev/docs/crd/resourcesetinputprovider).
// What deploys goes on reading the repository itself.
type Directories struct {
	// Application is one whose source is the repository.
	Application *yaml.Node
	at          string // the path of the generator
	body        *yaml.Node
	root        *yaml.Node
	seconds     int // between two looks
	ignore      []string
	repository  *object.Object
	entries     []ledger.Entry
}

// A pattern is one that directories fit.
type pattern struct {
	of       *Directories
	name     string // of the objects that look for it
	item     int    // its index among the directories of the generator
	segments []segment
	known    []string // the directories of a checkout
	written  *object.Object
}

// A segment is a part of a path: text alone, or around an input. fixed is what the input
// is for this pattern; where it is empty the directory tells.
type segment struct{ before, input, after, fixed string }

// standardLook is how often Argo CD lists directories where nothing is said, in seconds
// (getDefaultRequeueAfter in applicationset/generators/git.go).
const standardLook = 3 * 60

// A lookup is a generator git, as the element of a list before it fills it in; element is
// nil where none does.
type lookup struct{ body, element *yaml.Node }

// git takes the directories of a repository as inputs.
func (s *Set) git(f *factor, all []lookup, at string, w World) *appset.Problem {
	body := all[0].body
	d := &Directories{at: at, body: body, root: s.Root, Application: probe(s.Root, body)}
	var bad *appset.Problem
	if d.seconds, bad = seconds(body, at, standardLook); bad != nil {
		return bad
	}
	var patterns []string
	before := len(s.patterns())
	for _, l := range all {
		if bad := s.gitRefused(l.body, at, w); bad != nil {
			return bad
		}
		items, globs, bad := d.globs(l.body)
		if bad != nil {
			return bad
		}
		for i, glob := range globs {
			name := object.Fit(strings.ReplaceAll(s.name(), ".", "-")+"-directories"+numbered(before+len(patterns)), object.MaxName)
			f.providers = append(f.providers, &provider{generator: at, values: node.Get(body, "values"), element: l.element,
				found: &pattern{of: d, name: name, item: items[i]}})
			patterns = append(patterns, glob)
		}
		if bad := d.look(l.body, f.providers[len(f.providers)-len(globs):], patterns[len(patterns)-len(globs):], w); bad != nil {
			return bad
		}
	}
	segments, why := aligned(patterns)
	if why != "" {
		return problem(body, at+".directories", "%s", why)
	}
	for i, p := range f.providers {
		p.found.segments = segments[i]
	}
	return nil
}

// gitRefused says what of a generator git has no counterpart.
func (s *Set) gitRefused(body *yaml.Node, at string, w World) *appset.Problem {
	switch files, values := node.Get(body, "files"), node.Get(body, "values"); {
	case node.Empty(node.Get(body, "directories")) && !node.Empty(files):
		return problem(files, at+".files", "flux-operator does not read files of a repository: an ArtifactGenerator of Flux 2.10 exports one (inputsFrom), but a provider of type ExternalArtifact takes names and labels only (flux-operator v0.59). Write what the files say as a list, or expand the set (--appset static)")
	case node.Empty(node.Get(body, "directories")):
		return problem(body, at, "the generator git takes directories or files")
	case !w.PathPatterns:
		return problem(body, at+".directories", "an ArtifactGenerator finds directories since Flux 2.9: say that you have it with --flux-version")
	case values != nil && holds(values, "{{"):
		return problem(values, at+".values", "values of a provider are the same for all directories, and a template makes them differ")
	case holds(body, "{{"):
		return problem(body, at, "it holds a template, which only another generator fills in")
	}
	return nil
}

// probe is an Application that has the repository of a generator as its source, in the
// project whose credentials Argo CD takes (applicationset/generators/git.go).
func probe(root, body *yaml.Node) *yaml.Node {
	project := node.Text(root, "spec", "template", "spec", "project")
	if project == "" || strings.Contains(project, "{{") {
		project = "default"
	}
	metadata := node.Map("name", node.String(node.Text(root, "metadata", "name")))
	if own := node.Text(root, "metadata", "namespace"); own != "" {
		node.Put(metadata, "namespace", node.String(own))
	}
	source := node.Map("repoURL", node.String(node.Text(body, "repoURL")), "path", ".")
	if revision := node.Text(body, "revision"); revision != "" {
		node.Put(source, "targetRevision", node.String(revision))
	}
	app := node.Map("apiVersion", argocd.APIVersion, "kind", "Application", "metadata", metadata, "spec",
		node.Map("project", node.String(project), "source", source,
			"destination", node.Map("server", "https://kubernetes.default.svc", "namespace", "default")))
	place(app, body.Line)
	return app
}

// plain are patterns that mean the same to path.Match of Go, which Argo CD uses, to
// patterns of directories and to gitignore.
var plain = regexp.MustCompile(`^[A-Za-z0-9_*-][A-Za-z0-9._*-]*(/[A-Za-z0-9_*-][A-Za-z0-9._*-]*)*$`)

var stars = regexp.MustCompile(`\*+`)

// globs returns the patterns that include directories, with their indexes, and takes those
// that exclude some. One excludes what it matches, and nothing below, so that it counts
// beside patterns as deep only.
func (d *Directories) globs(body *yaml.Node) (items []int, globs []string, bad *appset.Problem) {
	excluded, ignore := []string{}, []string{".*/"}
	for i, item := range node.Items(body, "directories") {
		at := ledger.Index(d.at+".directories", i) + ".path"
		glob := stars.ReplaceAllString(node.Text(item, "path"), "*")
		switch {
		case !plain.MatchString(glob):
			return nil, nil, problem(item, at, "patterns of an ArtifactGenerator have letters, digits, dots, dashes, underscores and *, and this one has something else, or begins a name with a dot, which Argo CD finds no directory for")
		case node.True(item, "exclude"):
			excluded = append(excluded, glob)
		default:
			items, globs = append(items, i), append(globs, glob)
		}
	}
	for _, glob := range excluded {
		if slices.ContainsFunc(globs, func(g string) bool { return strings.Count(g, "/") == strings.Count(glob, "/") }) {
			ignore = append(ignore, ignored(glob))
		}
	}
	switch where := func(n *yaml.Node) string { return node.Text(n, "repoURL") + " " + node.Text(n, "revision") }; {
	case len(globs) == 0:
		return nil, nil, problem(body, d.at+".directories", "it includes no directory")
	case d.ignore != nil && !slices.Equal(d.ignore, ignore) || where(body) != where(d.body):
		return nil, nil, problem(body, d.at, "elements of a list decide which repository it reads, or what it leaves out")
	}
	d.ignore = ignore
	return items, globs, nil
}

// ignored is the line of a GitRepository's ignore that leaves out what a pattern matches.
func ignored(glob string) string { return "/" + stars.ReplaceAllString(glob, "*") + "/" }

// aligned cuts patterns into segments, such that a template finds the same inputs for all.
func aligned(globs []string) (all [][]segment, why string) {
	var names [][]string
	for _, glob := range globs {
		names = append(names, strings.Split(glob, "/"))
		if len(names[0]) != len(strings.Split(glob, "/")) {
			return nil, "its patterns are not all as deep: give each depth an ApplicationSet of its own"
		}
		all = append(all, nil)
	}
	for i := range names[0] {
		same := !slices.ContainsFunc(names, func(n []string) bool { return n[i] != names[0][i] })
		for k := range names {
			next, ok := segmentOf(names[k][i], "dir"+strconv.Itoa(i), same)
			if !ok {
				return nil, "a segment of a pattern is neither * nor text for all patterns, or has more than one *"
			}
			all[k] = append(all[k], next)
		}
	}
	return all, ""
}

func segmentOf(text, input string, same bool) (segment, bool) {
	before, after, open := strings.Cut(text, "*")
	switch {
	case strings.Contains(after, "*"):
		return segment{}, false
	case same && !open:
		return segment{before: text}, true
	case !same && !open:
		return segment{input: input, fixed: text}, true
	}
	return segment{before: before, input: input, after: after}, same || text == "*"
}

// look reads a checkout, where there is one, for the directories of today that the
// patterns of the providers fit.
func (d *Directories) look(body *yaml.Node, providers []*provider, globs []string, w World) *appset.Problem {
	if w.Checkout == nil {
		return nil
	}
	repo := w.Checkout(node.Text(body, "repoURL"), node.Text(body, "revision"))
	if repo == nil {
		return nil
	}
	found, err := appset.Directories(repo, body)
	if err != nil {
		return problem(body, d.at, "%s", err.Error())
	}
	made := map[string]string{}
	for _, dir := range found {
		var labels []string
		i := slices.IndexFunc(globs, func(glob string) (ok bool) { labels, ok = fits(glob, dir); return ok })
		if i < 0 {
			return problem(body, d.at+".directories", "an ArtifactGenerator cannot stand for the directory %s: what * stands for has to be lower case letters, digits, dots and dashes, letters or digits at both ends, and at most 63 of them. Rename it", dir)
		}
		p := providers[i].found
		name := p.artifact(labels)
		if first := made[name]; first != "" {
			return problem(body, d.at+".directories", "an ArtifactGenerator would make the artifact %s for the directory %s as well as for %s, and so makes none. Rename one", name, dir, first)
		}
		made[name] = dir
		p.known = append(p.known, dir)
	}
	return nil
}
