package schema

import "testing"

const typical = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: shop
  namespace: argocd
  labels:
    app.kubernetes.io/part-of: store
    team: checkout
  annotations:
    argocd.argoproj.io/sync-wave: "2"
  finalizers:
    - resources-finalizer.argocd.argoproj.io
spec:
  project: default
  source:
    repoURL: https://charts.example.com/stable
    chart: shop
    targetRevision: 1.4.2
    helm:
      releaseName: shop
      parameters:
        - name: image.tag
          value: v1.4.2
          forceString: true
        - name: replicas
          value: "3"
      valuesObject:
        ingress:
          enabled: true
          hosts: [shop.example.com]
        resources:
          requests: {cpu: 100m, memory: 128Mi}
  destination:
    server: https://kubernetes.default.svc
    namespace: shop
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - CreateNamespace=true
      - ServerSideApply=true
    retry:
      limit: 5
      backoff: {duration: 5s, factor: 2, maxDuration: 3m}
  ignoreDifferences:
    - group: apps
      kind: Deployment
      jsonPointers:
        - /spec/replicas
  revisionHistoryLimit: 5
`

func BenchmarkValidate(b *testing.B) {
	s := schemaFor(b, "argoproj.io/v1alpha1", "Application")
	doc := parse(b, typical)
	if problems := s.Validate(doc); problems != nil {
		b.Fatal(problems)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(typical)))
	for b.Loop() {
		s.Validate(doc)
	}
}

// BenchmarkDecode measures the largest kind, paid once by a process that uses it.
func BenchmarkDecode(b *testing.B) {
	file, err := data.ReadFile(Kind{"argoproj.io/v1alpha1", "ApplicationSet"}.File())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Decode(file); err != nil {
			b.Fatal(err)
		}
	}
}
