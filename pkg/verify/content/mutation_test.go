package content_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/content"
)

// A mutation changes an object in one way, and tells whether it could.
type mutation func(o *manifest.Object) bool

// none stands for a value that is not there.
type none struct{}

// at changes the value at a path, whose elements are keys and indexes, in objects of the
// kinds: "Deployment,StatefulSet spec/replicas". A star is every kind.
func at(where string, change func(any) any) mutation {
	kinds, path, _ := strings.Cut(where, " ")
	return func(o *manifest.Object) bool {
		if kinds != "*" && !slices.Contains(strings.Split(kinds, ","), o.GetKind()) {
			return false
		}
		changed := put(o.Object, strings.Split(path, "/"), change)
		if changed == nil {
			return false
		}
		same := reflect.DeepEqual(o.Object, changed)
		o.Object = changed.(map[string]any)
		return !same
	}
}

// put returns a copy of a tree with a change at a path; nil where there is no such path.
func put(tree any, path []string, change func(any) any) any {
	if len(path) == 0 {
		return change(tree)
	}
	key := strings.ReplaceAll(path[0], "~", "/")
	switch v := tree.(type) {
	case map[string]any:
		old, ok := v[key]
		if !ok {
			old = none{}
		}
		to := put(old, path[1:], change)
		if to == nil {
			return nil
		}
		copied := map[string]any{}
		for k, item := range v {
			copied[k] = item
		}
		if copied[key] = to; to == (any)(none{}) {
			delete(copied, key)
		}
		return copied
	case []any:
		i, err := strconv.Atoi(key)
		if err != nil || i >= len(v) {
			return nil
		}
		to := put(v[i], path[1:], change)
		if to == nil {
			return nil
		}
		copied := slices.Clone(v)
		if copied[i] = to; to == (any)(none{}) {
			copied = slices.Delete(copied, i, i+1)
		}
		return copied
	}
	return nil
}

func to(value any) func(any) any { return func(any) any { return value } }

// replaced is to, where there is a value.
func replaced(value any) func(any) any {
	return func(old any) any {
		if old == (any)(none{}) {
			return old
		}
		return value
	}
}

func removed(any) any { return none{} }

