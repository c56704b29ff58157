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
