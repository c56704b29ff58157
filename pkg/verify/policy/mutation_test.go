package policy

import (
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// A mutation changes one policy of what a conversion wrote.
type mutation struct {
	row string
	// base names the object that was converted, of the inputs below.
	base string
	// kind is the object to change, path the field and value its YAML; an empty value
	// removes the field. Where path is empty, value is an object to add, or the object is
	// removed.
	kind, path, value string
	// with are rows that the same field decides, too.
	with []string
}

const argoInput = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://github.com/example/web, path: app, targetRevision: main, kustomize: {namespace: prod}}
  destination: {server: https://kubernetes.default.svc, namespace: prod}
  syncPolicy:
    automated: {prune: true, selfHeal: true, allowEmpty: true}
    syncOptions: [CreateNamespace=true, ServerSideApply=true]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: db, namespace: argocd, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  source: {repoURL: https://charts.example.com, chart: db, targetRevision: 1.2.3}
  destination: {server: https://kubernetes.default.svc, namespace: data}
  syncPolicy:
    automated: {prune: true, allowEmpty: true}
    syncOptions: [CreateNamespace=true, ServerSideApply=true]
`

const fluxInput = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: web, namespace: flux-system}
spec: {interval: 3m, url: https://github.com/example/web, ref: {branch: main}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: flux-system}
spec: {interval: 3m, url: https://charts.example.com}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web, namespace: flux-system}
spec:
  interval: 10m
  path: ./app
  prune: true
  wait: true
  targetNamespace: prod
  sourceRef: {kind: GitRepository, name: web}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: db, namespace: flux-system}
spec:
  interval: 10m
  releaseName: db
  targetNamespace: data
  chart:
    spec: {chart: db, version: 1.2.3, sourceRef: {kind: HelmRepository, name: charts}}
  install: {crds: CreateReplace, createNamespace: true, strategy: {name: RetryOnFailure}}
  upgrade: {crds: CreateReplace, strategy: {name: RetryOnFailure}}
`

const settings = "{apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm, namespace: argocd}, data: {timeout.reconciliation: 30m}}"

const limits = "{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: default, namespace: argocd}, " +
	"spec: {sourceRepos: ['*'], destinations: [{server: '*', namespace: stage}], clusterResourceWhitelist: [{group: '*', kind: '*'}]}}"

// mutations of Flux objects and of Applications. Flux has no field for how it prunes and
// for an empty source but prune itself, and an Application none for decryption.
var mutations = []mutation{
	{"trigger", "web", "GitRepository", "spec.interval", "1h", nil},
	{"trigger", "web", "GitRepository", "spec.suspend", "true", nil},
	{"trigger", "db", "HelmRepository", "spec.interval", "1h", nil},
	{"revision", "web", "GitRepository", "spec.ref", "{tag: v9.9.9}", nil},
	{"revision", "db", "HelmRelease", "spec.chart.spec.version", "2.0.0", nil},
	{"revision", "web", "GitRepository", "spec.url", "https://github.com/fork/web", nil},
	{"revision", "web", "GitRepository", "spec.verify", "{mode: HEAD, secretRef: {name: keys}}", nil},
	{"revision", "db", "HelmRepository", "spec.url", "https://mirror.example.com", nil},
	{"revision", "db", "HelmRelease", "spec.chart.spec.verify", "{provider: cosign}", nil},
	{"automation", "web", "Kustomization", "spec.suspend", "true", []string{"self-heal", "deletion"}},
	{"automation", "db", "HelmRelease", "spec.suspend", "true", []string{"deletion"}},
	{"prune", "web", "Kustomization", "spec.prune", "false", []string{"prune-method", "empty-source"}},
	{"prune-method", "web", "Kustomization", "spec.prune", "false", []string{"prune", "empty-source"}},
	{"empty-source", "web", "Kustomization", "spec.prune", "false", []string{"prune", "prune-method"}},
	{"self-heal", "web", "Kustomization", "spec.interval", "30m", nil},
	{"self-heal", "db", "HelmRelease", "spec.driftDetection.mode", "enabled", nil},
	{"self-heal", "db", "HelmRelease", "spec.driftDetection.mode", "warn", nil},
	{"drift-exceptions", "web", "Kustomization", "spec.ignore", "[{paths: [/spec/replicas], target: {kind: Deployment}}]", nil},
	{"drift-exceptions", "db", "HelmRelease", "spec.driftDetection.ignore", "[{paths: [/spec/replicas], target: {kind: Deployment}}]", nil},
	{"apply-method", "web", "Kustomization", "spec.force", "true", nil},
	{"apply-method", "db", "HelmRelease", "spec.upgrade.force", "true", nil},
	{"apply-method", "db", "HelmRelease", "spec.install.serverSideApply", "false", nil},
	{"apply-method", "db", "HelmRelease", "spec.upgrade.disableOpenAPIValidation", "true", nil},
	{"apply-method", "db", "HelmRelease", "spec.upgrade.preserveValues", "true", nil},
	{"namespace-creation", "web", "Namespace", "", "", nil},
	{"namespace-creation", "db", "HelmRelease", "spec.install.createNamespace", "", nil},
	{"namespace-placement", "web", "Kustomization", "spec.targetNamespace", "stage", []string{"namespace-creation"}},
	{"namespace-placement", "db", "HelmRelease", "spec.targetNamespace", "stage", nil},
	{"destination-cluster", "web", "Kustomization", "spec.kubeConfig", "{secretRef: {name: edge}}", []string{"namespace-creation"}},
	{"destination-cluster", "db", "HelmRelease", "spec.kubeConfig", "{secretRef: {name: edge}}", nil},
	{"ordering", "web", "Kustomization", "spec.dependsOn", "[{name: db}]", nil},
	{"ordering", "db", "HelmRelease", "spec.dependsOn", "[{name: operator}]", nil},
	{"hooks", "db", "HelmRelease", "spec.upgrade.disableHooks", "true", nil},
	{"hooks", "db", "HelmRelease", "spec.test.enable", "true", nil},
	{"hooks", "db", "HelmRelease", "spec.uninstall.disableHooks", "true", nil},
	{"health", "web", "Kustomization", "spec.wait", "false", nil},
	{"health", "web", "Kustomization", "spec.healthCheckExprs", "[{apiVersion: v1, kind: Pod, current: 'true'}]", nil},
	{"health", "db", "HelmRelease", "spec.upgrade.disableWait", "true", nil},
	{"retry", "web", "Kustomization", "spec.retryInterval", "9m", nil},
	{"retry", "db", "HelmRelease", "spec.upgrade.strategy", "", nil},
	{"retry", "db", "HelmRelease", "spec.install.strategy", "{name: RemediateOnFailure}", nil},
	{"timeout", "web", "Kustomization", "spec.timeout", "1h", nil},
	{"timeout", "db", "HelmRelease", "spec.upgrade.timeout", "1h", nil},
	{"deletion", "web", "Kustomization", "spec.deletionPolicy", "Orphan", nil},
	{"deletion", "db", "HelmRelease", "spec.uninstall.deletionPropagation", "orphan", nil},
	{"crds", "web", "Kustomization", "spec.patches", "[]", nil},
	{"crds", "db", "HelmRelease", "spec.upgrade.crds", "Skip", nil},
	{"ownership", "web", "Kustomization", "spec.serviceAccountName", "tenant", nil},
	{"ownership", "db", "HelmRelease", "spec.releaseName", "data-db", nil},
	{"ownership", "db", "HelmRelease", "spec.install.disableTakeOwnership", "true", nil},
	{"processing", "web", "Kustomization", "spec.decryption", "{provider: sops}", nil},

	{"trigger", "Kustomization", "ConfigMap", "", settings, nil},
	{"revision", "Kustomization", "Application", "spec.source.targetRevision", "v9.9.9", nil},
	{"revision", "HelmRelease", "Application", "spec.source.targetRevision", "2.x", nil},
	{"revision", "Kustomization", "Application", "spec.source.repoURL", "https://github.com/fork/web", nil},
	{"automation", "Kustomization", "Application", "spec.syncPolicy.automated.enabled", "false", []string{"self-heal"}},
	{"automation", "HelmRelease", "Application", `metadata.annotations`, "{argocd.argoproj.io/skip-reconcile: 'true'}", nil},
	{"prune", "Kustomization", "Application", "spec.syncPolicy.automated.prune", "false", []string{"prune-method", "empty-source"}},
	{"prune", "HelmRelease", "Application", "spec.syncPolicy.syncOptions", "[ServerSideApply=true, CreateNamespace=true, PrunePropagationPolicy=background, Prune=confirm]", []string{"prune-method", "empty-source"}},
	{"prune-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[ServerSideApply=true, PrunePropagationPolicy=orphan]", nil},
	{"prune-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[ServerSideApply=true, PrunePropagationPolicy=background, PruneLast=true]", nil},
	{"empty-source", "Kustomization", "Application", "spec.syncPolicy.automated.allowEmpty", "false", nil},
	{"self-heal", "HelmRelease", "Application", "spec.syncPolicy.automated.selfHeal", "true", nil},
	{"drift-exceptions", "Kustomization", "Application", "spec.ignoreDifferences", "[{kind: Service, jsonPointers: [/spec/clusterIP]}]", nil},
	{"drift-exceptions", "Kustomization", "Application", "metadata.annotations", "{argocd.argoproj.io/compare-options: IgnoreExtraneous}", nil},
	{"apply-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[PrunePropagationPolicy=background]", nil},
	{"apply-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[PrunePropagationPolicy=background, ServerSideApply=true, Replace=true]", nil},
	{"apply-method", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[PrunePropagationPolicy=background, ServerSideApply=true, Validate=false]", nil},
	{"namespace-creation", "Kustomization", "Application", "spec.syncPolicy.syncOptions", "[PrunePropagationPolicy=background, ServerSideApply=true, CreateNamespace=true]", nil},
	{"namespace-creation", "HelmRelease", "Application", "spec.syncPolicy.managedNamespaceMetadata", "{labels: {team: a}}", nil},
	{"namespace-placement", "Kustomization", "Application", "spec.source.kustomize.namespace", "stage", nil},
	{"namespace-placement", "Kustomization", "Application", "spec.source.kustomize.namespace", "", nil},
	{"namespace-placement", "HelmRelease", "Application", "spec.destination.namespace", "stage", nil},
	{"destination-cluster", "Kustomization", "Application", "spec.destination", "{name: edge, namespace: prod}", nil},
	{"ordering", "Kustomization", "Application", "metadata.annotations", "{argocd.argoproj.io/sync-wave: '2'}", nil},
	{"hooks", "Kustomization", "Application", "metadata.annotations", "{argocd.argoproj.io/hook: PreSync}", nil},
	{"health", "Kustomization", "Application", "metadata.annotations", "{argocd.argoproj.io/ignore-healthcheck: 'true'}", nil},
	{"retry", "Kustomization", "Application", "spec.syncPolicy.retry.limit", "3", nil},
	{"retry", "Kustomization", "Application", "spec.syncPolicy.retry.refresh", "false", nil},
	{"retry", "Kustomization", "Application", "spec.syncPolicy.retry.backoff", "{duration: 5s}", nil},
	{"timeout", "Kustomization", "ConfigMap", "", "{kind: ConfigMap, apiVersion: v1, metadata: {name: argocd-cmd-params-cm}, data: {controller.sync.timeout.seconds: '60'}}", nil},
	{"deletion", "Kustomization", "Application", "metadata.finalizers", "", nil},
	{"deletion", "Kustomization", "Application", "metadata.finalizers", "[resources-finalizer.argocd.argoproj.io]", nil},
	{"deletion", "HelmRelease", "Application", "metadata.annotations", "{argocd.argoproj.io/sync-options: Delete=false}", nil},
	{"crds", "HelmRelease", "Application", "spec.source.helm.skipCrds", "true", nil},
	{"ownership", "Kustomization", "Application", "spec.project", "team", nil},
	{"ownership", "Kustomization", "AppProject", "", limits, nil},
	{"ownership", "HelmRelease", "Application", "spec.source.helm.releaseName", "other", nil},
}

// TestMutations: each mutation makes its row differ from what was converted and from what
// came out of the conversion, and no other row but those that it names.
func TestMutations(t *testing.T) {
	caught := map[string]int{}
	score := 0
	for _, m := range mutations {
		before, after := converted(t, m.base), converted(t, m.base)
		mutate(t, after.right.Side, m)
		if m.caught(t, before, after) {
			score++
			caught[m.row]++
		}
	}
	for _, row := range rows {
		if caught[row.slug] == 0 {
			t.Errorf("no mutation of %s is caught", row.slug)
		}
	}
	t.Logf("mutation score %d/%d = %d %%", score, len(mutations), 100*score/len(mutations))
}

func (m mutation) caught(t *testing.T, before, after conversion) bool {
	t.Helper()
	ok := true
	for _, r := range Compare(before.right, after.right) {
		expected := r.ID == m.row || slices.Contains(m.with, r.ID)
		if expected != (r.Verdict == Differs) {
			ok = false
			t.Errorf("%s: %s %s=%s: row %s is %s: %s | %s", m.row, m.kind, m.path, m.value, r.ID, r.Verdict, r.Left.Text, r.Right.Text)
		}
	}
	for _, r := range Compare(after.left, after.right) {
		if r.ID == m.row && (r.Verdict != Differs || r.Meaning == "") {
			ok = false
			t.Errorf("%s: %s %s=%s: against the original it is %s: %s | %s", m.row, m.kind, m.path, m.value, r.Verdict, r.Left.Text, r.Right.Text)
		}
	}
	return ok
}

// converted converts the input that holds the base and pairs the base with what it became.
func converted(t *testing.T, base string) conversion {
	t.Helper()
	input := argoInput
	if base == "Kustomization" || base == "HelmRelease" {
		input = fluxInput
	}
	inputs := []convert.Input{{Name: "input.yaml", Data: []byte(input)}}
	out, err := convert.Convert(inputs, convert.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range pairsOf(t, "", inputs, convert.Options{}, slices.Collect(out)) {
		if m := c.left.Appliers[0]; m.Name == base || m.Kind == base {
			return c
		}
	}
	t.Fatalf("%s was not converted", base)
	return conversion{}
}

// mutate changes the first object of the kind, of what the base became if it is there.
func mutate(t *testing.T, side *deployment.Side, m mutation) {
	t.Helper()
	if m.path == "" && m.value != "" {
		add(t, side, m.value)
		return
	}
	for _, o := range side.Objects.Kind(m.kind) {
		name := map[string]string{"Kustomization": "web", "HelmRelease": "db"}[m.base]
		if m.kind == "Application" && o.Name != name {
			continue
		}
		if m.path == "" {
			o.Name = "gone"
			return
		}
		change(t, o.Root, strings.Split(m.path, "."), m.value)
		return
	}
	t.Fatalf("there is no %s", m.kind)
}

func change(t *testing.T, n *yaml.Node, keys []string, value string) {
	t.Helper()
	for ; len(keys) > 1; keys = keys[1:] {
		if node.Get(n, keys[0]) == nil {
			node.Put(n, keys[0], node.Map())
		}
		n = node.Get(n, keys[0])
	}
	if value == "" {
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == keys[0] {
				n.Content = slices.Delete(n.Content, i, i+2)
				return
			}
		}
		t.Fatalf("%s is not there", keys[0])
	}
	node.Put(n, keys[0], yaml.MustParse(value).YNode())
}

func add(t *testing.T, side *deployment.Side, text string) {
	t.Helper()
	extra, err := deployment.Read([]convert.Input{{Name: "added.yaml", Data: []byte(text + "\n---\n" + argoInput)}}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range append(extra.Objects.Kind("ConfigMap"), extra.Objects.Kind("AppProject")...) {
		side.Objects.Add(o)
	}
}