func reversed(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// with adds items in front.
func with(items ...any) func(any) any {
	return func(v any) any {
		list, _ := v.([]any)
		return append(slices.Clone(items), list...)
	}
}

const (
	workloads = "Deployment,StatefulSet,DaemonSet,ReplicaSet,Job "
	pod       = workloads + "spec/template/spec/"
)

// mutations are kinds of changes that a wrong conversion, or a wrong patch, makes to what
// is rendered.
var mutations = map[string]mutation{
	"image tag":                      at(pod+"containers/0/image", replaced("registry.example.com/other:9")),
	"image of an init container":     at(pod+"initContainers/0/image", replaced("registry.example.com/other:9")),
	"replicas":                       at("Deployment,StatefulSet spec/replicas", replaced(int64(17))),
	"replicas as text":               at("Deployment,StatefulSet spec/replicas", replaced("3")),
	"replicas gone":                  at("Deployment,StatefulSet spec/replicas", removed),
	"value of a variable":            at(pod+"containers/0/env/0/value", replaced("changed")),
	"name of a variable":             at(pod+"containers/0/env/0/name", replaced("CHANGED")),
	"variable as number":             at(pod+"containers/0/env/0/value", replaced(int64(1))),
	"order of variables":             at(pod+"containers/0/env", reversed),
	"another variable":               at(pod+"containers/0/env", with(map[string]any{"name": "NEW", "value": "1"})),
	"key of a secret":                at(pod+"containers/0/env/1/valueFrom/secretKeyRef/key", replaced("other")),
	"order of arguments":             at(pod+"containers/0/args", reversed),
	"another argument":               at(pod+"containers/0/args", with("--new")),
	"argument gone":                  at(pod+"containers/0/args/1", removed),
	"order of containers":            at(pod+"containers", reversed),
	"order of init containers":       at(pod+"initContainers", reversed),
	"another container":              at(pod+"containers", with(map[string]any{"name": "sidecar", "image": "sidecar:1"})),
	"container gone":                 at(pod+"containers/1", removed),
	"port":                           at(pod+"containers/0/ports/0/containerPort", replaced(int64(9999))),
	"protocol":                       at(pod+"containers/0/ports/0/protocol", to("UDP")),
	"quantity":                       at(pod+"containers/0/resources/limits/cpu", replaced("2")),
	"no limits":                      at(pod+"containers/0/resources/limits", removed),
	"no resources":                   at(pod+"containers/0/resources", replaced(map[string]any{})),
	"probe by number":                at(pod+"containers/0/livenessProbe/httpGet/port", replaced(int64(8080))),
	"mount that may be written":      at(pod+"containers/0/volumeMounts/1/readOnly", replaced(false)),
	"volume of a node":               at(pod+"volumes/0", replaced(map[string]any{"name": "tmp", "hostPath": map[string]any{"path": "/"}})),
	"volume without anything":        at(pod+"volumes/0/emptyDir", removed),
	"account":                        at(pod+"serviceAccountName", to("other")),
	"root":                           at(pod+"securityContext/runAsUser", to(int64(0))),
	"network of the node":            at(pod+"hostNetwork", replaced(false)),
	"label of a pod":                 at(workloads+"spec/template/metadata/labels/app", replaced("other")),
	"owner label of a pod":           at(workloads+"spec/template/metadata/labels/kustomize.toolkit.fluxcd.io~name", to("x")),
	"annotation of a pod":            at(workloads+"spec/template/metadata/annotations", to(map[string]any{"new": "1"})),
	"wave of a pod":                  at(workloads+"spec/template/metadata/annotations/argocd.argoproj.io~sync-wave", to("1")),
	"selector":                       at("Deployment,StatefulSet,DaemonSet spec/selector/matchLabels/team", to("a")),
	"selector that takes all":        at("Deployment,StatefulSet,DaemonSet spec/selector/matchLabels", replaced(map[string]any{})),
	"label":                          at("* metadata/labels", to(map[string]any{"team": "a"})),
	"annotation":                     at("* metadata/annotations/example.com~x", func(any) any { return "y" }),
	"annotation of another tool":     at("* metadata/annotations", to(map[string]any{"fluxcd.io/ignore": "true"})),
	"finalizer":                      at("* metadata/finalizers", to([]any{"example.com/keep"})),
	"owner":                          at("* metadata/ownerReferences", to([]any{map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "1"}})),
	"name":                           at("* metadata/name", replaced("changed")),
	"namespace":                      at("ConfigMap,Deployment,Secret,Service,Thing metadata/namespace", to("changed")),
	"namespace gone":                 at("ConfigMap,Deployment,Secret,Service,Thing metadata/namespace", removed),
	"kind":                           at("* kind", to("Changed")),
	"version":                        at("* apiVersion", func(v any) any { return v.(string) + "beta1" }),
	"group":                          at("* apiVersion", to("changed.example.com/v1")),
	"type of a Service":              at("Service spec/type", to("NodePort")),
	"selector of a Service":          at("Service spec/selector", to(map[string]any{"app": "other"})),
	"target as text":                 at("Service spec/ports/1/targetPort", replaced("9090")),
	"order of a Service's ports":     at("Service spec/ports", reversed),
	"data":                           at("ConfigMap data/level", replaced("debug")),
	"last newline of data":           at("ConfigMap data/app.conf", replaced("listen 8080\nroot /srv")),
	"another key of data":            at("ConfigMap data/new", to("")),
	"data gone":                      at("ConfigMap data/empty", removed),
	"binary data":                    at("ConfigMap binaryData/logo", replaced("iVBORw0KGgs=")),
	"text that was binary":           at("ConfigMap binaryData", removed),
	"immutable":                      at("ConfigMap immutable", to(false)),
	"byte of a Secret":               at("Secret data/password", replaced("aHVudGVyMw==")),
	"text of a Secret":               at("Secret stringData/token", replaced("plain-text-tokem")),
	"key of a Secret":                at("Secret data/new", to("")),
	"base64 twice":                   at("Secret data/password", replaced("YUhWdWRHVnlNZz09")),
	"type of a Secret":               at("Secret type", to("kubernetes.io/basic-auth")),
	"verb of a role":                 at("Role rules/0/verbs", with("delete")),
	"order of rules":                 at("Role rules", reversed),
	"rule gone":                      at("Role rules/0", removed),
	"every name of a role":           at("Role rules/1/resourceNames", removed),
	"subject":                        at("RoleBinding subjects/0/namespace", to("other")),
	"role of a binding":              at("RoleBinding roleRef/name", to("cluster-admin")),
	"schema":                         at("CustomResourceDefinition spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/size/minimum", replaced(int64(0))),
	"default of a schema":            at("CustomResourceDefinition spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/mode/default", removed),
	"served version":                 at("CustomResourceDefinition spec/versions/0/served", to(false)),
	"order of versions":              at("CustomResourceDefinition spec/versions", reversed),
	"scope":                          at("CustomResourceDefinition spec/scope", func(v any) any { return v.(string) + "x" }),
	"failure policy":                 at("ValidatingWebhookConfiguration webhooks/0/failurePolicy", to("Ignore")),
	"certificate":                    at("ValidatingWebhookConfiguration webhooks/0/clientConfig/caBundle", replaced("Q0I=")),
	"operations":                     at("ValidatingWebhookConfiguration webhooks/0/rules/0/operations", reversed),
	"host":                           at("Ingress spec/rules/0/host", to("changed.example.com")),
	"order of paths":                 at("Ingress spec/rules/0/http/paths", reversed),
	"policy that allows all":         at("NetworkPolicy spec/ingress/0/from", removed),
	"namespaces of a policy":         at("NetworkPolicy spec/ingress/0/from/0", removed),
	"pods of a policy":               at("NetworkPolicy spec/podSelector/matchLabels", removed),
	"storage":                        at("PersistentVolumeClaim spec/resources/requests/storage", replaced("10G")),
	"storage of a template":          at("StatefulSet spec/volumeClaimTemplates/0/spec/resources/requests/storage", replaced("11Gi")),
	"schedule":                       at("CronJob spec/schedule", to("0 4 * * *")),
	"suspended":                      at("CronJob spec/suspend", to(true)),
	"image of a CronJob":             at("CronJob spec/jobTemplate/spec/template/spec/containers/0/image", to("x")),
	"minimum":                        at("HorizontalPodAutoscaler spec/minReplicas", to(int64(0))),
	"percent as number":              at("PodDisruptionBudget spec/minAvailable", replaced(int64(50))),
	"value of a priority":            at("PriorityClass value", to(int64(0))),
	"parameter":                      at("StorageClass parameters/iops", replaced("300")),
	"APIService":                     at("APIService spec/service/name", to("other")),
	"custom: number":                 at("Thing spec/size", to(int64(4))),
	"custom: number as text":         at("Thing spec/size", to("3")),
	"custom: last digit":             at("Thing spec/big", to(int64(9007199254740992))),
	"custom: null gone":              at("Thing spec/mode", removed),
	"custom: word for truth":         at("Thing spec/on", to("true")),
	"custom: empty map gone":         at("Thing spec/parts", removed),
	"custom: empty list for map":     at("Thing spec/parts", to([]any{})),
	"custom: repeated item gone":     at("Thing spec/tags/2", removed),
	"custom: order":                  at("Thing spec/tags", to([]any{"x", "x", "y"})),
	"custom: order in a list":        at("Thing spec/nested/0", reversed),
	"custom: equal quantity as text": at("Thing spec/quantity", to("1")),
	"value of a child release":       at("HelmRelease spec/values/image/tag", to(1.1)),
	"secret value of a child":        at("HelmRelease spec/values/adminPassword", to("hunter3")),
	"status of a custom kind":        at("Thing status", to(map[string]any{"ready": true})),
}

