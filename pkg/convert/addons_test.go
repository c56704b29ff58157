package convert_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/fieldmeta"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// there converts an input and returns all that is written.
func there(t *testing.T, data []byte, o convert.Options) (text []byte, outs []convert.Outcome) {
	t.Helper()
	outs = outcomes(t, []convert.Input{{Name: "input.yaml", Data: data}}, o)
	var buf bytes.Buffer
	s := convert.NewStream(&buf)
	for _, out := range outs {
		if out.Err != nil {
			t.Fatal(out.Err)
		}
		for _, one := range out.Out {
			if err := s.Write(one); err != nil {
				t.Fatal(err)
			}
		}
	}
	return buf.Bytes(), outs
}

// annotationsOf returns the annotations of the Applications in a text, NAME KEY=VALUE.
func annotationsOf(t *testing.T, data []byte, prefix string) (all []string) {
	t.Helper()
	for _, root := range parse(t, "input.yaml", data) {
		annotations := node.At(root, "metadata", "annotations")
		if node.Text(root, "kind") != "Application" || annotations == nil {
			continue
		}
		for i := 0; i < len(annotations.Content); i += 2 {
			if key := annotations.Content[i].Value; strings.HasPrefix(key, prefix) {
				all = append(all, node.Text(root, "metadata", "name")+" "+key+"="+annotations.Content[i+1].Value)
			}
		}
	}
	slices.Sort(all)
	return all
}

const subscribed = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
  annotations:
    notifications.argoproj.io/subscribe.on-sync-failed.slack: ops;dev
    notifications.argoproj.io/subscribe.on-deployed.slack: ops
    notifications.argoproj.io/subscribe.on-health-degraded.teams: Ops Room
    example.com/other: x
spec:
  project: default
  source: {repoURL: 'https://github.com/o/r', path: app, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: prod}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: api
  namespace: argocd
  annotations:
    notifications.argoproj.io/subscribe.on-deployed.slack: ops
spec:
  project: default
  source: {repoURL: 'https://github.com/o/r', path: api, targetRevision: main}
  destination: {server: https://kubernetes.default.svc, namespace: prod}
`

const services = `---
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-notifications-cm, namespace: argocd}
data:
  service.slack: "token: S3CR3T-slack"
  service.teams: "recipientUrls: {Ops Room: https://example.com/S3CR3T-teams}"
