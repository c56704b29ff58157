package checkout

import (
	"encoding/base64"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func isObject(o *yaml.Node) bool {
	return node.Text(o, "kind") != "" && node.Text(o, "apiVersion") != ""
}

// object looks at a manifest.
func (s *fluxScanner) object(file string, o *yaml.Node) {
	kind := node.Text(o, "kind")
	if strings.HasSuffix(kind, "List") && node.Text(o, "metadata", "name") == "" {
		for _, item := range node.Items(o, "items") {
			s.object(file, item)
		}
		return
	}
	title := kind + "/" + node.Text(o, "metadata", "name") + " (" + file + ")"
	group, _, _ := strings.Cut(node.Text(o, "apiVersion"), "/")
	if strings.HasSuffix(group, ".fluxcd.io") || group == "fluxcd.controlplane.io" {
		s.Flux = append(s.Flux, title)
	}
	if encrypted(o) {
		s.Encrypted = append(s.Encrypted, title)
	}
	meta := node.Get(o, "metadata")
	switch {
	case substituteDisabled(meta):
	case replaceable(o, kind == "CustomResourceDefinition"):
		s.Variables = append(s.Variables, title)
	case replaceable(o, false):
		s.Prose = append(s.Prose, title)
	}
	s.metadata(title, meta)
	s.placed(title, o)
}

// metadata looks at the annotations and labels of an object, or those that a patch sets.
func (s *fluxScanner) metadata(title string, meta *yaml.Node) {
	s.Marks = append(s.Marks, marksOf(title, meta)...)
	annotations := node.Get(meta, "annotations")
	for _, key := range []string{hookAnnotation, helmAnnotation} {
		// A CRD is no hook (GitOps Engine sync/hook/helm/hook.go IsHook).
		if hook := node.Text(annotations, key); hook != "" && hook != "crd-install" {
			s.Hooks = append(s.Hooks, FluxHook{Object: title, Annotation: key})
		}
	}
	if steered(annotations) {
		s.Steered = append(s.Steered, title)
	}
}

// steered tells whether there are annotations that Argo CD heeds, other than those of
// hooks.
func steered(annotations *yaml.Node) bool {
	return slices.ContainsFunc(keys(annotations), func(key string) bool {
		return key == "helm.sh/resource-policy" || strings.HasPrefix(key, "argocd.argoproj.io/") &&
			!slices.Contains([]string{hookAnnotation, hookAnnotation + "-delete-policy", "argocd.argoproj.io/tracking-id"}, key)
	})
}

// encrypted tells whether kustomize-controller would decrypt the object: SOPS leaves a
// field of its own, or encrypted the values of a Secret one by one (internal/decryptor
// DecryptResource).
func encrypted(o *yaml.Node) bool {
	secret := node.Text(o, "kind") == "Secret"
	if sops := node.Get(o, "sops"); sops != nil && (secret || node.Get(sops, "mac") != nil) {
		return true
	}
	data := node.Get(o, "data")
	if !secret || data == nil {
		return false
	}
	return slices.ContainsFunc(data.Content, func(n *yaml.Node) bool {
		plain, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(n.Value), ""))
		return err == nil && encryptedText(string(plain))
	})
}

// encryptedText finds the marks of SOPS in each format (internal/decryptor
// sopsFormatToMarkerBytes).
func encryptedText(text string) bool {
	return slices.ContainsFunc([]string{`"mac": "ENC[`, "sops_mac=ENC[", "[sops]", "mac: ENC["},
		func(mark string) bool { return strings.Contains(text, mark) })
}

// substituteDisabled tells whether postBuild leaves the object alone (fluxcd/pkg
// kustomize/kustomize_varsub.go).
func substituteDisabled(meta *yaml.Node) bool {
	const key = toolkit + "substitute"
	return node.Text(meta, "annotations", key) == "disabled" || node.Text(meta, "labels", key) == "disabled"
}

// Replaceable tells whether postBuild would change the text: it replaces ${VAR}, and
// takes the first of two dollar signs for an escape (fluxcd/pkg envsubst).
func Replaceable(text string) bool {
	return strings.Contains(text, "${") || strings.Contains(text, "$$")
}

// replaceable is Replaceable for every key and value. The descriptions of a
// CustomResourceDefinition are full of "$$", and no more than descriptions.
func replaceable(n *yaml.Node, isCRD bool) bool {
	if n.Kind == yaml.ScalarNode {
		return Replaceable(n.Value)
	}
	for i, child := range n.Content {
		if isCRD && n.Kind == yaml.MappingNode && i%2 == 1 && n.Content[i-1].Value == "description" && !strings.Contains(child.Value, "${") {
			continue
		}
		if replaceable(child, isCRD) {
			return true
		}
	}
	return false
}
