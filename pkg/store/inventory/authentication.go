package inventory

import (
	"encoding/base64"
	"time"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// sourceAuthentication reads how a source of Flux gets in (source-controller docs,
// Secret reference and Provider).
func sourceAuthentication(spec *yaml.Node) Authentication {
	a := Authentication{
		Kind:           node.Text(spec, "provider"),
		SecretRef:      node.Text(spec, "secretRef", "name"),
		CertSecretRef:  node.Text(spec, "certSecretRef", "name"),
		ProxySecretRef: node.Text(spec, "proxySecretRef", "name"),
		ServiceAccount: node.Text(spec, "serviceAccountName"),
	}
	switch {
	case a.Kind != "" && a.Kind != "generic":
	case a.SecretRef != "":
		a.Kind = "reference"
	case a.CertSecretRef != "":
		a.Kind = "tls"
	default:
		a.Kind = "none"
	}
	return a
}

// repositorySecret reads a Secret by which Argo CD knows a repository or a prefix of
// repositories (Argo CD docs, operator-manual/declarative-setup.md, Repositories).
func repositorySecret(o *Object, root *yaml.Node) bool {
	o.Class = Repository
	o.Repository = secretText(root, "url")
	o.Project = secretText(root, "project")
	o.Authentication = Authentication{Kind: "none", SecretRef: o.Name}
	for _, sort := range []struct{ key, kind string }{
		{"githubAppID", "githubApp"}, {"gcpServiceAccountKey", "gcp"},
		{"azureServicePrincipalClientId", "azure"}, {"useAzureWorkloadIdentity", "azure"},
		{"sshPrivateKey", "ssh"}, {"bearerToken", "bearer"}, {"password", "basic"}, {"username", "basic"},
		{"tlsClientCertData", "tls"},
	} {
		if hasKey(root, sort.key) {
			o.Authentication.Kind = sort.kind
			break
		}
	}
	return o.Repository != ""
}

func hasKey(secret *yaml.Node, key string) bool {
	return node.At(secret, "data", key) != nil || node.At(secret, "stringData", key) != nil
}

// secretText returns a value of a Secret that is none.
func secretText(secret *yaml.Node, key string) string {
	if text := node.Text(secret, "stringData", key); text != "" {
		return text
	}
	text, err := base64.StdEncoding.DecodeString(node.Text(secret, "data", key))
	if err != nil {
		return "" // not base64, or encrypted
	}
	return string(text)
}

// timeAt reads a time; anything else is none.
func timeAt(n *yaml.Node, keys ...string) time.Time {
	at, err := time.Parse(time.RFC3339, node.Text(n, keys...))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}
