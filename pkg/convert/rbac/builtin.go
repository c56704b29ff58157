package rbac

import (
	"strings"
	"sync"
)

// builtin are the kinds that people deploy and that every API server has, by group: those
// of namespaces, and those without one (k8s.io/api of Kubernetes 1.37; the kinds of
// requests, such as SubjectAccessReview, are none).
var builtin = []struct{ group, namespaced, cluster string }{
	{"", "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount", "Namespace Node PersistentVolume"},
	{"admissionregistration.k8s.io", "", "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration"},
	{"apiextensions.k8s.io", "", "CustomResourceDefinition"},
	{"apiregistration.k8s.io", "", "APIService"},
	{"apps", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet", ""},
	{"autoscaling", "HorizontalPodAutoscaler", ""},
	{"batch", "CronJob Job", ""},
	{"certificates.k8s.io", "PodCertificateRequest", "CertificateSigningRequest ClusterTrustBundle"},
	{"coordination.k8s.io", "Lease", ""},
	{"discovery.k8s.io", "EndpointSlice", ""},
	{"events.k8s.io", "Event", ""},
	{"flowcontrol.apiserver.k8s.io", "", "FlowSchema PriorityLevelConfiguration"},
	{"networking.k8s.io", "Ingress NetworkPolicy", "IPAddress IngressClass ServiceCIDR"},
	{"node.k8s.io", "", "RuntimeClass"},
	{"policy", "PodDisruptionBudget", ""},
	{Group, "Role RoleBinding", "ClusterRole ClusterRoleBinding"},
	{"resource.k8s.io", "ResourceClaim ResourceClaimTemplate", "DeviceClass DeviceTaintRule ResourceSlice"},
	{"scheduling.k8s.io", "", "PriorityClass"},
	{"storage.k8s.io", "CSIStorageCapacity", "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass"},
	{"storagemigration.k8s.io", "", "StorageVersionMigration"},
}

// Builtin lists the resources of every API server, by group and scope.
var Builtin = sync.OnceValue(func() (all []Resource) {
	for _, g := range builtin {
		for _, kind := range strings.Fields(g.namespaced) {
			all = append(all, Resource{g.group, kind, guess(kind), true})
		}
		for _, kind := range strings.Fields(g.cluster) {
			all = append(all, Resource{g.group, kind, guess(kind), false})
		}
	}
	return all
})
