package convert_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const secretive = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  annotations: {example.com/token: PLANTED-annotation}
spec:
  project: default
  source:
    repoURL: https://bot:PLANTED-url@example.com/o/r.git
    path: chart
    targetRevision: main
    helm:
      values: "password: PLANTED-values"
      parameters: [{name: db.password, value: PLANTED-parameter}]
  info: [{name: key, value: PLANTED-info}]
  destination: {name: in-cluster, namespace: prod}
`

// TestSecrets: values stay in the objects that carry them; the ledger and errors
// never show one, and credentials of a URL are not even copied.
func TestSecrets(t *testing.T) {
	broken := []string{
		strings.Replace(secretive, "path: chart", "path: {PLANTED: x}", 1),
		strings.Replace(secretive, `"password: PLANTED-values"`, `"password: [PLANTED-values"`, 1),
		strings.Replace(secretive, "db.password, value", "'a[-1]', value", 1),
		strings.Replace(secretive, "in-cluster", "*PLANTED", 1),
		strings.Replace(secretive, "name: in-cluster, namespace: prod", "name: [PLANTED]", 1),
	}
	for _, input := range append(broken, secretive) {
		for _, out := range outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{}) {
			entries, err := json.Marshal(out.Entries)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(entries), "PLANTED") {
				t.Errorf("the ledger shows a secret: %s", entries)
			}
			if out.Err != nil && strings.Contains(out.Err.Error(), "PLANTED") {
				t.Errorf("the error shows a secret: %v", out.Err)
			}
			for _, o := range out.Out {
				if strings.Contains(string(o.Data), "PLANTED-url") {
					t.Errorf("the credentials of the URL were copied:\n%s", o.Data)
				}
			}
			if input != secretive && out.Err == nil {
				t.Errorf("broken input was taken:\n%s", input)
			}
		}
	}
}

const redactable = `# PLANTED-file
---
apiVersion: v1
kind: Secret
metadata: {name: plain} # PLANTED-line
stringData: {a: PLANTED-value}
--- # PLANTED-separator
# PLANTED-head
apiVersion: v1
kind: Secret
metadata: {name: git, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repository}}
stringData: {url: https://example.com/o/r.git, password: PLANTED-password}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: default
  source:
    repoURL: https://example.com/o/r.git
    path: web
    targetRevision: main
    kustomize: {patches: [{target: {kind: Secret}, patch: "[{op: add, path: /data/a, value: PLANTED-patch}]"}]}
  destination: {name: in-cluster, namespace: prod}
`

// TestRedacted: with RedactSecrets nothing that a Secret or its comments say is written,
// in Secrets that pass, in those that are converted, and in what holds others.
func TestRedacted(t *testing.T) {
	for _, preserve := range []bool{false, true} {
		o := convert.Options{To: convert.ToFlux, RedactSecrets: true, Preserve: preserve}
		text := string(streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(redactable)}}, o)))
		if strings.Contains(text, "PLANTED") || strings.Count(text, "kind: Secret\n") != 2 || strings.Count(text, "<redacted>") != 4 {
			t.Errorf("redacted is\n%s", text)
		}
	}
}

const addressed = `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, namespace: argocd}
spec:
  sourceRepos: ["https://bot:planted-project@example.com/*"]
  destinations: [{server: "https://bot:planted-destination@k8s.example.com", namespace: "*"}, {name: in-cluster, namespace: prod}]
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: here, namespace: argocd}
spec:
  project: team
  source: {repoURL: "https://example.com/o/r?token=planted-query", path: web, targetRevision: main, kustomize: {}}
  destination: {name: in-cluster, namespace: prod}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: team
  source:
    repoURL: https://example.com/charts?token=planted-query
    chart: web
    targetRevision: 1.2.3
    helm: {valueFiles: ["https://bot:planted-file@example.com/v.yaml"]}
  destination: {server: "https://bot:planted-server@other.example.com", namespace: prod}
`

// TestAddresses: what lets somebody in at an address is in no name, finding or record.
func TestAddresses(t *testing.T) {
	for _, out := range outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(addressed)}}, convert.Options{To: convert.ToFlux, Preserve: true}) {
		entries, err := json.Marshal(out.Entries)
		if err != nil || strings.Contains(string(entries), "planted") {
			t.Errorf("the ledger says %s, %v", entries, err)
		}
		if out.Status != convert.Converted {
			t.Errorf("not converted: %v, %s", out.Err, entries)
		}
		for _, o := range out.Out {
			// The query is part of the address, by which Flux finds the repository.
			if text := strings.ReplaceAll(string(o.Data), "?token=planted-query", ""); strings.Contains(text, "planted") {
				t.Errorf("written is\n%s", text)
			}
		}
	}
}
