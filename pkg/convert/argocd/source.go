package argocd

import (
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Origin is where a source comes from.
type Origin uint8

// The origins (types.go IsOCI, IsHelm, IsHelmOci). With oci:// the URL names the
// artifact itself, and a chart beside it means nothing (repository.go
// runRepoOperation asks IsOCI first).
const (
	Git Origin = iota
	HelmHTTP
	HelmOCI
	OCI
)

// Renderer is how a source becomes manifests.
type Renderer uint8

// The renderers. Undecided is a path whose contents decide, and nobody has looked.
const (
	Undecided Renderer = iota
	Kustomize
	Helm
	Directory
	Plugin
)

// A Source is spec.source or an item of spec.sources.
type Source struct {
	Node     *yaml.Node
	At       string // the path of Node in the Application
	Index    int    // in spec.sources, or -1
	RepoURL  string
	Path     string
	Chart    string
	Revision string
	Ref      string
	Name     string
	Origin   Origin
	Renderer Renderer
}

func readSource(n *yaml.Node, at string, index int) *Source {
	s := &Source{
		Node: n, At: at, Index: index,
		RepoURL: node.Text(n, "repoURL"), Path: node.Text(n, "path"),
		Chart: node.Text(n, "chart"), Revision: node.Text(n, "targetRevision"),
		Ref: node.Text(n, "ref"), Name: node.Text(n, "name"),
	}
	s.Origin = originOf(s)
	s.Renderer = explicitRenderer(s)
	return s
}

// hydratedSource is what an Application with a source hydrator deploys: the
// manifests on the sync branch (types.go GetSyncSource).
func hydratedSource(h *yaml.Node) *Source {
	repo := node.Text(h, "syncSource", "repoURL")
	if repo == "" {
		repo = node.Text(h, "drySource", "repoURL")
	}
	return &Source{
		Node: node.Map(), At: "spec.sourceHydrator.syncSource", Index: -1,
		RepoURL: repo, Path: node.Text(h, "syncSource", "path"),
		Revision: node.Text(h, "syncSource", "targetBranch"),
	}
}

// URL is RepoURL with the scheme that Argo CD leaves out for registries.
func (s *Source) URL() string {
	if s.Origin == HelmOCI && !strings.Contains(s.RepoURL, "://") {
		return "oci://" + s.RepoURL
	}
	return s.RepoURL
}

func originOf(s *Source) Origin {
	switch {
	case strings.HasPrefix(s.RepoURL, "oci://"):
		return OCI
	case s.Chart != "" && strings.Contains(s.RepoURL, "://"):
		return HelmHTTP
	case s.Chart != "":
		return HelmOCI
	default:
		return Git
	}
}

// explicitRenderer follows types.go ExplicitType: a block decides even when it is
// empty; a chart is always Helm.
func explicitRenderer(s *Source) Renderer {
	for _, block := range []struct {
		key string
		is  Renderer
	}{{"plugin", Plugin}, {"kustomize", Kustomize}, {"helm", Helm}, {"directory", Directory}} {
		if !node.Null(node.Get(s.Node, block.key)) {
			return block.is
		}
	}
	if s.Chart != "" {
		return Helm
	}
	return Undecided
}

// Blocks counts the renderer blocks; more than one is an error in Argo CD.
func (s *Source) Blocks() (keys []string) {
	for _, key := range []string{"kustomize", "helm", "directory", "plugin"} {
		if !node.Null(node.Get(s.Node, key)) {
			keys = append(keys, key)
		}
	}
	return keys
}

// Renders tells whether the source deploys something. A source with a ref and
// neither path nor chart only lends files, among several sources; an OCI artifact
// needs no path (reposerver/repository/repository.go GenerateManifest).
func (s *Source) Renders() bool {
	return s.Index < 0 || s.Ref == "" || s.Path != "" || s.Chart != "" || s.Origin == OCI
}

// Dir returns the path inside the repository without "./" and slashes at the ends;
// "" is the root.
func (s *Source) Dir() string {
	dir := strings.Trim(path.Clean("/"+s.Path), "/")
	return dir
}

// RepoName returns the last segment of the URL without ".git".
func (s *Source) RepoName() string {
	url := s.bareURL()
	return url[strings.LastIndexAny(url, "/:")+1:]
}

// bareURL is the URL without its end, nor a query, which may hold a token.
func (s *Source) bareURL() string {
	url, _, _ := strings.Cut(s.RepoURL, "?")
	return strings.TrimSuffix(strings.TrimRight(url, "/"), ".git")
}

// RepoOwner returns the segment before RepoName, or "".
func (s *Source) RepoOwner() string {
	url := s.bareURL()
	cut := strings.LastIndexAny(url, "/:")
	if cut <= 0 {
		return ""
	}
	return url[strings.LastIndexAny(url[:cut], "/:@")+1 : cut]
}

// Overlay returns the source as node n, a changed copy of its own, describes it.
func Overlay(s *Source, n *yaml.Node) *Source { return readSource(n, s.At, s.Index) }
