package convert_test

import (
	"slices"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// TestReferencesHold: what comes back of a record refers to Secrets that come back with it,
// under their names, in their namespaces and with their keys, and no two are of one name.
func TestReferencesHold(t *testing.T) {
	const moved = `apiVersion: v1
kind: Secret
metadata: {name: way-in, namespace: team}
stringData: {username: u, password: p}
---
apiVersion: v1
kind: Secret
metadata: {name: way-out, namespace: team}
stringData: {address: "http://proxy:3128"}
---
apiVersion: v1
kind: Secret
metadata: {name: far, namespace: team}
stringData:
  there: '{"current-context": "x", "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}], "clusters": [{"name": "c", "cluster": {"server": "https://far.example.com"}}], "users": [{"name": "u", "user": {"token": "t"}}]}'
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: app, namespace: team}
spec: {interval: 5m, url: "https://git.example.com/o/app", secretRef: {name: way-in}, proxySecretRef: {name: way-out}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: team}
spec: {interval: 5m, prune: true, path: a, sourceRef: {kind: GitRepository, name: app}, kubeConfig: {secretRef: {name: far, key: there}}}
`
	lost := []string{"flux-system/stranger", "flux-system/torn", "flux-system/numeric"} // hold nothing that Argo CD can use
	inputs := map[string]string{"moved": moved}
	for _, file := range []string{"to-argocd", "clusters-to-argocd", "trust-to-argocd"} {
		sections := readScenario(t, "testdata/credentials/"+file+".txtar").Sections
		inputs[file] = sections["input.yaml"]
	}
	for name, input := range inputs {
		there := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToArgo, Preserve: true}))
		back := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: there}}, convert.Options{To: convert.ToFlux}))
		had, has := secretsIn(t, []byte(input)), secretsIn(t, back)
		for _, ref := range references(t, back) {
			if slices.Contains(lost, ref.secret) {
				continue
			}
			was, is := had[ref.secret], has[ref.secret]
			if was != nil && is == nil || was[ref.key] != "" && is[ref.key] == "" {
				t.Errorf("%s: %s refers to key %q of Secret %s, which did not come back", name, ref.by, ref.key, ref.secret)
			}
		}
	}
}

// A reference is one of an object to a Secret, by namespace and name, and to one of its keys.
type reference struct{ by, secret, key string }

func references(t *testing.T, text []byte) (found []reference) {
	t.Helper()
	docs, err := document.Split("out.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for i := range docs {
		root := parsed(t, docs[i].Raw)
		for _, path := range [][]string{{"secretRef"}, {"certSecretRef"}, {"proxySecretRef"}, {"kubeConfig", "secretRef"}} {
			if ref := node.At(node.Get(root, "spec"), path...); ref != nil {
				found = append(found, reference{identity(root), node.Text(root, "metadata", "namespace") + "/" + node.Text(ref, "name"), node.Text(ref, "key")})
			}
		}
	}
	return found
}
