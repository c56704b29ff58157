package secret

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Placeholder stands for a value that is not to be shown.
const Placeholder = "<redacted>"

// Types of Secrets (k8s.io/api core/v1).
const (
	Opaque       = "Opaque"
	DockerConfig = "kubernetes.io/dockerconfigjson"
)

// open are keys whose values are no secrets: settings, addresses and public keys.
var open = []string{
	"url", "type", "name", "project", "server", "namespaces", "clusterResources", "shard", "noProxy",
	"enableOCI", "enableLfs", "insecure", "insecureIgnoreHostKey", "insecureOCIForceHttp",
	"forceHttpBasicAuth", "depth", "useAzureWorkloadIdentity", "webhookManifestCacheWarmDisabled",
	"known_hosts", "ca.crt",
}

// New returns an empty Secret of a type.
func New(namespace, name, kind string) *object.Object {
	o := object.New(Kind, namespace, name)
	o.Owner = namespace + "/" + name
	o.Names = []string{name}
	o.Set(node.String(kind), "type")
	return o
}

// Put writes the value of a key and returns where it stands; masked puts a placeholder
// in the place of what is secret. Values that are no text are written in base64.
func Put(o *object.Object, key, text string, masked bool) (path string) {
	field := "stringData"
	switch {
	case masked && (!slices.Contains(open, key) || letsIn(text)):
		text = Placeholder
	case !utf8.ValidString(text):
		field, text = "data", base64.StdEncoding.EncodeToString([]byte(text))
	}
	o.Set(node.String(text), field, key)
	return ledger.Key(field, key)
}

// letsIn tells whether an address holds what lets somebody in: a password, or a query.
func letsIn(text string) bool {
	_, rest, found := strings.Cut(text, "://")
	return found && strings.ContainsAny(rest, "@?") && !strings.HasPrefix(text, "ssh://git@")
}

// Mask puts placeholders in the place of all values, and of labels and annotations that
// quote one, and takes away the copy of them that kubectl apply keeps. Ciphertext of SOPS stays, value by value, as SOPS leaves in
// plain text what its rules do not name. It returns whether anything changed.
func Mask(root *yaml.Node) (changed bool) {
	changed = maskMetadata(root, ValuesOf(root))
	for field, text := range map[string]string{"data": base64.StdEncoding.EncodeToString([]byte(Placeholder)), "stringData": Placeholder} {
		values := node.Get(root, field)
		if values != nil && values.Kind != yaml.MappingNode && !node.Null(values) {
			hide(values, text) // no API server takes it, but it may hold a secret
			changed = true
		}
		for i, value := range contentOf(values) {
			if i%2 == 1 && !strings.HasPrefix(value.Value, ciphertext) {
				hide(value, text)
				changed = true
			}
		}
	}
	return changed
}

func maskMetadata(root *yaml.Node, values Values) (changed bool) {
	annotations := node.At(root, "metadata", "annotations")
	if node.Get(annotations, LastApplied) != nil {
		node.Remove(annotations, LastApplied)
		changed = true
	}
	for _, field := range []string{"labels", "annotations"} {
		for i, value := range contentOf(node.At(root, "metadata", field)) {
			if shown := values.Without(field, value.Value); i%2 == 1 && shown != value.Value {
				hide(value, shown)
				changed = true
			}
		}
	}
	return changed
}

func hide(value *yaml.Node, text string) {
	*value = yaml.Node{Kind: yaml.ScalarNode, Tag: yaml.NodeTagString, Value: text, Style: value.Style & yaml.DoubleQuotedStyle}
}

// ciphertext is what SOPS writes in the place of a value (getsops/sops aes/cipher.go).
const ciphertext = "ENC[AES256_GCM,"

// LastApplied is the annotation in which kubectl apply keeps the whole object.
const LastApplied = "kubectl.kubernetes.io/last-applied-configuration"