// wholes are kinds of changes to the objects of a side.
var wholes = map[string]func([]manifest.Object) []manifest.Object{
	"object gone":    func(all []manifest.Object) []manifest.Object { return all[1:] },
	"all gone":       func([]manifest.Object) []manifest.Object { return nil },
	"object twice":   func(all []manifest.Object) []manifest.Object { return append(all, all[0]) },
	"another object": func(all []manifest.Object) []manifest.Object { return append(all, another(all[0])) },
	"hook": func(all []manifest.Object) []manifest.Object {
		all[0].Part = manifest.Hook - all[0].Part/manifest.Hook*manifest.Hook
		return all
	},
}

func another(o manifest.Object) manifest.Object {
	o.Unstructured = *o.DeepCopy()
	o.SetName("another")
	return o
}

// TestMutations makes each change to each object of the fixtures that it fits. Every one
// must be noticed.
func TestMutations(t *testing.T) {
	const least = 100
	tried, caught := 0, 0
	check := func(name string, side, mutant content.Side) {
		tried++
		if content.Compare(side, mutant).Equal() {
			t.Errorf("%s of %s is not noticed", name, side.Objects[0].ID())
			return
		}
		caught++
	}
	fits := map[string]bool{}
	for _, side := range each(t) {
		for name, mutate := range mutations {
			if mutant := clone(side); mutate(&mutant.Objects[0]) {
				fits[name] = true
				check(name, side, mutant)
			}
		}
	}
	for name := range mutations {
		if !fits[name] {
			t.Errorf("%s fits no object", name)
		}
	}
	for _, side := range corpus(t) {
		for name, mutate := range wholes {
			if len(side.Objects) > 0 {
				mutant := clone(side)
				mutant.Objects = mutate(mutant.Objects)
				check(name, side, mutant)
			}
		}
	}
	kinds := len(mutations) + len(wholes)
	if kinds < least {
		t.Errorf("only %d kinds of mutations", kinds)
	}
	t.Logf("mutation score: %d of %d mutants of %d kinds caught (%.1f %%)", caught, tried, kinds, 100*float64(caught)/float64(tried))
}
