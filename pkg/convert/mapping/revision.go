package mapping

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func revisionRows() []Row {
	var fields []string
	for _, ref := range []string{"branch", "tag", "semver", "name", "commit"} {
		fields = append(fields, "GitRepository:spec.ref."+ref)
	}
	for _, ref := range []string{"tag", "semver", "digest"} {
		fields = append(fields, "OCIRepository:spec.ref."+ref)
	}
	return []Row{{
		ID: "revision", Argo: []string{"source.targetRevision", "spec.sourceHydrator.syncSource.targetBranch"},
		Back: backRevision, BackAlways: true, BackSource: spendRevision, SourceAlways: true,
		Flux:    append(fields, "HelmRelease:spec.chart.spec.version", "HelmChart:spec.version"),
		ToFlux:  Promise{Fidelity: ledger.Exact},
		ToArgo:  Promise{Fidelity: ledger.Exact},
		Forward: forwardRevision, Always: true,
	}}
}

func forwardRevision(c *Cell) {
	p := c.part
	switch {
	case p.Origin == nil:
		c.lent()
	case p.Origin.Kind == flux.GitRepository:
		c.gitRevision()
	case p.Origin.Kind == flux.OCIRepository:
		c.ociRevision()
	default:
		c.chartVersion()
	}
}

func (c *Cell) chartVersion() {
	version := node.String(c.part.Source.Revision)
	if chart := c.part.chart(); chart != nil {
		c.keep(c.set(chart, "spec.version", version))
		return
	}
	c.keep(c.set(c.part.Work, "spec.chart.spec.version", version))
}

// ociRevision: digest, range or tag (source-controller docs, OCIRepository; Argo CD
// util/oci/client.go). A "+" of a version is "_" in a tag.
func (c *Cell) ociRevision() {
	s := c.part.Source
	path := s.At + ".targetRevision"
	ref := func(key, value string) Target {
		return c.set(c.part.Origin, "spec.ref."+key, node.String(value))
	}
	switch {
	case s.Revision == "":
		c.about(path, approximate("no revision: the tag latest", ref("tag", "latest")))
	case strings.HasPrefix(s.Revision, "sha256:"):
		c.keep(ref("digest", s.Revision))
	case argocd.Range(s.Revision):
		c.keep(ref("semver", s.Revision))
	case strings.Contains(s.Revision, "+"):
		c.say(equivalent("a tag writes + as _", ref("tag", strings.ReplaceAll(s.Revision, "+", "_"))))
	default:
		c.keep(ref("tag", s.Revision))
	}
}

func (c *Cell) gitRevision() {
	s := c.part.Source
	ref := func(key, value string) Target {
		return c.set(c.part.Origin, "spec.ref."+key, node.String(value))
	}
	switch argocd.KindOfRevision(s.Revision) {
	case argocd.RevisionCommit:
		c.keep(ref("commit", s.Revision))
	case argocd.RevisionHead:
		c.headRevision(ref)
	case argocd.RevisionRange:
		c.say(approximate("Flux looks only at tags of three parts (v1.2.3), Argo CD also at shorter ones", ref("semver", s.Revision)).as("revision-range"))
	case argocd.RevisionVersion:
		c.namedRevision("tag", ref)
	case argocd.RevisionRef:
		c.refRevision(ref)
	case argocd.RevisionShortCommit:
		ref("name", "refs/heads/"+s.Revision)
		c.say(blocking("looks like a short commit SHA, which Flux cannot fetch: write all 40 digits, or refs/heads/... for a branch").as("revision-short-sha"))
	default:
		c.namedRevision("branch", ref)
	}
}

// headRevision: Flux has no form for the remote's HEAD; without ref it would take
// master (fluxcd/pkg git/gogit/client.go).
func (c *Cell) headRevision(ref func(key, value string) Target) {
	path := c.part.Source.At + ".targetRevision"
	branch, how := c.unit.Settings.DefaultBranch, "set by --default-branch"
	if c.part.Repo != nil && c.part.Repo.Head() != "" {
		branch, how = c.part.Repo.Head(), "read from the checkout"
	} else if branch == "" {
		branch, how = assumedBranch, "assumed; check it, or pass --default-branch or --source"
	}
	c.about(path, approximate(fmt.Sprintf("HEAD pinned to branch %q (%s); Flux does not follow a change of the default branch", branch, how), ref("branch", branch)).as("revision-head"))
}

// assumedBranch is what HEAD most often is; Flux fails loudly where it is not there.
const assumedBranch = "main"

func (c *Cell) refRevision(ref func(key, value string) Target) {
	s := c.part.Source
	if kind, name, ok := argocd.SplitRef(s.Revision); ok && kind == "heads" {
		c.say(equivalent("the same branch", ref("branch", name)))
	} else if ok {
		c.say(equivalent("the same tag", ref("tag", name)))
	} else {
		c.keep(ref("name", s.Revision))
	}
}

// namedRevision takes a name as habit has it, unless the checkout knows better.
func (c *Cell) namedRevision(habit string, ref func(key, value string) Target) {
	s := c.part.Source
	if c.part.Repo != nil {
		if kind := c.part.Repo.RefKind(s.Revision); kind != "" {
			c.keep(ref(kind, s.Revision))
			return
		}
	}
	to := ref(habit, s.Revision)
	if s.Revision == "main" || s.Revision == "master" {
		c.keep(to)
		return
	}
	c.say(approximate(fmt.Sprintf("%q taken as %s; not checked against the repository", s.Revision, habit), to).as("revision-" + habit))
}
