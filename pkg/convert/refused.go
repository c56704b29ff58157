package convert

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// alike tells whether the objects say the same.
func (s *survey) alike(entries []*flux.Entry) bool {
	first := ""
	for i, e := range entries {
		tree, err := e.Load()
		if err != nil {
			return false
		}
		print := object.Fingerprint(&object.Object{Kind: object.Kind{Name: e.Kind}, Root: tree})
		if i > 0 && print != first {
			return false
		}
		first = print
	}
	return true
}

// refusedKind tells why nothing can be deployed from sources of a kind in Argo CD.
func refusedKind(a *applier, kind string) *problem {
	switch kind {
	case flux.Bucket.Name:
		return &problem{"bucket", a.sourcePath, "Argo CD deploys from no object storage: publish to Git or to a registry"}
	case flux.ExternalArtifact.Name:
		return &problem{"external-artifact", a.sourcePath, "Argo CD deploys from no artifact that another controller makes"}
	}
	return nil
}

// refused tells why nothing can be deployed from a source in Argo CD.
func (s *survey) refused(a *applier, e *flux.Entry) *problem {
	if why := refusedKind(a, e.Kind); why != nil {
		return why
	}
	tree, err := e.Load()
	if err != nil {
		return &problem{"source-broken", a.sourcePath, e.String() + " is broken"}
	}
	if url := node.Text(tree, "spec", "url"); !e.Assumed && !strings.Contains(url, "://") || strings.ContainsAny(url, "${}<>") {
		return &problem{"incomplete-object", a.sourcePath, "the url of " + e.String() + " is missing or a placeholder, so the object passes untouched: convert behind kustomize, with -k or as a transformer"}
	}
	return nil
}
