package convert

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// makesSecret tells whether an object of the kind is a Secret in the cluster or becomes
// one.
func makesSecret(kind string) bool {
	return kind == secret.Kind.Name || kind == "SealedSecret" || kind == "ExternalSecret"
}

// heldBy lists the Secrets that an object of Flux names and that are no credentials which
// cross with it: those of kinds that no conversion takes, keys of decryption and
// signatures, values.
func heldBy(o ledger.Object, root *yaml.Node, file string) (held []heldSecret) {
	if !flux.Ours(o.APIVersion) {
		return nil
	}
	ours := slices.ContainsFunc(flux.Kinds(), func(k object.Kind) bool { return k.Name == o.Kind })
	walkRefs(node.Get(root, "spec"), "spec", func(path, name string) {
		if !ours || !crosses(path) {
			held = append(held, heldSecret{flux.Ref{Kind: secret.Kind.Name, Namespace: o.Namespace, Name: name}, file, o.Kind + " " + o.Name})
		}
	})
	return held
}

// crosses tells whether the reference at a path is one that followSecrets follows.
func crosses(path string) bool {
	switch strings.TrimPrefix(path, "spec.") {
	case "secretRef", "certSecretRef", "proxySecretRef", "kubeConfig.secretRef":
		return true
	}
	return false
}

// walkRefs calls f for the references to Secrets below n.
func walkRefs(n *yaml.Node, path string, f func(path, name string)) {
	switch {
	case n == nil:
	case n.Kind == yaml.SequenceNode:
		for _, item := range n.Content {
			walkRefs(item, path, f)
		}
	case n.Kind == yaml.MappingNode:
		if node.Text(n, "kind") == secret.Kind.Name && node.Text(n, "name") != "" {
			f(path, node.Text(n, "name"))
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			at := path + "." + n.Content[i].Value
			if name := node.Text(n.Content[i+1], "name"); name != "" && strings.HasSuffix(strings.ToLower(at), "secretref") {
				f(at, name)
			}
			walkRefs(n.Content[i+1], at, f)
		}
	}
}
