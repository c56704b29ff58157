package argocd

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/env"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// settle gives the objects their namespaces, keeps the last of each identity, and drops
// those that no sync applies (controller/state.go NormalizeTargetObjects; gitops-engine
// pkg/sync/reconcile.go).
func settle(shared *env.Env, app *manifest.App) {
	custom := customScopes(shared, app.Objects)
	last, times := map[identity]int{}, map[identity]int{}
	for i := range app.Objects {
		o := &app.Objects[i]
		place(o, app.Target, custom)
		id := identify(o, i)
		last[id] = i
		times[id]++
	}
	var kept []manifest.Object
	for i, o := range app.Objects {
		id := identify(&o, i)
		if last[id] != i {
			continue
		}
		if times[id] > 1 {
			app.Note("repeated-object", ledger.Approximate, at(app), fmt.Sprintf(
				"%s is rendered %d times: the last one counts, and Argo CD warns (RepeatedResourceWarning)", describe(&o), times[id]))
		}
		switch phases, ok := hook.Phases(&o); {
		case !ok:
			kept = append(kept, o)
		case len(phases) == 0:
			app.Note("hook-not-applied", ledger.Equivalent, at(app), fmt.Sprintf(
				"%s is a hook that no sync applies (%s), and is left out", describe(&o), marked(&o)))
			app.Left = append(app.Left, o)
		default:
			o.Part = manifest.Hook
			kept = append(kept, o)
		}
	}
	app.Objects = kept
}

// marked is the annotation that makes a hook.
func marked(o *manifest.Object) string {
	for _, key := range []string{hook.Annotation, hook.HelmAnnotation} {
		if value, ok := o.GetAnnotations()[key]; ok {
			return key + ": " + value
		}
	}
	return ""
}

// at is the field that objects come from.
func at(app *manifest.App) string {
	for _, path := range []string{"spec.sourceHydrator", "spec.sources"} {
		if ledger.Exists(app.Root, path) {
			return path
		}
	}
	return "spec.source"
}

func describe(o *manifest.Object) string {
	name := o.GetName()
	if name == "" {
		name = o.GetGenerateName() + "*"
	}
	return strings.Trim(o.GetNamespace()+"/"+o.GetKind()+"/"+name, "/")
}

// An identity is what makes two objects one to Argo CD: the version does not count.
type identity struct{ group, kind, namespace, name string }

func identify(o *manifest.Object, i int) identity {
	name := o.GetName()
	if name == "" && o.GetGenerateName() != "" {
		name = fmt.Sprintf("%s%d", o.GetGenerateName(), i)
	}
	return identity{o.GroupVersionKind().Group, o.GetKind(), o.GetNamespace(), name}
}

// place sets the namespace where one is needed and lacking, and clears it where the kind
// has none. Kinds that nobody knows are taken to have one.
func place(o *manifest.Object, namespace string, custom map[schema.GroupKind]bool) {
	gvk := o.GroupVersionKind()
	cluster, known := custom[gvk.GroupKind()]
	if !known {
		cluster = manifest.ClusterKind(gvk.Group, gvk.Kind)
	}
	switch {
	case cluster && o.GetNamespace() != "":
		o.SetNamespace("")
	case !cluster && o.GetNamespace() == "" && namespace != "":
		o.SetNamespace(namespace)
	}
}

// customScopes tells which custom kinds have no namespace, by the CRDs of the input and
// of the objects.
func customScopes(shared *env.Env, objects []manifest.Object) map[schema.GroupKind]bool {
	cluster := map[schema.GroupKind]bool{}
	for _, o := range shared.Objects.Kind("CustomResourceDefinition") {
		gk := schema.GroupKind{Group: node.Text(o.Root, "spec", "group"), Kind: node.Text(o.Root, "spec", "names", "kind")}
		cluster[gk] = node.Text(o.Root, "spec", "scope") == "Cluster"
	}
	for i := range objects {
		if objects[i].GetKind() != "CustomResourceDefinition" {
			continue
		}
		spec := func(keys ...string) string {
			text, _, _ := unstructured.NestedString(objects[i].Object, append([]string{"spec"}, keys...)...)
			return text
		}
		cluster[schema.GroupKind{Group: spec("group"), Kind: spec("names", "kind")}] = spec("scope") == "Cluster"
	}
	return cluster
}
