package cutover

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// dir is where the runbook keeps its files.
const dir = "cutover"

// A patch is a JSON merge patch, in which null removes a field (RFC 7386).
type patch map[string]any

func (p patch) String() string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(p); err != nil {
		panic(err) // maps of strings, numbers and booleans
	}
	return strings.TrimSpace(b.String())
}

// Word returns s as one word of a POSIX shell, quoted where the shell would read it as
// anything else.
func Word(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:@=,+%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func (t thing) at() string {
	return fmt.Sprintf("%s %s -n %s", Word(t.resource()), Word(t.Name), Word(t.Namespace))
}

func (t thing) patch(p patch) string {
	return fmt.Sprintf("kubectl patch %s --type merge -p %s", t.at(), Word(p.String()))
}

// delete leaves what an owner reference points to it from, such as the Applications of
// an ApplicationSet.
func (t thing) delete() string { return "kubectl delete " + t.at() + " --cascade=orphan" }

func (t thing) show(path string) string {
	return fmt.Sprintf("kubectl get %s -o jsonpath='{%s}'", t.at(), path)
}

// file is where the object lies as it was, but turned off.
func (t thing) file() string {
	return fmt.Sprintf("%s/%s.%s.%s.yaml", dir, strings.ToLower(t.Kind), t.Namespace, t.Name)
}

// save writes the live object, without what only the server writes, and turned off where that
// is undone later. A set comes back as it was.
func (t thing) save() string {
	p := patch{}
	if t.Kind != "ApplicationSet" {
		p = t.off()
	}
	meta, _ := p["metadata"].(patch)
	if meta == nil {
		meta = patch{}
	}
	for _, field := range []string{"creationTimestamp", "generation", "managedFields", "ownerReferences", "resourceVersion", "uid"} {
		meta[field] = nil
	}
	p["metadata"], p["status"] = meta, nil
	return fmt.Sprintf("kubectl get %s -o yaml | kubectl patch --local -f - --type merge -p %s -o yaml > %s",
		t.at(), Word(p.String()), t.file())
}

// operatorReconcile is the annotation that switches a ResourceSet off
// (fluxoperator.dev/docs/crd/resourceset).
const operatorReconcile = flux.OperatorGroup + "/reconcile"

// off stops the tool, and keeps a deletion from reaching what was deployed: Argo CD
// deletes by the finalizer (types.go CascadedDeletion), the finalizers of Flux leave all
// of a suspended object (kustomize-controller finalizerShouldDeleteResources,
// helm-controller reconcileDelete).
func (t thing) off() patch {
	switch t.Kind {
	case "Application":
		return patch{"metadata": patch{"finalizers": nil}, "operation": nil, "spec": patch{"syncPolicy": patch{"automated": nil}}}
	case "ApplicationSet":
		return patch{"metadata": patch{"finalizers": nil}}
	case resourceset.Kind:
		return patch{"metadata": patch{"annotations": patch{operatorReconcile: "disabled"}}}
	default:
		return patch{"spec": patch{"suspend": true}}
	}
}

// on sets what off and guard change to what the object itself says.
func (t thing) on() patch {
	value := func(keys ...string) any {
		if n := node.At(t.root, keys...); !node.Null(n) {
			return node.Value(n)
		}
		return nil
	}
	switch {
	case t.application():
		return patch{"metadata": patch{"finalizers": value("metadata", "finalizers")},
			"spec": patch{"syncPolicy": patch{"automated": value("spec", "syncPolicy", "automated")}}}
	case t.Kind == resourceset.Kind:
		return patch{"metadata": patch{"annotations": patch{operatorReconcile: value("metadata", "annotations", operatorReconcile)}}}
	case t.Kind == "Kustomization":
		return patch{"spec": patch{"suspend": node.True(t.root, "spec", "suspend"),
			"prune": value("spec", "prune"), "deletionPolicy": value("spec", "deletionPolicy")}}
	default:
		return patch{"spec": patch{"suspend": node.True(t.root, "spec", "suspend")}}
	}
}

// guard is what a new object must not do until it owns all it deploys. A release has no
// such switch and needs none: its first action is an installation, which prunes nothing.
func (t thing) guard() patch {
	switch t.Kind {
	case "Application":
		return t.off()
	case "Kustomization":
		return patch{"spec": patch{"prune": false, "deletionPolicy": "Orphan"}}
	default:
		return nil
	}
}

// runs tells whether the object deploys by itself as the conversion leaves it.
func (t thing) runs() bool {
	if t.application() {
		return argocd.Read(t.root).Automated()
	}
	return !node.True(t.root, "spec", "suspend")
}

// adopt lets the new object apply once, without pruning. A sync that is asked for by
// the field operation takes its options from there alone (controller/sync.go).
func (t thing) adopt() patch {
	if !t.application() {
		return patch{"spec": patch{"suspend": false}}
	}
	sync := patch{"prune": false}
	if options := values(node.Items(t.root, "spec", "syncPolicy", "syncOptions")); len(options) > 0 {
		sync["syncOptions"] = options
	}
	return patch{"operation": patch{"initiatedBy": patch{"username": "kubectl-gitops"}, "sync": sync}}
}

func values(items []*yaml.Node) (list []any) {
	for _, item := range items {
		list = append(list, node.Value(item))
	}
	return list
}

// adopted waits until the new object has applied.
func (t thing) adopted() []string {
	if t.application() {
		return []string{"kubectl wait " + t.at() + " --for=jsonpath='{.status.operationState.phase}'=Succeeded --timeout=10m",
			"kubectl wait " + t.at() + " --for=jsonpath='{.status.health.status}'=Healthy --timeout=10m"}
	}
	return []string{"kubectl wait " + t.at() + " --for=condition=Ready --timeout=10m"}
}
