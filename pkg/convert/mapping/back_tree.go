package mapping

import (
	"path"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// tree writes how Argo CD reads a directory without a kustomization file as Flux does:
// the whole tree, less what Flux does not read.
func (c *BackCell) tree() []Target {
	to := []Target{c.set("source.directory.recurse", node.Bool(true))}
	if exclude := exclusion(c.unit.scan.Tree.ArgoOnly); exclude != "" {
		to = append(to, c.set("source.directory.exclude", node.String(exclude)))
	}
	return to
}

// exclusion returns the glob of files that Flux leaves out, seen from the path. A *
// crosses slashes (Argo CD util/glob; reposerver/repository/repository.go
// getPotentiallyValidManifestFile).
func exclusion(files []string) string {
	var globs []string
	for _, file := range files {
		glob := escapeGlob.Replace(file)
		switch ext := path.Ext(file); {
		case ext == ".json" || ext == ".jsonnet":
			glob = "*" + ext
		case strings.HasSuffix(file, "/"):
			glob += "*"
		}
		if !slices.Contains(globs, glob) {
			globs = append(globs, glob)
		}
	}
	if len(globs) < 2 {
		return strings.Join(globs, "")
	}
	return "{" + strings.Join(globs, ",") + "}"
}

var escapeGlob = strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`, "]", `\]`, "{", `\{`, "}", `\}`, ",", `\,`)

// backTree tells what Argo CD makes of a tree in another way.
func backTree(c *BackCell) {
	t := c.unit.scanned().Tree
	if !c.unit.tree() {
		return
	}
	c.found(t.Nested, "directory-nested-kustomization", blocking("kustomizations below a plain directory, which Flux builds and Argo CD reads as they are: add a kustomization.yaml to the path that names them"))
	c.found(t.Skipped, "directory-skipped", blocking("marked +argocd:skip-file-rendering: Argo CD passes over what Flux applies"))
	c.found(t.Local, "directory-local-config", blocking("kustomize takes objects annotated config.kubernetes.io/local-config for its own, so Flux leaves them out; Argo CD would apply them"))
	c.found(t.Refused, "directory-not-an-object", approximate("no Kubernetes object with a name of its own: Flux refuses the whole path, Argo CD passes over it or refuses it"))
}

// fillTree settles the target namespace of a plain directory: Argo CD only fills what
// names none (controller/state.go NormalizeTargetObjects).
func (c *BackCell) fillTree(namespace string, to []Target) {
	var other []string
	for _, p := range c.unit.scan.Tree.Placed {
		if p.Namespace != namespace {
			other = append(other, p.Object)
		}
	}
	const id = "target-namespace-fill"
	switch {
	case len(other) > 0:
		c.say(blocking("a plain directory, where Argo CD moves nothing: Flux moves objects and references that name another namespace: " + each(other)).as(id))
	case !c.unit.scan.Complete():
		c.say(blocking("a plain directory, where Argo CD fills what names no namespace and moves nothing; not all of it could be read").as(id))
	default:
		c.say(equivalent("a plain directory: no object names another namespace", to...))
	}
}

// scanned returns what the repository holds, which is nothing where nobody looked.
func (u *BackUnit) scanned() *checkout.FluxScan {
	if u.scan == nil {
		return &checkout.FluxScan{}
	}
	return u.scan
}

// found records a verdict about what the scan found, if anything.
func (c *BackCell) found(what []string, id string, v Verdict) {
	if len(what) > 0 {
		v.Note += ": " + each(what)
		c.absent("spec.path", v.as(id))
	}
}

// each lists what fits into a line, sorted and each once.
func each(all []string) string { return some(slices.Compact(slices.Sorted(slices.Values(all)))) }
