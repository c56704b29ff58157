package plan

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// completion is the condition of Jobs, and of Pods that end.
const completion = "completion"

// conditions are what kubectl can wait for, where the kind alone decides.
var conditions = map[string]string{
	"Deployment":               "rollout",
	"StatefulSet":              "rollout",
	"DaemonSet":                "rollout",
	"Job":                      completion,
	"CustomResourceDefinition": "condition=Established",
	"APIService":               "condition=Available",
	"PersistentVolumeClaim":    "jsonpath={.status.phase}=Bound",
}

// simple are kinds that are ready when they exist (gitops-engine pkg/health/health.go
// GetHealthCheckFunc has none for them).
var simple = []string{
	"Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodDisruptionBudget", "ServiceAccount", "Secret",
	"ConfigMap", "StorageClass", "PersistentVolume", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding",
	"CronJob", "IngressClass", "PriorityClass", "RuntimeClass", "Endpoints", "EndpointSlice", "PodTemplate", "Lease",
	"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy",
	"ValidatingAdmissionPolicyBinding", "PodSecurityPolicy", "CSIDriver", "FlowSchema",
}

// await is what to wait for until an object is ready. known tells whether kubectl can
// tell.
func await(t *task) (condition string, known bool) {
	text := func(keys ...string) string {
		s, _, _ := unstructured.NestedString(t.Object.Object, keys...)
		return s
	}
	switch kind := t.GetKind(); kind {
	case "Pod":
		if t.policy != nil || text("spec", "restartPolicy") == "Never" || text("spec", "restartPolicy") == "OnFailure" {
			return completion, true
		}
		return "condition=Ready", true
	case "StatefulSet", "DaemonSet":
		if text("spec", "updateStrategy", "type") == "OnDelete" {
			return "", true // nothing rolls out by itself
		}
		return "rollout", true
	case "Service":
		return "", text("spec", "type") != "LoadBalancer"
	default:
		if condition, ok := conditions[kind]; ok {
			return condition, true
		}
		return "", slices.Contains(simple, kind) && builtin(t.gk().Group)
	}
}

// builtin tells whether a group is of Kubernetes itself.
func builtin(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io")
}