`

// TestSubscriptionsComeBack: what an Alert was made of comes back, with the record of an
// earlier conversion and without.
func TestSubscriptionsComeBack(t *testing.T) {
	for name, input := range map[string]string{"with services": subscribed + services, "without": subscribed} {
		for _, keep := range []bool{false, true} {
			flux, _ := there(t, []byte(input), convert.Options{To: convert.ToFlux, Preserve: keep})
			back, _ := there(t, flux, convert.Options{To: convert.ToArgo})
			const prefix = "notifications.argoproj.io/"
			got, want := annotationsOf(t, back, prefix), annotationsOf(t, []byte(input), prefix)
			if !slices.Equal(got, want) {
				t.Errorf("%s, preserve %v: %q came back, want %q", name, keep, got, want)
			}
			if bytes.Contains(back, []byte("kind: Alert")) {
				t.Errorf("%s, preserve %v: an Alert is left", name, keep)
			}
		}
	}
}

// TestServicesComeBack: the services that Providers become are those that the
// annotations name, one for all recipients.
func TestServicesComeBack(t *testing.T) {
	flux, _ := there(t, []byte(subscribed), convert.Options{To: convert.ToFlux})
	back, _ := there(t, flux, convert.Options{To: convert.ToArgo})
	found := 0
	for _, root := range parse(t, "input.yaml", back) {
		if node.Text(root, "kind") != "ConfigMap" {
			continue
		}
		found++
		data := node.Get(root, "data")
		if got := node.Text(data, "service.slack"); got != "token: $slack-token\n" {
			t.Errorf("slack is %q", got)
		}
		if got := node.Text(data, "service.teams-workflows.teams"); !strings.Contains(got, "Ops Room: $teams-Ops-Room-address") {
			t.Errorf("teams is %q", got)
		}
	}
	if found != 1 {
		t.Errorf("%d ConfigMaps", found)
	}
	flux, _ = there(t, []byte(subscribed+services), convert.Options{To: convert.ToFlux})
	back, _ = there(t, flux, convert.Options{To: convert.ToArgo})
	if n := bytes.Count(back, []byte("kind: ConfigMap")); n != 1 {
		t.Errorf("beside the ConfigMap that defines the services there are %d more", n-1)
	}
}

// TestServiceSecrets: what a service says in the clear is in no finding and no object but
// the ConfigMap, which passes.
func TestServiceSecrets(t *testing.T) {
	_, outs := there(t, []byte(subscribed+services), convert.Options{To: convert.ToFlux, Preserve: true})
	for _, out := range outs {
		for _, e := range out.Entries {
			if strings.Contains(e.Note, "S3CR3T") {
				t.Errorf("%s %s tells a secret", e.ID, e.From.Path)
			}
		}
		for _, o := range out.Out {
			if o.Object.Kind != "ConfigMap" && bytes.Contains(o.Data, []byte("S3CR3T")) {
				t.Errorf("%s %s holds a secret", o.Object.Kind, o.Object.Name)
			}
		}
	}
}

// TestSeveralConfigs: of two configurations the first is read, and both say so.
func TestSeveralConfigs(t *testing.T) {
	other := strings.Replace(services, "service.teams", "service.email", 1)
	written, outs := there(t, []byte(subscribed+services+other), convert.Options{To: convert.ToFlux})
	said := 0
	for _, out := range outs {
		for _, e := range out.Entries {
			if e.ID == "notifications-config" && strings.Contains(e.Note, "several ConfigMaps") {
				said++
			}
		}
	}
	if said != 2 || !bytes.Contains(written, []byte("type: msteams")) {
		t.Errorf("%d say so, and\n%s", said, written)
	}
}

// TestNotificationVersion: Flux serves Alert and Provider as v1 from 2.10 on.
func TestNotificationVersion(t *testing.T) {
	for version, want := range map[string]string{"2.9": "notification.toolkit.fluxcd.io/v1beta3", "2.10": "notification.toolkit.fluxcd.io/v1"} {
		_, outs := there(t, []byte(subscribed), convert.Options{To: convert.ToFlux, FluxVersion: version})
		seen := 0
		for _, out := range outs {
			checkValid(t, version, out)
			for _, o := range out.Out {
				if o.Object.Kind == "Alert" || o.Object.Kind == "Provider" {
					seen++
					if o.Object.APIVersion != want {
						t.Errorf("Flux %s gets %s %s", version, o.Object.Kind, o.Object.APIVersion)
					}
				}
			}
		}
		if seen == 0 {
			t.Error("no Alert is written")
		}
	}
}

// TestMarksAreRead: the library with which Flux finds marks reads those of the output.
func TestMarksAreRead(t *testing.T) {
	sc := readScenario(t, "testdata/fields/image-updates.txtar")
	written, _ := there(t, []byte(sc.Sections["input.yaml"]), sc.Options)
	was := fieldmeta.ShortHandRef()
	fieldmeta.SetShortHandRef("$imagepolicy") // as image-automation-controller does (internal/constants)
	defer fieldmeta.SetShortHandRef(was)
	var found []string
	for _, root := range parse(t, "output.yaml", written) {
		visit(root, func(n *yaml.Node) {
			var meta fieldmeta.FieldMeta
			if err := meta.Read(yaml.NewRNode(n)); err != nil {
				t.Fatal(err)
			}
			if ref := meta.Schema.Ref.String(); ref != "" {
				found = append(found, strings.TrimPrefix(ref, fieldmeta.DefinitionsPrefix+fieldmeta.SetterDefinitionPrefix)+"="+n.Value)
			}
		})
	}
	want := []string{
		"flux-system:web-side:tag=b", "flux-system:web-nginx:digest=sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"flux-system:web-web:tag=1.2.0", "flux-system:chart-a:tag=1.0.0", "flux-system:chart-b=ghcr.io/o/b:1",
	}
	if !slices.Equal(found, want) {
		t.Errorf("%q, want %q", found, want)
	}
}

func visit(n *yaml.Node, do func(*yaml.Node)) {
	if n.Kind == yaml.ScalarNode {
		do(n)
	}
	for _, child := range n.Content {
		visit(child, do)
	}
}
