package plan

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// A task is one object of an app in one phase, and how it is applied.
type task struct {
	*manifest.Object
	index  int
	phase  Phase
	wave   int
	action Action
	flags  []string
	// member tells whether the tool would prune the object; server, that its ApplySet
	// is applied on the server.
	member, server bool
	// lax: not validated.
	lax bool
	// policy is the delete policy of a hook; nil where it is none.
	policy []string
	// health: the next wave waits for it.
	health bool
	// alone: not applied together with others, as the hooks of Helm.
	alone bool
}

func (t *task) gk() schema.GroupKind { return t.GroupVersionKind().GroupKind() }

// definition tells of objects that others need before kubectl can even look at these:
// kinds and namespaces.
func (t *task) definition() string {
	if t.crd() || t.namespace() {
		return t.GetKind()
	}
	return ""
}

func (t *task) crd() bool {
	return t.gk() == schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}
}

func (t *task) namespace() bool { return t.gk() == schema.GroupKind{Kind: "Namespace"} }

// like tells whether one kubectl command can do both.
func (t *task) like(o *task) bool {
	return t.phase == o.phase && t.wave == o.wave && t.action == o.action && slices.Equal(t.flags, o.flags) &&
		t.member == o.member && t.server == o.server && t.definition() == o.definition()
}

// option returns the value of NAME=VALUE among items.
func option(items []string, name string) (value string, ok bool) {
	for _, item := range items {
		if value, ok := strings.CutPrefix(item, name+"="); ok {
			return value, true
		}
	}
	return "", false
}
