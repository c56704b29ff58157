package mapping

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func directoryRows() []Row {
	return []Row{
		{
			ID: "directory", Argo: []string{"source.directory", "source.directory.recurse", "source.directory.include", "source.directory.exclude"},
			Flux:    []string{"GitRepository:spec.ignore", "OCIRepository:spec.ignore"},
			ToFlux:  Promise{Fidelity: ledger.Approximate},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "in Argo CD these files are there: without effect where a kustomization file or a chart names what it uses, else leave them out with directory.exclude"},
			Forward: forwardDirectory, Always: true,
		},
		{
			ID: "directory-extension-filter", Argo: []string{"source.directory.disableExtensionFilter"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "Flux reads .yaml and .yml only: list the files in a kustomization.yaml"},
			Forward: func(c *Cell) {
				if node.True(c.part.Source.Node, "directory", "disableExtensionFilter") {
					c.say(blocking("Flux reads .yaml and .yml only: list the files in a kustomization.yaml"))
					return
				}
				c.say(implied("the default"))
			},
		},
		{
			ID: "jsonnet",
			Argo: []string{
				"source.directory.jsonnet.extVars[].**", "source.directory.jsonnet.tlas[].**", "source.directory.jsonnet.libs[]",
			},
			ToFlux: Promise{Fidelity: ledger.Unsupported},
			Forward: func(c *Cell) {
				c.say(blocking("Flux has no Jsonnet: render in CI and commit the output, or keep the Application on Argo CD"))
			},
		},
	}
}

// forwardDirectory keeps Flux from reading what Argo CD leaves out: Flux walks all
// directories below the path (reposerver/repository/repository.go findManifests;
// fluxcd/pkg kustomize/kustomize_generator.go).
func forwardDirectory(c *Cell) {
	p := c.part
	if p.kustomization() == nil {
		c.say(implied("not a directory of manifests"))
		return
	}
	if p.Source.Renderer != argocd.Directory {
		c.say(implied("not a directory of manifests"))
		c.undecided()
		c.listed()
		return
	}
	lines := c.ignoreLines()
	var to []Target
	if len(lines) > 0 {
		to = append(to, c.set(p.Origin, "spec.ignore", node.String(strings.Join(lines, "\n")+"\n")))
	}
	c.about(p.Source.At+".directory.recurse", c.directoryVerdict(to))
	c.unreadable()
}

// listed leaves of the converted children those that the kustomization names.
func (c *Cell) listed() {
	if p := c.part; p.family != nil && len(p.family.files) > 0 {
		to := c.set(p.Origin, "spec.ignore", node.String(strings.Join(p.family.lines(), "\n")+"\n"))
		c.absent(p.Source.At, equivalent("Flux reads the converted children that the kustomization names", to))
	}
}

func (c *Cell) directoryVerdict(to []Target) Verdict {
	p := c.part
	filtered := node.Text(p.Source.Node, "directory", "include") + node.Text(p.Source.Node, "directory", "exclude")
	blind := ""
	switch unseen := p.unseen(); {
	case p.Scan == nil:
		blind = " (" + unseen + ": JSON and Jsonnet are not read, and YAML without a Kubernetes object fails the build)"
	case unseen != "":
		blind = " (" + unseen + ")"
	}
	switch {
	case filtered != "":
		return approximate("globs became lines of spec.ignore, which acts on this source alone"+blind, to...)
	case len(to) > 0:
		return approximate("Flux also reads "+strings.Join(p.alsoRead(), " and ")+"; excluded via spec.ignore of a source of its own"+blind, to...)
	case p.Scan == nil:
		return approximate("Flux reads sub-directories too; one that holds a kustomization file is built, Argo CD reads it raw" + blind)
	case blind != "":
		return approximate("Flux reads the same files" + blind)
	default:
		return implied("Flux reads the same files")
	}
}

// alsoRead lists what Flux reads of a directory and Argo CD does not.
func (p *Part) alsoRead() (what []string) {
	if !node.True(p.Source.Node, "directory", "recurse") && (p.Scan == nil || len(p.Scan.Dirs) > 0) {
		what = append(what, "sub-directories")
	}
	if p.Scan != nil && len(p.Scan.Other) > 0 {
		what = append(what, "files that Argo CD skips")
	}
	return what
}

