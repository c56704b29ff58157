package content

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

func pod(spec string) string {
	return "{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: " + spec + "}\n"
}

// TestPaths: a difference is told where it is, and once.
func TestPaths(t *testing.T) {
	for name, c := range map[string]struct{ left, right, want string }{
		"a container is put in front": {
			pod("{containers: [{name: a, image: a}, {name: b, image: b}]}"), pod("{containers: [{name: new, image: new}, {name: a, image: a}, {name: b, image: b}]}"),
			`value Pod/web spec.containers[name=new]: none -> {"image":"new","name":"new","resources":{}}`,
		},
		"containers change places, and one its image": {
			pod("{containers: [{name: a, image: a}, {name: b, image: b}]}"), pod("{containers: [{name: b, image: c}, {name: a, image: a}]}"),
			"value Pod/web spec.containers[name=b].image: \"b\" -> \"c\"\norder Pod/web spec.containers: [name=a name=b] -> [name=b name=a]",
		},
		"two containers of one name": {
			pod("{containers: [{name: a, image: a}, {name: a, image: b}]}"), pod("{containers: [{name: a, image: a}, {name: a, image: c}]}"),
			`value Pod/web spec.containers[1].image: "b" -> "c"`,
		},
		"a container without a name": {
			pod("{containers: [{name: a, image: a}]}"), pod("{containers: [{image: a}]}"),
			"value Pod/web spec.containers[name=a]: {\"image\":\"a\",\"name\":\"a\",\"resources\":{}} -> none\n" +
				`value Pod/web spec.containers[name=]: none -> {"image":"a","name":"","resources":{}}`,
		},
		"mounts of one volume": {
			pod("{containers: [{name: a, volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /b}]}]}"), pod("{containers: [{name: a, volumeMounts: [{name: v, mountPath: /a}, {name: v, mountPath: /b, readOnly: true}]}]}"),
			`value Pod/web spec.containers[name=a].volumeMounts[mountPath=/b].readOnly: none -> true`,
		},
		"one port with two protocols": {
			pod("{containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}]}"), pod("{containers: [{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53, hostPort: 1}]}]}"),
			`value Pod/web spec.containers[name=a].ports[containerPort=53,protocol=TCP].hostPort: none -> 1`,
		},
		"an argument is put in front": {
			pod("{containers: [{name: a, args: [b, c, d]}]}"), pod("{containers: [{name: a, args: [a, b, c, d]}]}"),
			`value Pod/web spec.containers[name=a].args[0]: none -> "a"`,
		},
		"an argument is gone and one changed": {
			pod("{containers: [{name: a, args: [a, b, c, d]}]}"), pod("{containers: [{name: a, args: [b, c, e]}]}"),
			"value Pod/web spec.containers[name=a].args[0]: \"a\" -> none\nvalue Pod/web spec.containers[name=a].args[3]: \"d\" -> \"e\"",
		},
		"an item deep in lists without keys": {
			custom(", spec: {rules: [{a: [1, 2]}, {a: [3, {b: c}]}]}"), custom(", spec: {rules: [{a: [0]}, {a: [1, 2]}, {a: [3, {b: d}]}]}"),
			"value Thing/web spec.rules[0]: none -> {\"a\":[0]}\nvalue Thing/web spec.rules[1].a[1].b: \"c\" -> \"d\"",
		},
		"a name that a terminal would obey": {
			pod("{containers: [{name: \"a]\\e[2J\"}]}"), pod("{containers: [{name: \"a]\\e[2J\", image: a}]}"), `value Pod/web spec.containers[name="a]\x1b[2J"].image: none -> "a"`,
		},
		"another shape": {custom(", spec: [a]"), custom(", spec: {a: b}"), `value Thing/web spec: ["a"] -> {"a":"b"}`},
		"a key with dots": {
			configMap("", ", data: {a.b: x}"), configMap("", ", data: {a.b: y2}"), `value ConfigMap/web data["a.b"]: "x" -> "y2"`,
		},
		"a long text": {
			configMap("", ", data: {a: '"+strings.Repeat("x", 500)+"1"+strings.Repeat("z", 500)+"'}"), configMap("", ", data: {a: '"+strings.Repeat("x", 500)+"2"+strings.Repeat("z", 500)+"'}"),
			"value ConfigMap/web data.a: …" + strings.Repeat("x", 30) + "1" + strings.Repeat("z", 129) + "… -> …" + strings.Repeat("x", 30) + "2" + strings.Repeat("z", 129) + "…",
		},
		"the version": {
			"{apiVersion: policy/v1beta1, kind: PodDisruptionBudget, metadata: {name: a}}", "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: a}}",
			`value PodDisruptionBudget/a apiVersion: "policy/v1beta1" -> "policy/v1"`,
		},
		"what the API server refuses": {
			strings.Replace(deployment("", ", resources: {limits: {cpu: 1000m}}"), "spec: {selector", "spec: {replicas: '3', selector", 1),
			strings.Replace(deployment("", ", resources: {limits: {cpu: 1000m}}"), "spec: {selector", "spec: {replicas: 3, selector", 1),
			`value Deployment/web spec.replicas: "3" -> 3`,
		},
		"a field that no version has": {
			deployment("", ", imgae: x"), deployment("", ""), `value Deployment/web spec.template.spec.containers[name=web].imgae: "x" -> none`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := differences(t, c.left, c.right); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestWholes: what happens to objects as a whole.
func TestWholes(t *testing.T) {
	const cluster = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: wides.example.com}, spec: {group: example.com, scope: Cluster, names: {kind: Wide}}}\n---\n"
	wide := func(namespace string) string {
		return "{apiVersion: example.com/v1, kind: Wide, metadata: {name: a" + namespace + "}}\n"
	}
	for name, c := range map[string]struct{ left, right, want string }{
		"nothing":                            {"", "", ""},
		"only left":                          {configMap("", ""), "", "absent ConfigMap/web: applied -> none (Flux does not have it)"},
		"another group":                      {custom(""), strings.Replace(custom(""), "example.com", "example.org", 1), "absent Thing/web: applied -> none (Flux does not have it)\nabsent Thing/web: none -> applied (Argo CD does not have it)"},
		"another namespace":                  {configMap(", namespace: a", ""), configMap(", namespace: b", ""), "absent ConfigMap/web: applied -> none (Flux has it in namespace \"b\")\nabsent ConfigMap/web: none -> applied (Argo CD has it in namespace \"a\")"},
		"no namespace":                       {configMap(", namespace: a", ""), configMap("", ""), "absent ConfigMap/web: none -> applied (Argo CD has it in namespace \"a\")\nabsent ConfigMap/web: applied -> none (Flux has it without a namespace)"},
		"cluster scoped":                     {cluster + wide(""), cluster + wide(", namespace: a"), ""},
		"cluster scoped once":                {cluster + wide(""), wide(", namespace: a"), "absent CustomResourceDefinition/wides.example.com: applied -> none (Flux does not have it)"},
		"not known":                          {wide(""), wide(", namespace: a"), "absent Wide/a: applied -> none (Flux has it in namespace \"a\")\nabsent Wide/a: none -> applied (Argo CD has it without a namespace)"},
		"marks of Helm that Argo CD applies": {installedConfigMap("", ""), configMap("", ""), `value ConfigMap/web metadata.annotations: {"meta.helm.sh/release-name":"web","meta.helm.sh/release-namespace":"prod"} -> none`},
		"twice":                              {configMap("", ""), configMap("", "") + "---\n" + configMap("", ""), "repeated ConfigMap/web: rendered once -> rendered 2 times (of objects with one name, the order decides which stays)"},
		"twice on both sides":                {configMap("", "") + "---\n" + configMap("", ", data: {a: b}"), configMap("", "") + "---\n" + configMap("", ", data: {a: b}"), ""},
		"twice in another order": {configMap("", "") + "---\n" + configMap("", ", data: {a: b}"), configMap("", ", data: {a: b}") + "---\n" + configMap("", ""),
			"value ConfigMap/web data: none -> {\"a\":\"b\"}\nvalue ConfigMap/web data: {\"a\":\"b\"} -> none"},
		"names to come": {strings.Replace(custom(""), "name:", "generateName:", 1), strings.Replace(custom(""), "name: web", "generateName: wed", 1),
			"absent Thing/web*: applied -> none (Flux does not have it)\nabsent Thing/wed*: none -> applied (Argo CD does not have it)"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := differences(t, c.left, c.right); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

// TestParts: hooks are told from what is applied and kept, and by their phases.
func TestParts(t *testing.T) {
	part := func(p manifest.Part, annotations string) []manifest.Object {
		all := decode(t, configMap(", annotations: {"+annotations+"}", ""))
		all[0].Part = p
		return all
	}
	const pre, helm, post = "argocd.argoproj.io/hook: PreSync", "helm.sh/hook: 'pre-install,pre-upgrade'", "argocd.argoproj.io/hook: PostSync"
	why := " (a hook runs in its phase, and again with each sync; what is no hook is applied and kept)"
	for name, c := range map[string]struct {
		left, right []manifest.Object
		tool        Tool
		want        string
	}{
		"a chart's hook":            {part(manifest.Hook, helm), part(manifest.Hook, helm), Flux, ""},
		"a CRD of a chart":          {part(manifest.Main, ""), part(manifest.CRD, ""), Flux, ""},
		"a hook that Flux applies":  {part(manifest.Hook, pre), part(manifest.Main, pre), Flux, "part ConfigMap/web: hook PreSync -> applied" + why},
		"a hook that Argo CD keeps": {part(manifest.Main, ""), part(manifest.Hook, ""), Flux, "part ConfigMap/web: applied -> hook" + why},
		"another phase":             {part(manifest.Hook, pre), part(manifest.Hook, post), ArgoCD, "part ConfigMap/web: hook PreSync -> hook PostSync" + why},
		"phases that Flux does not read": {part(manifest.Hook, post+", "+helm), part(manifest.Hook, post+", "+helm), Flux,
			"part ConfigMap/web: hook PostSync -> hook PreSync" + why},
		"no phase of Argo CD": {part(manifest.Hook, helm), part(manifest.Hook, "helm.sh/hook: pre-delete"), Flux,
			"part ConfigMap/web: hook PreSync -> hook pre-delete" + why + "\nvalue ConfigMap/web metadata.annotations[\"helm.sh/hook\"]: \"pre-install,pre-upgrade\" -> \"pre-delete\""},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, d := range Compare(Side{Tool: ArgoCD, Objects: c.left}, Side{Tool: c.tool, Objects: c.right}).Differences {
				lines = append(lines, brief(d))
			}
			if got := strings.Join(lines, "\n"); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
	skipped := Side{Tool: ArgoCD, Omitted: part(manifest.Main, "argocd.argoproj.io/hook: Skip")}
	got := Compare(skipped, Side{Tool: Flux, Objects: part(manifest.Main, "")}).Differences
	if len(got) != 1 || got[0].Reason != "Argo CD does not apply it: argocd.argoproj.io/hook: Skip" {
		t.Errorf("got %+v", got)
	}
}

// TestSecrets: no difference shows a secret, wherever it is, and each is noticed.
func TestSecrets(t *testing.T) {
	const one, two = "hunter-one-1", "hunter-two-2"
	for name, text := range map[string]string{
		"data":                secret(", stringData: {a: SECRET}"),
		"a new key":           secret(", data: {b: eA==}, stringData: {a: SECRET}"),
		"as a number":         secret(", stringData: {a: 12, b: SECRET}"),
		"as a list":           secret(", data: [SECRET]"),
		"as one text":         secret(", data: SECRET"),
		"in a map":            secret(", data: {a: {b: SECRET}}"),
		"not base64":          secret(", data: {a: 'SECRET='}"),
		"a field of the API":  secret(", unknown: {password: SECRET}"),
		"in a URL":            configMap("", ", data: {url: 'https://user:SECRET@example.com/x'}"),
		"in a file":           configMap("", ", data: {app.yaml: \"database:\\n  password: SECRET\\n\"}"),
		"a variable":          deployment("", ", env: [{name: DB_PASSWORD, value: SECRET}]"),
		"an argument":         deployment("", ", args: [--token, SECRET]"),
		"a name":              deployment("", ", env: [{name: 'https://user:SECRET@example.com', value: x}]"),
		"order of names":      deployment("", ", env: [{name: 'https://user:SECRET@example.com', value: x}, {name: b, value: x}]"),
		"a key":               configMap("", ", data: {'https://user:SECRET@example.com': x}"),
		"values of a release": strings.Replace(custom(", spec: {values: {auth: {password: SECRET}}}"), "kind: Thing", "kind: HelmRelease", 1),
		"last applied":        configMap(", annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"stringData\":{\"a\":\"SECRET\"}}'}", ""),
	} {
		t.Run(name, func(t *testing.T) {
			left, right := strings.ReplaceAll(text, "SECRET", one), strings.ReplaceAll(text, "SECRET", two)
			for _, right := range []string{right, configMap("", ""), strings.Replace(left, "name: web", "name: web, labels: {a: b}", 1), ""} {
				result := Compare(Side{Tool: ArgoCD, Objects: decode(t, left)}, Side{Tool: Flux, Objects: decode(t, right)})
				if result.Equal() {
					t.Errorf("no difference between %s and %s", left, right)
				}
				var b strings.Builder
				if err := Write(&b, result, ArgoCD, Flux); err != nil {
					t.Fatal(err)
				}
				data, err := json.Marshal(result)
				if err != nil {
					t.Fatal(err)
				}
				for _, part := range []string{"hunter", "aHVudGVy"} {
					if text := b.String() + string(data); strings.Contains(text, part) {
						t.Errorf("shows %s:\n%s", part, text)
					}
				}
			}
		})
	}
}
