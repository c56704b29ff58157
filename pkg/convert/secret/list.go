package secret

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// ListKind is the kind of a list whose items need not say that they are Secrets.
const ListKind = "SecretList"

// MaskAll masks a Secret, or those of a list, however deep. It returns whether anything
// changed.
func MaskAll(root *yaml.Node) (changed bool) {
	kind := node.Text(root, "kind")
	if Is(ledger.Object{APIVersion: node.Text(root, "apiVersion"), Kind: kind}) {
		return Mask(root)
	}
	if !strings.HasSuffix(kind, "List") {
		return false
	}
	for _, item := range node.Items(root, "items") {
		if kind == ListKind {
			changed = Mask(item) || changed
			continue
		}
		changed = MaskAll(item) || changed
	}
	return changed
}
