package convert_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/kio"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// application is about one kilobyte, as real Applications are.
const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: service-%[1]d
  namespace: argocd
  labels:
    team: team-%[2]d
    tier: backend
  annotations:
    owner.example.com/contact: platform-team@example.com
  finalizers:
    - resources-finalizer.argocd.argoproj.io
spec:
  project: default
  source:
    repoURL: https://github.com/example/deployments-%[2]d.git
    targetRevision: main
    path: services/service-%[1]d/overlays/production
    kustomize:
      namePrefix: prod-
      images:
        - registry.example.com/service-%[1]d:1.4.%[2]d
  destination:
    server: https://kubernetes.default.svc
    namespace: service-%[1]d
  ignoreDifferences:
    - group: apps
      kind: Deployment
      jsonPointers:
        - /spec/replicas
  syncPolicy:
    automated:
      prune: true
      selfHeal: true
    syncOptions:
      - CreateNamespace=true
      - ServerSideApply=true
    retry:
      limit: 5
      backoff:
        duration: 5s
        factor: 2
        maxDuration: 3m
`

// fluxSource is shared by many appliers.
const fluxSource = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: deployments-%[1]d
  namespace: flux-system
spec:
  interval: 5m
  url: https://github.com/example/deployments-%[1]d.git
  ref:
    branch: main
`

// fluxApplier is about one kilobyte, as real Kustomizations are.
const fluxApplier = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: service-%[1]d
  namespace: flux-system
  labels:
    team: team-%[2]d
    tier: backend
  annotations:
    owner.example.com/contact: platform-team@example.com
spec:
  interval: 10m
  retryInterval: 1m
  timeout: 5m
  path: ./services/service-%[1]d/overlays/production
  prune: true
  wait: true
  deletionPolicy: WaitForTermination
  namePrefix: prod-
  targetNamespace: service-%[1]d
  sourceRef:
    kind: GitRepository
    name: deployments-%[2]d
  images:
    - name: registry.example.com/service-%[1]d
      newTag: 1.4.%[2]d
  commonMetadata:
    labels:
      app.example.com/owner: team-%[2]d
  patches:
    - patch: |
        - op: add
          path: /spec/template/spec/priorityClassName
          value: production
      target:
        kind: Deployment
  ignore:
    - paths: [/spec/replicas]
      target:
        group: ^apps$
        kind: Deployment
`

// kustomizations returns n of them with their sources behind them.
func kustomizations(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		b.WriteString("---\n")
		fmt.Fprintf(&b, fluxApplier, i, i%50)
	}
	for i := range min(n, 50) {
		b.WriteString("---\n")
		fmt.Fprintf(&b, fluxSource, i)
	}
	return b.Bytes()
}

const foreign = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings-%d
data:
  text: |
%s
`

func applications(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		b.WriteString("---\n")
		fmt.Fprintf(&b, application, i, i%50)
	}
	return b.Bytes()
}

func foreignObjects(n int) []byte {
	var b bytes.Buffer
	text := strings.Repeat("    the quick brown fox jumps over the lazy dog\n", 20)
	for i := range n {
		b.WriteString("---\n")
		fmt.Fprintf(&b, foreign, i, text)
	}
	return b.Bytes()
}

func drain(b testing.TB, data []byte) (documents int) {
	seq, err := convert.Convert([]convert.Input{{Name: "bench.yaml", Data: data}}, convert.Options{})
	if err != nil {
		b.Fatal(err)
	}
	s := convert.NewStream(io.Discard)
	for out := range seq {
		if out.Err != nil {
			b.Fatal(out.Err)
		}
		for _, o := range out.Out {
			if err := s.Write(o); err != nil {
				b.Fatal(err)
			}
			documents++
		}
	}
	return documents
}

// BenchmarkConvert converts Applications of one kilobyte. Compare with
// BenchmarkRoundTrip, which only reads and writes the same bytes.
func BenchmarkConvert(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		data := applications(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				drain(b, data)
			}
		})
	}
}

// BenchmarkConvertBack converts Kustomizations of one kilobyte.
func BenchmarkConvertBack(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		data := kustomizations(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				drain(b, data)
			}
		})
	}
}

// BenchmarkRoundTrip is kyaml's no-op: the yardstick.
func BenchmarkRoundTrip(b *testing.B) {
	data := applications(10_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		roundTrip(b, data)
	}
}

func roundTrip(b testing.TB, data []byte) {
	rw := kio.ByteReadWriter{Reader: bytes.NewReader(data), Writer: io.Discard, KeepReaderAnnotations: false}
	nodes, err := rw.Read()
	if err != nil {
		b.Fatal(err)
	}
	if err := rw.Write(nodes); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPass measures documents that are not ours.
func BenchmarkPass(b *testing.B) {
	data := foreignObjects(100_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		drain(b, data)
	}
}
