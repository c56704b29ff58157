package plan

import (
	"cmp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

var phaseOrder = map[Phase]int{PreSync: -1, Sync: 0, PostSync: 1, SyncFail: 2}

// argoKinds is the order in which Argo CD applies the kinds of one wave; all others
// come last (gitops-engine pkg/sync/sync_tasks.go kindOrder).
var argoKinds = []string{
	"Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy", "PodDisruptionBudget",
	"ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass", "PersistentVolume",
	"PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList", "ClusterRoleBinding",
	"ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList", "Service", "DaemonSet", "Pod",
	"ReplicationController", "ReplicaSet", "Deployment", "HorizontalPodAutoscaler", "StatefulSet", "Job",
	"CronJob", "IngressClass", "Ingress", "APIService",
}

// fluxFirst and fluxLast are the kinds that Flux applies before and after all others
// (fluxcd/pkg ssa/sort.go ReconcileOrder).
var (
	fluxFirst = []string{
		"CustomResourceDefinition", "Namespace", "ClusterRole", "ClusterClass", "RuntimeClass", "PriorityClass",
		"StorageClass", "VolumeSnapshotClass", "IngressClass", "GatewayClass", "ClusterRoleBinding",
		"ResourceQuota", "ServiceAccount", "Role", "RoleBinding", "ConfigMap", "Secret", "Service", "LimitRange",
		"Deployment", "StatefulSet", "CronJob", "PodDisruptionBudget",
	}
	fluxLast = []string{"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"}
)

// rank orders kinds: those of first, the others, those of last.
func rank(kind string, first, last []string) int {
	if i := slices.Index(first, kind); i >= 0 {
		return i - len(first)
	}
	return 1 + slices.Index(last, kind)
}

// sortArgo orders tasks as Argo CD does: phase, wave, kind, name (sync_tasks.go Less).
// Argo CD leaves the order of equal names open; here the namespace decides.
func sortArgo(tasks []*task) []*task {
	slices.SortStableFunc(tasks, func(a, b *task) int {
		return cmp.Or(
			cmp.Compare(phaseOrder[a.phase], phaseOrder[b.phase]),
			cmp.Compare(a.wave, b.wave),
			cmp.Compare(rank(a.GetKind(), argoKinds, nil), rank(b.GetKind(), argoKinds, nil)),
			strings.Compare(a.GetName(), b.GetName()),
			strings.Compare(a.GetNamespace(), b.GetNamespace()),
		)
	})
	tasks = raise(tasks, func(t *task) string {
		if t.namespace() {
			return t.GetName()
		}
		return ""
	}, func(t *task) string { return t.GetNamespace() })
	return raise(tasks, defines, func(t *task) string { return t.gk().String() })
}

// defines is the kind that a CRD defines, or "".
func defines(t *task) string {
	if !t.crd() {
		return ""
	}
	group, _, _ := unstructured.NestedString(t.Object.Object, "spec", "group")
	kind, _, _ := unstructured.NestedString(t.Object.Object, "spec", "names", "kind")
	return kind + "." + group
}

// raise moves what others need in front of the first that needs it, into its phase
// and wave (sync_tasks.go adjustDeps).
func raise(tasks []*task, provides, needs func(*task) string) []*task {
	var raised []*task
	for _, t := range tasks {
		at := -1
		if key := provides(t); key != "" {
			at = slices.IndexFunc(raised, func(o *task) bool { return provides(o) == "" && needs(o) == key })
		}
		if at < 0 {
			raised = append(raised, t)
			continue
		}
		t.phase, t.wave = raised[at].phase, raised[at].wave
		raised = slices.Insert(raised, at, t)
	}
	return raised
}

// sortFlux orders tasks by stage, kind, namespace and name (ssa/sort.go less).
func sortFlux(tasks []*task) {
	slices.SortStableFunc(tasks, func(a, b *task) int {
		return cmp.Or(
			cmp.Compare(phaseOrder[a.phase], phaseOrder[b.phase]),
			cmp.Compare(a.wave, b.wave),
			cmp.Compare(rank(a.GetKind(), fluxFirst, fluxLast), rank(b.GetKind(), fluxFirst, fluxLast)),
			strings.Compare(a.gk().Group, b.gk().Group),
			strings.Compare(a.GetKind(), b.GetKind()),
			strings.Compare(a.GetNamespace(), b.GetNamespace()),
			strings.Compare(a.GetName(), b.GetName()),
		)
	})
}
