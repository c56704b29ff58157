package content

import (
	"strings"
	"testing"
)

// deployment has what comes after its name in metadata, and its container's further fields.
func deployment(metadata, container string) string {
	return "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web" + metadata + "}, spec: {selector: {matchLabels: {app: web}}, " +
		"template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: 'web:1'" + container + "}]}}}}\n"
}

func configMap(metadata, rest string) string {
	return "{apiVersion: v1, kind: ConfigMap, metadata: {name: web" + metadata + "}" + rest + "}\n"
}

func secret(rest string) string {
	return "{apiVersion: v1, kind: Secret, metadata: {name: web}" + rest + "}\n"
}

// custom is of a kind that no schema here knows.
func custom(rest string) string {
	return "{apiVersion: example.com/v1, kind: Thing, metadata: {name: web}" + rest + "}\n"
}

// installedConfigMap is one that Helm installed for Flux.
func installedConfigMap(labels, annotations string) string {
	return configMap(", labels: {helm.toolkit.fluxcd.io/name: web, helm.toolkit.fluxcd.io/namespace: apps"+labels+"}, annotations: {meta.helm.sh/release-name: web, meta.helm.sh/release-namespace: prod"+annotations+"}", "")
}

// TestNormal: each normalisation makes argo and flux equal, and hides nothing of a
// neighbour, twin, which differs from argo by want.
func TestNormal(t *testing.T) {
	for name, c := range map[string]struct{ argo, flux, twin, want string }{
		"owner labels of a Kustomization": {
			configMap("", ""), configMap(", labels: {kustomize.toolkit.fluxcd.io/name: a, kustomize.toolkit.fluxcd.io/namespace: b, kustomize.toolkit.fluxcd.io/checksum: c}", ""),
			configMap(", labels: {kustomize.toolkit.fluxcd.io/names: a}", ""),
			`value ConfigMap/web metadata.labels: none -> {"kustomize.toolkit.fluxcd.io/names":"a"}`,
		},
		"owner labels where others are": {
			configMap(", labels: {a: b}", ""), configMap(", labels: {a: b, kustomize.toolkit.fluxcd.io/name: a}", ""),
			configMap(", labels: {a: c, kustomize.toolkit.fluxcd.io/name: a}", ""), `value ConfigMap/web metadata.labels.a: "b" -> "c"`,
		},
		"owner labels are no annotations": {
			configMap("", ""), configMap(", labels: {helm.toolkit.fluxcd.io/name: a, helm.toolkit.fluxcd.io/namespace: b}", ""),
			configMap(", annotations: {helm.toolkit.fluxcd.io/name: a}", ""), `value ConfigMap/web metadata.annotations: none -> {"helm.toolkit.fluxcd.io/name":"a"}`,
		},
		"owner labels are no labels of a pod": {
			deployment("", ""), deployment(", labels: {kustomize.toolkit.fluxcd.io/name: a}", ""),
			strings.Replace(deployment("", ""), "{labels: {app: web}}", "{labels: {app: web, kustomize.toolkit.fluxcd.io/name: a}}", 1),
			`value Deployment/web spec.template.metadata.labels["kustomize.toolkit.fluxcd.io/name"]: none -> "a"`,
		},
		"steering annotations of Flux": {
			configMap("", ""), configMap(", annotations: {kustomize.toolkit.fluxcd.io/prune: disabled, kustomize.toolkit.fluxcd.io/ssa: Merge, kustomize.toolkit.fluxcd.io/force: enabled, kustomize.toolkit.fluxcd.io/substitute: disabled, kustomize.toolkit.fluxcd.io/reconcile: enabled, kustomize.toolkit.fluxcd.io/decrypt: disabled, helm.toolkit.fluxcd.io/driftDetection: disabled}", ""),
			configMap(", annotations: {reconcile.fluxcd.io/requestedAt: now}", ""), `value ConfigMap/web metadata.annotations: none -> {"reconcile.fluxcd.io/requestedAt":"now"}`,
		},
		"steering labels of Flux": {
			configMap("", ""), configMap(", labels: {kustomize.toolkit.fluxcd.io/prune: disabled, kustomize.toolkit.fluxcd.io/ssa: Merge, helm.toolkit.fluxcd.io/driftDetection: disabled}", ""),
			configMap(", labels: {prune: disabled}", ""), `value ConfigMap/web metadata.labels: none -> {"prune":"disabled"}`,
		},
		"steering annotations of Argo CD": {
			configMap(", annotations: {argocd.argoproj.io/sync-wave: '1', argocd.argoproj.io/sync-options: Prune=false, argocd.argoproj.io/compare-options: IgnoreExtraneous, argocd.argoproj.io/tracking-id: x, argocd.argoproj.io/installation-id: y}", ""), configMap("", ""),
			configMap(", labels: {argocd.argoproj.io/sync-wave: '1'}", ""), `value ConfigMap/web metadata.labels: none -> {"argocd.argoproj.io/sync-wave":"1"}`,
		},
		"other annotations of Argo CD": {
			configMap(", annotations: {argocd.argoproj.io/hook: Sync, argocd.argoproj.io/hook-delete-policy: HookFailed}", ""), configMap("", ""),
			configMap(", annotations: {argocd.argoproj.io/skip-reconcile: 'true'}", ""), `value ConfigMap/web metadata.annotations: none -> {"argocd.argoproj.io/skip-reconcile":"true"}`,
		},
		"what keeps a resource": {
			configMap("", ""), configMap(", annotations: {helm.sh/resource-policy: keep}", ""),
			configMap(", annotations: {helm.sh/hook-weight: '1'}", ""), `value ConfigMap/web metadata.annotations: none -> {"helm.sh/hook-weight":"1"}`,
		},
		"records of a conversion": {
			configMap("", ""), configMap(", annotations: {kubectl-gitops.io/preserved: x, kubectl-gitops.io/part-of: y}", ""),
			configMap(", annotations: {kubectl-gitops.io/placed: 'true'}", ""), `value ConfigMap/web metadata.annotations: none -> {"kubectl-gitops.io/placed":"true"}`,
		},
		"the label by which Argo CD may track is the source's": {
			configMap(", labels: {app.kubernetes.io/instance: web}", ""), configMap(", labels: {app.kubernetes.io/instance: web}", ""),
			configMap("", ""), `value ConfigMap/web metadata.labels: {"app.kubernetes.io/instance":"web"} -> none`,
		},
		"marks of Helm": {
			configMap("", ""), installedConfigMap(", app.kubernetes.io/managed-by: Helm", ""),
			configMap(", labels: {app.kubernetes.io/managed-by: Helm}", ""), `value ConfigMap/web metadata.labels: none -> {"app.kubernetes.io/managed-by":"Helm"}`,
		},
		"marks of Helm that the chart sets too": {
			configMap(", labels: {app.kubernetes.io/managed-by: Helm}", ""), installedConfigMap(", app.kubernetes.io/managed-by: Helm", ""),
			installedConfigMap(", app.kubernetes.io/managed-by: Me", ""), `value ConfigMap/web metadata.labels["app.kubernetes.io/managed-by"]: "Helm" -> "Me"`,
		},
		"marks of Helm alone": {
			configMap(", labels: {app.kubernetes.io/managed-by: me}", ""), installedConfigMap(", app.kubernetes.io/managed-by: me", ""),
			installedConfigMap(", app.kubernetes.io/managed-by: Helm", ""), `value ConfigMap/web metadata.labels["app.kubernetes.io/managed-by"]: "me" -> "Helm"`,
		},
		"metadata that says nothing": {
			configMap(", creationTimestamp: null, labels: {}, annotations: null", ""), configMap("", ""),
			configMap(", creationTimestamp: '2026-01-01T00:00:00Z'", ""), `value ConfigMap/web metadata.creationTimestamp: none -> "2026-01-01T00:00:00Z"`,
		},
		"the same of a custom kind": {
			strings.Replace(custom(""), "name: web", "name: web, labels: null, annotations: {}, creationTimestamp: null", 1), custom(""),
			strings.Replace(custom(""), "name: web", "name: web, finalizers: [a.b/c]", 1), `value Thing/web metadata.finalizers: none -> ["a.b/c"]`,
		},
		"an empty status": {
			custom(", status: {}"), custom(""), custom(", status: {a: b}"), `value Thing/web status: none -> {"a":"b"}`,
		},
		"a status of null": {
			custom(", status: null"), custom(""), custom(", status: off"), `value Thing/web status: none -> false`,
		},
		"the status of a built-in kind": {
			strings.Replace(deployment("", ""), "spec: {selector", "status: {replicas: 3}, spec: {selector", 1), deployment("", ""),
			strings.Replace(deployment("", ""), "spec: {selector", "spec: {replicas: 3, selector", 1), `value Deployment/web spec.replicas: none -> 3`,
		},
		"the status of a CRD": {
			"{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}, status: {storedVersions: [v1]}}", "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: a}}",
			"{apiVersion: example.com/v1, kind: CustomResourceDefinition, metadata: {name: a}, status: {storedVersions: [v1]}}",
			"absent CustomResourceDefinition/a: applied -> none (Flux does not have it)\nabsent CustomResourceDefinition/a: none -> applied (Argo CD does not have it)",
		},
		"null, empty and absent": {
			deployment("", ", resources: {}, env: null, command: []"), deployment("", ""),
			deployment("", ", resources: {limits: {cpu: 1}}"), `value Deployment/web spec.template.spec.containers[name=web].resources.limits: none -> {"cpu":"1"}`,
		},
		"an empty map that says something": {
			deployment("", ", volumeMounts: []"), deployment("", ""),
			strings.Replace(deployment("", ""), "containers:", "volumes: [{name: tmp, emptyDir: {}}], containers:", 1), `value Deployment/web spec.template.spec.volumes: none -> [{"emptyDir":{},"name":"tmp"}]`,
		},
		"null and empty that select": {
			"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, spec: {podSelector: {}, ingress: [{from: null}]}}", "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, spec: {podSelector: {matchLabels: {}}, ingress: [{}]}}",
			"{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: web}, spec: {podSelector: {}, ingress: []}}", `value NetworkPolicy/web spec.ingress: [{}] -> none`,
		},
		"null in a map of texts is an empty text": {
			configMap("", ", data: {a: null}"), configMap("", ", data: {a: ''}"), configMap("", ""), `value ConfigMap/web data: {"a":""} -> none`,
		},
		"null in a custom kind is kept": {
			custom(", spec: {a: 1}"), custom(", spec: {a: 1}"), custom(", spec: {a: 1, b: null}"), `value Thing/web spec.b: none -> null`,
		},
		"empty in a custom kind is kept": {
			custom(", spec: {a: {}}"), custom(", spec: {a: {}}"), custom(", spec: {a: []}"), `value Thing/web spec.a: {} -> []`,
		},
		"quantities": {
			deployment("", ", resources: {limits: {cpu: 1000m, memory: 1024Mi}}"), deployment("", ", resources: {limits: {cpu: 1, memory: 1Gi}}"),
			deployment("", ", resources: {limits: {cpu: 1001m, memory: 1Gi}}"), `value Deployment/web spec.template.spec.containers[name=web].resources.limits.cpu: "1" -> "1001m"`,
		},
		"quantities of a custom kind are texts": {
			custom(", spec: {cpu: 1000m}"), custom(", spec: {cpu: 1000m}"), custom(", spec: {cpu: '1'}"), `value Thing/web spec.cpu: "1000m" -> "1"`,
		},
		"quantities that are texts": {
			configMap("", ", data: {cpu: 1000m}"), configMap("", ", data: {cpu: 1000m}"), configMap("", ", data: {cpu: '1'}"), `value ConfigMap/web data.cpu: "1000m" -> "1"`,
		},
		"the protocol of a container's port": {
			deployment("", ", ports: [{containerPort: 80}]"), deployment("", ", ports: [{containerPort: 80, protocol: TCP}]"),
			deployment("", ", ports: [{containerPort: 80, protocol: UDP}]"),
			"value Deployment/web spec.template.spec.containers[name=web].ports[containerPort=80,protocol=TCP]: {\"containerPort\":80,\"protocol\":\"TCP\"} -> none\n" +
				`value Deployment/web spec.template.spec.containers[name=web].ports[containerPort=80,protocol=UDP]: none -> {"containerPort":80,"protocol":"UDP"}`,
		},
		"the protocol of a Service's port": {
			"{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80}]}}", "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80, protocol: TCP}]}}",
			"{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{port: 80, targetPort: 80}]}}", `value Service/web spec.ports[port=80,protocol=TCP].targetPort: 0 -> 80`,
		},
		"the type of a Secret": {
			secret(""), secret(", type: Opaque"), secret(", type: kubernetes.io/tls"), `value Secret/web type: "Opaque" -> "kubernetes.io/tls"`,
		},
		"data and stringData": {
			secret(", data: {a: eA==}"), secret(", stringData: {a: x}"), secret(", stringData: {a: z}"), `value Secret/web data.a: "<redacted>" -> "<redacted>" (secret value differs)`,
		},
		"stringData over data": {
			secret(", data: {a: eA==, b: eA==}, stringData: {a: z}"), secret(", data: {a: eg==, b: eA==}"),
			secret(", data: {a: eA==, b: eA==}"), `value Secret/web data.a: "<redacted>" -> "<redacted>" (secret value differs)`,
		},
		"forms of base64": {
			secret(", data: {a: \"eHh4\\neHh4\"}"), secret(", data: {a: eHh4eHh4}"), secret(", data: {a: eHh4eHh5}"), `value Secret/web data.a: "<redacted>" -> "<redacted>" (secret value differs)`,
		},
		"numbers that JSON writes alike": {
			custom(", spec: {a: 1.0}"), custom(", spec: {a: 1}"), custom(", spec: {a: '1'}"), `value Thing/web spec.a: 1 -> "1"`,
		},
		"large numbers": {
			custom(", spec: {a: 9007199254740993}"), custom(", spec: {a: 9007199254740993}"), custom(", spec: {a: 9007199254740992}"), `value Thing/web spec.a: 9007199254740993 -> 9007199254740992`,
		},
		"a namespace that the kind has not": {
			"{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, rules: []}", "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a, namespace: x}}",
			"{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}, rules: [{verbs: [get]}]}", `value ClusterRole/a rules: null -> [{"verbs":["get"]}]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := differences(t, c.argo, c.flux); got != "" {
				t.Errorf("not equal: %s", got)
			}
			if got := differences(t, c.argo, c.twin); got != c.want {
				t.Errorf("the twin differs by\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}
