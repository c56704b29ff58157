package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A revision is a targetRevision, the field of the Flux side that decides it, and how
// well it says the same.
type revision struct {
	text, field string
	verdict     Verdict
}

// revisionOf returns what the unit deploys.
func revisionOf(u *BackUnit) revision {
	switch {
	case u.Origin.Kind == flux.GitRepository.Name:
		return gitRevisionOf(u.Origin)
	case u.Origin.Kind == flux.OCIRepository.Name:
		return ociRevisionOf(u.Origin, u.Applier.Release())
	default:
		return chartRevision(node.Text(u.Applier.Chart(u.Chart), "version"))
	}
}

// gitRevisionOf follows the order in which Flux looks: commit, name, tag, semver,
// branch, and master where nothing is said (fluxcd/pkg git/gogit/client.go; the text
// of the CRD has tag and semver the other way round).
func gitRevisionOf(s *flux.Source) revision {
	ref := func(key string) string { return node.Text(s.Root, "spec", "ref", key) }
	switch {
	case ref("commit") != "":
		return revision{ref("commit"), "commit", exact()}
	case ref("name") != "":
		return revision{ref("name"), "name", exact()}
	case ref("tag") != "":
		return shortOrFull(ref("tag"), "tag", "refs/tags/", argocd.RevisionVersion)
	case ref("semver") != "":
		return rangeOf(ref("semver"))
	case ref("branch") != "":
		return shortOrFull(ref("branch"), "branch", "refs/heads/", argocd.RevisionName)
	case s.Assumed:
		return revision{"HEAD", "", approximate("no revision was given with the URL: HEAD").as("revision-assumed")}
	default:
		return revision{"master", "", equivalent("without a ref Flux takes master")}
	}
}

// shortOrFull writes a short name where Argo CD takes it for what it is, and the full one
// where it would take it for something else (util/git/client.go LsRemote).
func shortOrFull(name, field, prefix string, plain argocd.RevisionKind) revision {
	if argocd.KindOfRevision(name) == plain {
		return revision{name, field, exact()}
	}
	return revision{prefix + name, field, equivalent("the full name: Argo CD would take the short one for something else")}
}

func rangeOf(constraint string) revision {
	text := constraint
	if !argocd.Range(text) {
		text = "=" + strings.TrimPrefix(text, "v")
	}
	return revision{text, "semver", approximate("Argo CD looks at tags of fewer than three parts, too, which Flux leaves out").as("revision-range")}
}

// ociRevisionOf: digest before semver before tag, and latest where nothing is said
// (source-controller docs, OCIRepository, Reference).
func ociRevisionOf(s *flux.Source, chart bool) revision {
	ref := func(key string) string { return node.Text(s.Root, "spec", "ref", key) }
	switch {
	case ref("digest") != "":
		return revision{ref("digest"), "digest", exact()}
	case ref("semver") != "" && argocd.Range(ref("semver")):
		return revision{ref("semver"), "semver", exact()}
	case ref("semver") != "":
		return revision{"=" + strings.TrimPrefix(ref("semver"), "v"), "semver", equivalent("an exact version as a constraint")}
	case chart && versioned(s) && chartTag(ref("tag")) != ref("tag"):
		return revision{chartTag(ref("tag")), "tag", equivalent("a version writes + where a tag writes _")}
	case ref("tag") != "":
		return revision{ref("tag"), "tag", exact()}
	case s.Assumed:
		return revision{"latest", "", approximate("no revision was given with the URL: the tag latest").as("revision-assumed")}
	default:
		return revision{"latest", "", equivalent("without a ref Flux takes the tag latest")}
	}
}

// chartRevision: Argo CD wants a version for a chart, Flux takes any without one
// (util/argo/argo.go validateSourcePermissions).
func chartRevision(version string) revision {
	if version == "" {
		return revision{"*", "", equivalent("Flux takes the newest version, Argo CD wants it said")}
	}
	return revision{version, "version", exact()}
}

func backRevision(c *BackCell) {
	u := c.unit
	to := c.set("source.targetRevision", node.String(u.revision.text))
	if u.Origin.Kind == flux.GitRepository.Name || u.Origin.Kind == flux.OCIRepository.Name {
		c.say(implied("has a meaning for chart repositories only"))
		if u.Origin.Assumed {
			v := u.revision.verdict
			v.To = []Target{to}
			c.absent(u.Applier.SourcePath(), v)
		}
		return
	}
	v := u.revision.verdict
	v.To = []Target{to}
	if len(c.leaves) == 0 && u.Chart == nil {
		c.absent("spec.chart.spec.version", v)
		return
	}
	c.say(v)
}

// spendRevision points the field that decides at every user; the others have no say.
func spendRevision(c *SourceCell) {
	if len(c.leaves) == 0 {
		c.noRevision()
		return
	}
	s := c.unit.Source
	var r revision
	switch s.Kind {
	case flux.GitRepository.Name:
		r = gitRevisionOf(s)
	case flux.OCIRepository.Name:
		r = ociRevisionOf(s, c.releases() == len(c.unit.users))
	default:
		r = chartRevision(node.Text(s.Spec(), "version"))
		if node.Text(s.Spec("sourceRef"), "kind") == flux.GitRepository.Name {
			c.say(implied("has a meaning for chart repositories only"))
			return
		}
	}
	deciding := s.Spec("ref", r.field)
	if s.Kind == flux.HelmChart.Name {
		deciding = s.Spec(r.field)
	}
	v := r.verdict
	v.To = c.to("source.targetRevision")
	c.claim(c.of(deciding), v)
	c.say(implied("another field of ref wins over this one"))
}

// noRevision says what is deployed where a source names no revision.
func (c *SourceCell) noRevision() {
	s := c.unit.Source
	if !node.Empty(s.Spec("ref")) || s.Kind != flux.GitRepository.Name && s.Kind != flux.OCIRepository.Name {
		return
	}
	r := gitRevisionOf(s)
	if s.Kind == flux.OCIRepository.Name {
		r = ociRevisionOf(s, c.releases() > 0)
	}
	v := r.verdict.as("revision")
	v.To = c.to("source.targetRevision")
	c.absent("spec.ref", v)
}