// ignoreLines are patterns of .gitignore's syntax, rooted at the artifact.
func (c *Cell) ignoreLines() (lines []string) {
	for _, dir := range c.part.dirs() {
		root := "/"
		if dir != "" {
			root = "/" + dir + "/"
		}
		lines = append(lines, c.ignoredBelow(root)...)
	}
	return lines
}

func (c *Cell) ignoredBelow(root string) (lines []string) {
	p := c.part
	directory := node.Get(p.Source.Node, "directory")
	recurse := node.True(directory, "recurse")
	if include := node.Text(directory, "include"); include != "" {
		everything := root + "**"
		if root == "/" {
			everything = "/*" // "/**" matches nothing at the root
		}
		lines = append(lines, everything)
		lines = append(lines, globLines("!"+root, include, recurse)...)
	}
	if exclude := node.Text(directory, "exclude"); exclude != "" {
		lines = append(lines, globLines(root, exclude, recurse)...)
	}
	if !recurse && (p.Scan == nil || len(p.Scan.Dirs) > 0) {
		lines = append(lines, root+"*/")
	}
	if p.Scan != nil {
		for _, name := range p.Scan.Other {
			lines = append(lines, root+name)
		}
	}
	return lines
}

// globLines writes a glob of Argo CD, whose * also crosses slashes (util/glob), in
// .gitignore's syntax as fluxcd/pkg sourceignore reads it: a line matches a file also
// by a directory above it.
func globLines(prefix, glob string, recurse bool) (lines []string) {
	for _, choice := range braces(strings.ReplaceAll(glob, "[!", "[^")) {
		choices := []string{choice}
		if recurse {
			choices = crossings(choice)
		}
		for _, c := range choices {
			lines = append(lines, prefix+c)
		}
	}
	return lines
}

// crossings lists what a glob means where each * either stays in its directory or
// spans several. A * at the end reaches below directories by itself.
func crossings(glob string) []string {
	star := strings.IndexByte(glob, '*')
	if star < 0 || star == len(glob)-1 || strings.HasPrefix(glob[star:], "**") {
		return []string{glob}
	}
	before, after := glob[:star], glob[star+1:]
	var globs []string
	for _, rest := range crossings(after) {
		globs = append(globs, before+"*"+rest)
		if below, ok := strings.CutPrefix(rest, "/"); ok {
			globs = append(globs, before+"*/**/"+below)
		} else {
			globs = append(globs, before+"*/**/*"+rest)
		}
	}
	return globs
}

// braces expands {a,b}, which .gitignore lacks.
func braces(glob string) []string {
	open := strings.IndexByte(glob, '{')
	end := strings.IndexByte(glob, '}')
	if open < 0 || end < open {
		return []string{glob}
	}
	var globs []string
	for choice := range strings.SplitSeq(glob[open+1:end], ",") {
		globs = append(globs, braces(glob[:open]+choice+glob[end+1:])...)
	}
	return globs
}

// unreadable reports manifests that Argo CD deploys and Flux cannot read.
func (c *Cell) unreadable() {
	p := c.part
	if p.Scan == nil {
		return
	}
	for _, group := range []struct {
		id    string
		what  string
		files []string
	}{
		{"directory-json", "JSON manifests cannot be read by Flux: name them in a kustomization.yaml", p.Scan.JSON},
		{"directory-jsonnet", "Jsonnet cannot be read by Flux: render it in CI", p.Scan.Jsonnet},
	} {
		if len(group.files) > 0 {
			c.absent(p.Source.At, blocking(fmt.Sprintf("%s (%s)", group.what, strings.Join(group.files, ", "))).as(group.id))
		}
	}
}

// undecided tells what nobody could look up.
func (c *Cell) undecided() {
	if c.part.Source.Renderer != argocd.Undecided {
		return
	}
	if c.part.Repo != nil {
		c.absent(c.part.Source.At, approximate("the path is not in the checkout: is it of the right revision?").as("source-type"))
		return
	}
	c.absent(c.part.Source.At, approximate(
		"repository not inspected: right for a kustomization; of a plain directory Flux also reads the sub-directories, and a Helm chart fails. Pass --source, or set directory or helm").as("source-type"))
}
