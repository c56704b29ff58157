package mapping

import (
	"fmt"
	"path"
	"regexp"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

func originRows() []Row {
	return []Row{
		{
			ID: "repo-url", Argo: []string{"source.repoURL", "spec.sourceHydrator.syncSource.repoURL"},
			Back: backURL, BackAlways: true, BackSource: spendURL,
			Flux: []string{
				"GitRepository:spec.url", "HelmRepository:spec.url", "OCIRepository:spec.url", "HelmRepository:spec.type",
			},
			Writes:  []string{"GitRepository:spec.secretRef.name", "Application:source.chart"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardURL, Always: true,
		},
		{
			ID: "chart", Argo: []string{"source.chart"},
			Back: backChart, BackAlways: true, BackSource: spendChart,
			Flux:    []string{"HelmRelease:spec.chart.spec.chart", "HelmChart:spec.chart"},
			Writes:  []string{"OCIRepository:spec.url", "Application:source.path"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardChart,
		},
		{
			ID: "source-name", Argo: []string{"source.name"}, Writes: both("metadata.name"),
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "names the object of this source"},
			Forward: forwardSourceName,
		},
		{
			ID: "tag-prefix", Argo: []string{"source.tagPrefix"},
			ToFlux:  Promise{Fidelity: ledger.Unsupported, Note: "GitRepository.ref.semver cannot filter tags: pin ref.tag"},
			Forward: forwardTagPrefix,
		},
	}
}

var scpURL = regexp.MustCompile(`^([^\s/@:]+@)?(\[[^\s/\]]+\]|[^\s/:]+):(\S+)$`)

// gitRepositoryURL rewrites the scp form; Flux takes http, https and ssh only
// (GitRepository CRD, spec.url pattern).
func gitRepositoryURL(url string) (rewritten string, ok bool) {
	if strings.HasPrefix(url, "http://") || strings.HasPrefix(url, "https://") || strings.HasPrefix(url, "ssh://") {
		return url, true
	}
	if m := scpURL.FindStringSubmatch(url); m != nil && !strings.Contains(url, "://") {
		return "ssh://" + m[1] + m[2] + "/" + strings.TrimPrefix(m[3], "/"), true
	}
	return url, false
}

func forwardURL(c *Cell) {
	p, s := c.part, c.part.Source
	if p.Origin == nil {
		c.lent()
		return
	}
	if hasUserinfo(s.RepoURL) {
		c.say(c.credentialVerdict(c.writeURL(stripUserinfo(s.RepoURL))))
		return
	}
	url := s.RepoURL
	if s.Origin == argocd.Git {
		url, _ = gitRepositoryURL(s.RepoURL)
	}
	to := c.writeURL(url)
	switch {
	case strings.HasPrefix(url, "ssh://"):
		c.about(s.At+".repoURL", c.sshVerdict(to))
	case s.Origin == argocd.HelmOCI:
		c.say(equivalent("the registry and the chart make one OCI address", to))
	case s.Origin == argocd.OCI && p.kustomization() != nil:
		c.say(approximate("Argo CD takes an artifact of one layer of the media types that it is set up for, Flux its first layer as tar and gzip", to).as("oci-layers"))
	case len(c.leaves) == 0:
		c.absent(s.At+".repoURL", equivalent("the repository of the dry source", to))
	default:
		c.keep(to)
	}
}

func (c *Cell) writeURL(url string) Target {
	p, s := c.part, c.part.Source
	if s.Origin == argocd.HelmOCI {
		url = "oci://" + strings.TrimPrefix(strings.TrimRight(url, "/"), "oci://")
		if p.Origin.Kind == flux.HelmRepository {
			c.set(p.Origin, "spec.type", node.String("oci"))
		} else {
			url += "/" + s.Chart
		}
	}
	return c.set(p.Origin, "spec.url", node.String(url))
}

// sshVerdict names the Secret that Flux requires for ssh (source-controller docs,
// GitRepository, Secret reference).
func (c *Cell) sshVerdict(to Target) Verdict {
	if name := c.unit.credentials(c.part).Secret; name != "" {
		ref := c.set(c.part.Origin, "spec.secretRef.name", node.String(name))
		return equivalent(fmt.Sprintf("Argo CD finds the key by URL; Flux reads it from Secret %q", name), to, ref)
	}
	secret := object.Fit(object.Slug(c.part.Source.RepoName()), object.MaxName-4) + "-ssh"
	ref := c.set(c.part.Origin, "spec.secretRef.name", node.String(secret))
	return approximate(fmt.Sprintf("Argo CD finds the key by URL; Flux wants Secret %q with identity and known_hosts", secret), to, ref).as("ssh-credentials")
}

func hasUserinfo(url string) bool {
	_, rest, ok := strings.Cut(url, "://")
	authority, _, _ := strings.Cut(rest, "/")
	at := strings.LastIndexByte(authority, '@')
	// A bare user is a token over http and the account over ssh.
	return ok && at >= 0 && (strings.HasPrefix(url, "http") || strings.Contains(authority[:at], ":"))
}

func stripUserinfo(url string) string {
	scheme, rest, _ := strings.Cut(url, "://")
	authority, path, _ := strings.Cut(rest, "/")
	return scheme + "://" + authority[strings.LastIndexByte(authority, '@')+1:] + "/" + path
}

// credentialVerdict keeps credentials out of objects, ledger and database.
func (c *Cell) credentialVerdict(to Target) Verdict {
	if refs := c.unit.credentials(c.part); refs.Secret != "" {
		return approximate("the URL carried credentials; they are not copied: those of the repository take their place, "+refs.Origin(), to).as("url-credentials")
	}
	return approximate("the URL carried credentials; they are not copied: put them in a Secret and set secretRef", to).as("url-credentials")
}

func forwardChart(c *Cell) {
	p, s := c.part, c.part.Source
	switch {
	case p.Work == nil:
		c.say(unsupported("not deployed"))
	case s.Origin == argocd.OCI && path.Base(s.RepoURL) == s.Chart:
		c.say(implied("an oci:// URL names the chart itself"))
	case s.Origin == argocd.OCI:
		c.say(approximate("Argo CD takes the artifact that an oci:// URL names, whatever the chart: of a registry of charts the URL is without oci://").as("oci-chart-ignored"))
	case p.Origin.Kind == flux.OCIRepository:
		c.keep(Target{Object: p.Origin, Path: "spec.url"})
	default:
		if chart := p.chart(); chart != nil {
			c.keep(c.set(chart, "spec.chart", node.String(s.Chart)))
			return
		}
		c.keep(c.set(p.Work, "spec.chart.spec.chart", node.String(s.Chart)))
	}
}

// chart returns the HelmChart of a part that composes its chart, or nil.
func (p *Part) chart() *object.Object {
	for _, o := range p.Extra {
		if o.Kind == flux.HelmChart {
			return o
		}
	}
	return nil
}

func forwardSourceName(c *Cell) {
	if c.part.Work == nil {
		c.say(implied("shown by Argo CD only"))
		return
	}
	c.keep(Target{Object: c.part.Work, Path: "metadata.name"})
}

func forwardTagPrefix(c *Cell) {
	c.say(blocking("GitRepository.ref.semver cannot filter tags by prefix: pin ref.tag"))
}
