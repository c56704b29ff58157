package inventory

import (
	"encoding/json"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/redact"
)

// kindLabel is by which Argo CD knows its Secrets (common/common.go
// LabelKeySecretType).
const kindLabel = "argocd.argoproj.io/secret-type"

// Read returns what is to be kept of a document's root; ok is false for objects of
// other tools. Namespace stands in where the object names none. An object that is
// incomplete, because a kustomization supplies the rest, has no Definition.
func Read(root *yaml.Node, namespace string) (o Object, ok bool) {
	o = Object{
		Key: Key{
			Namespace: node.Text(root, "metadata", "namespace"),
			Kind:      node.Text(root, "kind"),
			Name:      node.Text(root, "metadata", "name"),
		},
		APIVersion: node.Text(root, "apiVersion"),
	}
	if o.Namespace == "" {
		o.Namespace = namespace
	}
	fill := reader(&o, root)
	if fill == nil {
		return o, false
	}
	if o.Name == "" || !fill(&o, root) {
		return o, true
	}
	o.Definition = definition(root)
	o.clean()
	return o, true
}

// reader returns what reads an object of the kind; it returns false for a part of one.
func reader(o *Object, root *yaml.Node) func(*Object, *yaml.Node) bool {
	group := flux.Group(o.APIVersion)
	switch {
	case group == flux.Group(argocd.APIVersion) && o.Kind == "Application":
		return application
	case group == flux.Group(argocd.APIVersion) && (o.Kind == "ApplicationSet" || o.Kind == "AppProject"):
		return ofArgoCD
	case group == flux.Group(flux.GitRepository.APIVersion) && o.Kind != flux.HelmChart.Name:
		return source
	case flux.Ours(o.APIVersion) && !strings.HasPrefix(group, "kustomize.config"):
		return config
	case o.APIVersion == "v1" && o.Kind == "Secret":
		switch node.Text(root, "metadata", "labels", kindLabel) {
		case "repository", "repo-creds", "repository-write", "repo-write-creds", "scm-creds":
			return repositorySecret
		}
	}
	return nil
}

func definition(root *yaml.Node) json.RawMessage {
	text, err := json.Marshal(portable(redact.Value(preserve.Desired(root))))
	if err != nil {
		return nil // no values of JSON: they come from a tree of them
	}
	return text
}

// clean takes credentials, and what no database holds, out of the texts.
func (o *Object) clean() {
	o.Key, o.Source = o.Clean(), o.Source.Clean()
	for _, text := range []*string{&o.APIVersion, &o.Project, &o.Destination, &o.TargetRevision, &o.Revision} {
		*text = bounded(Text(*text), maxName)
	}
	o.Repository = bounded(Text(o.Repository), maxAddress)
	o.Sync, o.Health = bounded(Text(o.Sync), maxLabel), bounded(Text(o.Health), maxLabel)
	o.Message = shortened(Text(o.Message))
}

// Text returns a text as it may be kept: without credentials, and without what
// PostgreSQL does not take.
func Text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(redact.Text(s), "\uFFFD"), "\x00", "\uFFFD")
}

// maxMessage bounds a message; controllers repeat whole manifests in theirs.
const maxMessage = 1000

func shortened(s string) string {
	if runes := []rune(s); len(runes) > maxMessage {
		return string(runes[:maxMessage]) + "…"
	}
	return s
}
