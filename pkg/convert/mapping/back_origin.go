package mapping

import (
	"path"
	"strings"

	"github.com/Masterminds/semver/v3"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// repository returns what Argo CD calls the repository and the chart of a source.
// chart is empty where the manifests or the chart lie in a path.
func (u *BackUnit) repository() (repoURL, chart string) {
	return repositoryOf(u.Applier, u.Chart, u.Origin)
}

func repositoryOf(a *flux.Applier, between, origin *flux.Source) (repoURL, chart string) {
	url := WithoutUserinfo(origin.URL())
	named := node.Text(a.Chart(between), "chart")
	switch {
	case origin.Kind == flux.HelmRepository.Name && origin.OCI():
		return strings.TrimRight(strings.TrimPrefix(url, "oci://"), "/"), named
	case origin.Kind == flux.HelmRepository.Name:
		return url, named
	case origin.Kind == flux.OCIRepository.Name && a.Release() && versioned(origin):
		return splitChart(url)
	default:
		return url, ""
	}
}

// Repository returns the repository that an applier's source is in Argo CD; between is
// the HelmChart between them, or nil.
func Repository(a *flux.Applier, between, origin *flux.Source) credential.Repository {
	url, chart := repositoryOf(a, between, origin)
	r := credential.Repository{
		URL: url, Type: "git", Name: origin.Name, PlainHTTP: node.True(origin.Spec("insecure")),
		Azure: node.Text(origin.Root, "spec", "provider") == "azure",
	}
	switch {
	case origin.Kind == flux.HelmRepository.Name:
		r.Type, r.OCI = "helm", origin.OCI()
	case origin.Kind == flux.OCIRepository.Name && chart != "":
		r.Type, r.OCI = "helm", true
	case origin.Kind == flux.OCIRepository.Name:
		r.Type = "oci"
	}
	return r
}

// versioned tells whether the revision of an OCIRepository is one that Argo CD takes
// for a chart, which it finds by version; by digest or by any other tag it takes a
// chart as an artifact (reposerver/repository/repository.go newHelmClientResolveRevision,
// newOCIClientResolveRevision).
func versioned(s *flux.Source) bool {
	ref := s.Spec("ref")
	if node.Text(ref, "digest") != "" {
		return false
	}
	_, err := semver.NewVersion(chartTag(node.Text(ref, "tag")))
	return node.Text(ref, "semver") != "" || err == nil
}

// chartTag writes + where the tag of a chart's version has _.
func chartTag(tag string) string { return strings.Replace(tag, "_", "+", 1) }

// splitChart cuts the address of a chart in a registry as Argo CD wants it: the
// repository without scheme, and the chart (types.go IsHelmOci).
func splitChart(url string) (repoURL, chart string) {
	address := strings.TrimRight(strings.TrimPrefix(url, "oci://"), "/")
	cut := strings.LastIndexByte(address, '/')
	if cut < 0 {
		return address, ""
	}
	return address[:cut], address[cut+1:]
}

// WithoutUserinfo takes user and password out of a URL.
func WithoutUserinfo(url string) string {
	if hasUserinfo(url) {
		return stripUserinfo(url)
	}
	return url
}

func backURL(c *BackCell) {
	repoURL, chart := c.unit.repository()
	c.set("source.repoURL", node.String(repoURL))
	if c.unit.Origin.Kind == flux.OCIRepository.Name && chart != "" {
		c.set("source.chart", node.String(chart))
	}
}

// spendURL accounts for the URL of a source object.
func spendURL(c *SourceCell) {
	s := c.unit.Source
	url := s.Spec("url")
	switch {
	case hasUserinfo(s.URL()):
		c.claim(c.of(url), approximate("the URL carried credentials; they are not copied: put them in a repository Secret of Argo CD", c.to("source.repoURL")...).as("url-credentials"))
	case s.Kind == flux.HelmRepository.Name && s.OCI():
		c.claim(c.of(url), equivalent("Argo CD writes the registry without its scheme", c.to("source.repoURL")...))
	case s.Kind == flux.OCIRepository.Name && c.releases() > 0 && versioned(s):
		c.claim(c.of(url), equivalent("the address of a chart is the registry and the chart", append(c.to("source.repoURL"), c.charts()...)...))
	default:
		c.keep(c.to("source.repoURL")...)
	}
	c.say(implied("the address tells whether it is a registry"))
	if s.Kind == flux.OCIRepository.Name && node.Empty(s.Spec("layerSelector")) && c.releases() < len(c.unit.users) {
		c.absent("spec.layerSelector", ociLayers)
	}
}

// ociLayers: an artifact of "flux push artifact" has a media type that Argo CD does not
// take by default (docs/user-guide/oci.md).
var ociLayers = approximate("Argo CD extracts artifacts of one layer, whose media type ARGOCD_REPO_SERVER_OCI_LAYER_MEDIA_TYPES of its repo server must list: add application/vnd.cncf.flux.content.v1.tar+gzip for those of flux push").as("oci-layers")

func spendSubmodules(c *SourceCell) {
	if node.True(c.spec("recurseSubmodules")) {
		c.say(implied("Argo CD fetches submodules by itself"))
	}
}

// releases counts the users that are Helm releases.
func (c *SourceCell) releases() (n int) {
	for _, u := range c.unit.users {
		if u.Applier == flux.HelmRelease.Name {
			n++
		}
	}
	return n
}

// charts returns the chart field of every release.
func (c *SourceCell) charts() (to []Target) {
	for _, u := range c.unit.users {
		if u.Applier == flux.HelmRelease.Name {
			to = append(to, Target{Object: u.app, Path: u.At + ".chart"})
		}
	}
	return to
}

// backChart: a chart of a repository is source.chart, one in Git is a path.
func backChart(c *BackCell) {
	to, v := c.chart()
	if c.unit.Chart == nil && c.spec("chart") != nil {
		v.To = []Target{to}
		c.say(v)
	}
}

func (c *BackCell) chart() (Target, Verdict) {
	u := c.unit
	switch u.Origin.Kind {
	case flux.HelmRepository.Name:
		_, chart := u.repository()
		return c.set("source.chart", node.String(chart)), exact()
	case flux.GitRepository.Name:
		if !u.Applier.Release() {
			return Target{}, exact()
		}
		return c.set("source.path", node.String(u.path())), equivalent("the same directory")
	default:
		if u.Applier.Release() && !versioned(u.Origin) {
			return c.set("source.path", node.String(".")), exact()
		}
		return Target{}, exact()
	}
}

func spendChart(c *SourceCell) {
	field := "source.chart"
	if node.Text(c.spec("sourceRef"), "kind") == flux.GitRepository.Name {
		field = "source.path"
	}
	c.keep(c.to(field)...)
}

// path returns the directory in the repository, as Argo CD writes it. Flux resolves
// paths inside of the artifact, whatever they begin with (kustomize-controller
// securejoin).
func (u *BackUnit) path() string {
	text := node.Text(u.Applier.Root, "spec", "path")
	switch {
	case u.Composed != nil:
		text = u.Composed.Dir
	case u.Applier.Release():
		text = node.Text(u.Applier.Chart(u.Chart), "chart")
	}
	if dir := inside("", path.Clean("/"+text)); dir != "" {
		return dir
	}
	return "."
}

// backSourceRef: the reference is resolved in what the source says.
func backSourceRef(c *BackCell) {
	c.say(equivalent("joined with the source", Target{Object: c.unit.App, Path: c.unit.at + ".repoURL"}))
}

func spendSourceRef(c *SourceCell) {
	if c.unit.Source.Kind != flux.OCIRepository.Name {
		c.say(equivalent("joined with the source", c.to("source.repoURL")...))
		return
	}
	if c.releases() == len(c.unit.users) {
		c.say(implied("Argo CD takes the chart's layer by itself"))
		return
	}
	c.say(ociLayers)
}
