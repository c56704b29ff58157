package rbac_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/kyaml/openapi"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/rbac"
)

// requests are kinds that no server stores.
var requests = []string{
	"Binding", "ComponentStatus", "Eviction", "LocalSubjectAccessReview", "NodeProxyOptions", "RangeAllocation", "Scale", "SelfSubjectAccessReview",
	"SelfSubjectReview", "SelfSubjectRulesReview", "SerializedReference", "SubjectAccessReview", "TokenRequest", "TokenReview", "DeploymentRollback",
}

// TestBuiltin compares the list with the stable kinds of Kubernetes's own scheme, their
// plurals and what kustomize knows of their scope.
func TestBuiltin(t *testing.T) {
	known := scheme.Scheme.AllKnownTypes()
	for _, r := range rbac.Builtin() {
		namespaced, ok := openapi.IsNamespaceScoped(yaml.TypeMeta{APIVersion: strings.TrimPrefix(r.Group+"/v1", "/"), Kind: r.Kind})
		if ok && namespaced != r.Namespaced {
			t.Errorf("%s/%s has the wrong scope", r.Group, r.Kind)
		}
	}
	for gvk, typ := range known {
		_, listed := rbac.Find(gvk.Group, gvk.Kind)
		_, hasMeta := typ.FieldByName("ObjectMeta")
		if gvk.Version != "v1" || !hasMeta || slices.Contains(requests, gvk.Kind) || typ.Kind() != reflect.Struct {
			continue
		}
		if !listed {
			t.Errorf("%s is missing", gvk)
		}
		if plural, _ := meta.UnsafeGuessKindToResource(gvk); plural.Resource != rbac.Plural(gvk.Group, gvk.Kind) {
			t.Errorf("the plural of %s is %s", gvk.Kind, rbac.Plural(gvk.Group, gvk.Kind))
		}
	}
}

// TestDeploys holds what rules let one deploy: never more than they allow.
func TestDeploys(t *testing.T) {
	const all = `verbs: ["*"]`
	for _, c := range []struct{ name, rules, namespaced, cluster, lost string }{
		{"all", `{apiGroups: ["*"], resources: ["*"], ` + all + `}`, "*/*", "*/*", ""},
		{"a group", `{apiGroups: [apps], resources: ["*"], ` + all + `}`, "apps/*", "", ""},
		{"a group of custom kinds", `{apiGroups: [example.com], resources: ["*"], ` + all + `}`, "example.com/*", "example.com/*", ""},
		{"kinds", `{apiGroups: ["", apps], resources: [services, deployments, namespaces], ` + all + `}`, "/Service apps/Deployment", "/Namespace", ""},
		{"verbs one by one", `{apiGroups: [batch], resources: [jobs], verbs: [get, list, watch]}, {apiGroups: [batch], resources: [jobs], verbs: [create, update, patch, delete]}`, "batch/Job", "", ""},
		{"verbs of a wider rule", `{apiGroups: ["*"], resources: ["*"], verbs: [get, list]}, {apiGroups: [batch], resources: [jobs], verbs: [create, update, patch, delete]}`, "batch/Job", "", ""},
		{"reading", `{apiGroups: ["*"], resources: ["*"], verbs: [get, list, watch]}`, "", "", ""},
		{"no deletion", `{apiGroups: [""], resources: [secrets], verbs: [get, create, update, patch]}`, "", "", "secrets (some verbs only)"},
		{"subresources", `{apiGroups: [""], resources: [pods/exec, "*/scale"], ` + all + `}`, "", "", ""},
		{"names", `{apiGroups: [""], resources: [namespaces, configmaps], resourceNames: [web], ` + all + `}`, "", "/Namespace web", "configmaps web (for a name only)"},
		{"a name has the verbs of all", `{apiGroups: [""], resources: [namespaces], verbs: [get, patch, update]}, {apiGroups: [""], resources: [namespaces], resourceNames: [web], verbs: [create, delete]}`, "", "/Namespace web", "namespaces (some verbs only)"},
		{"any group", `{apiGroups: ["*"], resources: [events], ` + all + `}`, "/Event events.k8s.io/Event", "", ""},
		{"covered", `{apiGroups: [apps], resources: [deployments], ` + all + `}, {apiGroups: [apps], resources: ["*"], ` + all + `}`, "apps/*", "", ""},
		{"custom kinds", `{apiGroups: [example.com], resources: [things], ` + all + `}`, "", "", "things.example.com (no known kind)"},
		{"what a project takes for patterns", `{apiGroups: ["*.example.com"], resources: ["*"], ` + all + `}, {apiGroups: [""], resources: [namespaces], resourceNames: ["*", "w?b", web], ` + all + `}`, "", "/Namespace web",
			"*.*.example.com (which a project takes for a pattern) namespaces * (which a project takes for a pattern) namespaces w?b (which a project takes for a pattern)"},
		{"roles that give no more", `{apiGroups: [` + rbac.Group + `], resources: [roles, rolebindings, clusterroles], verbs: [get, create, update, patch, delete]}`, "", "", "roles and bindings (without bind and escalate)"},
		{"roles of which one may be bound", `{apiGroups: [` + rbac.Group + `], resources: [rolebindings], ` + all + `}, {apiGroups: [` + rbac.Group + `], resources: [clusterroles], resourceNames: [edit], verbs: [bind]}`, "", "", "roles and bindings (without bind and escalate)"},
		{"roles of namespaces", `{apiGroups: [` + rbac.Group + `], resources: [roles, rolebindings, clusterrolebindings], ` + all + `}`, rbac.Group + "/Role " + rbac.Group + "/RoleBinding", "", "roles and bindings (without bind and escalate)"},
		{"all roles", `{apiGroups: [` + rbac.Group + `], resources: ["*"], ` + all + `}`, rbac.Group + "/*", rbac.Group + "/*", ""},
		{"all kinds of roles but no more", `{apiGroups: [` + rbac.Group + `], resources: ["*"], verbs: [get, create, update, patch, delete]}`, "", "", "roles and bindings (without bind and escalate)"},
		{"URLs", `{nonResourceURLs: ["*"], ` + all + `}`, "", "", ""},
	} {
		got := rbac.Deploys(rbac.Rules(yaml.MustParse("{rules: [" + c.rules + "]}").YNode()))
		if show(got.Namespaced) != c.namespaced || show(got.Cluster) != c.cluster || strings.Join(got.Lost, " ") != c.lost {
			t.Errorf("%s: %q, %q, lost %q", c.name, show(got.Namespaced), show(got.Cluster), got.Lost)
		}
	}
}

func show(kinds []rbac.Kind) string {
	var all []string
	for _, k := range kinds {
		all = append(all, strings.TrimSuffix(k.Group+"/"+k.Name+" "+k.Object, " "))
	}
	return strings.Join(all, " ")
}

func TestCommon(t *testing.T) {
	a := []rbac.Kind{{Group: "apps", Name: "*"}, {Group: "", Name: "Pod"}}
	b := []rbac.Kind{{Group: "apps", Name: "Deployment"}, {Group: "", Name: "*"}, {Group: "batch", Name: "*"}}
	if got := show(rbac.Common(a, b)); got != "/Pod apps/Deployment" {
		t.Errorf("common are %s", got)
	}
	if got := show(rbac.Common(a, []rbac.Kind{{Group: "*", Name: "*"}})); got != "apps/* /Pod" {
		t.Errorf("common with all are %s", got)
	}
}
