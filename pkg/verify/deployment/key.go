package deployment

import (
	"path"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// A key is what is deployed, without the revision: a directory of a repository, or a chart.
type key string

func directoryKey(url, dir string) key {
	return key(checkout.Normal(url) + "//" + path.Join("/", dir))
}

func chartKey(url, chart string) key { return key(checkout.Normal(url) + "#" + chart) }

// registryKey is an artifact or a chart of a registry: the name of a chart is a part of
// the artifact's.
func registryKey(url, chart string) key { return key(path.Join(checkout.Normal(url), chart)) }

// keys returns what a member deploys; nothing where the input does not tell.
func (s *Side) keys(m *Member) (keys []key) {
	if s.Tool == ArgoCD {
		for _, src := range m.App().Sources {
			if src.Renders() {
				keys = append(keys, argoKey(src))
			}
		}
		return keys
	}
	if k := s.fluxKey(m); k != "" {
		keys = append(keys, k)
	}
	return keys
}

func argoKey(s *argocd.Source) key {
	switch s.Origin {
	case argocd.HelmHTTP:
		return chartKey(s.RepoURL, s.Chart)
	case argocd.HelmOCI:
		return registryKey(s.URL(), s.Chart)
	case argocd.OCI:
		if dir := s.Dir(); dir != "" {
			return directoryKey(s.RepoURL, dir)
		}
		return registryKey(s.URL(), "")
	default:
		return directoryKey(s.RepoURL, s.Path)
	}
}

func (s *Side) fluxKey(m *Member) key {
	src, chart := s.Source(m)
	if src == nil {
		return ""
	}
	from := flux.Source{Root: src.Root}
	a := m.Applier()
	name := node.Text(a.Root, "spec", "chart", "spec", "chart")
	if chart != nil {
		name = node.Text(chart.Root, "spec", "chart")
	}
	switch src.Kind {
	case flux.HelmRepository.Name:
		if from.OCI() {
			return registryKey(from.URL(), name)
		}
		return chartKey(from.URL(), name)
	case flux.OCIRepository.Name:
		if a.Release() || path.Join("/", a.Path()) == "/" {
			return registryKey(from.URL(), "")
		}
		return directoryKey(from.URL(), a.Path())
	default:
		if a.Release() {
			return directoryKey(repository(src), name)
		}
		return directoryKey(repository(src), a.Path())
	}
}

// repository is where the files of a GitRepository or Bucket are.
func repository(src *cluster.Object) string {
	if src.Kind == flux.Bucket.Name {
		return node.Text(src.Root, "spec", "endpoint") + "/" + node.Text(src.Root, "spec", "bucketName")
	}
	return node.Text(src.Root, "spec", "url")
}

// place is where a member deploys to. Two that deploy the same differ by it.
func (s *Side) place(m *Member) string {
	if s.Tool == ArgoCD {
		return m.App().DestinationNamespace()
	}
	if a := m.Applier(); a.Release() {
		return a.ReleaseNamespace()
	}
	return m.Applier().TargetNamespace()
}
