package convert_test

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const alerted = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: r, namespace: NS}
spec: {interval: 1m, url: https://github.com/o/NS, ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: web-NS, namespace: NS}
spec: {interval: 10m, prune: true, sourceRef: {kind: GitRepository, name: r}, path: ./web}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: slack, namespace: NS}
spec: {type: slack, channel: ops, address: https://slack.com/api/chat.postMessage, secretRef: {name: slack}}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: all, namespace: NS}
spec: {providerRef: {name: slack}, eventSources: [{kind: Kustomization, name: '*'}]}
---
`

const notifications = `# ours
apiVersion: v1
kind: ConfigMap
metadata: {name: argocd-notifications-cm, namespace: argocd}
data: {context: 'a: b'}
`

// TestServicesMerge: the services of Providers go into the ConfigMap that the input has, as a
// document or in a list, which keeps what it says; and to do so again changes nothing. Those of
// two tenants stay apart, as each has a token of its own.
func TestServicesMerge(t *testing.T) {
	two := strings.ReplaceAll(alerted, "NS", "one") + strings.ReplaceAll(alerted, "NS", "two")
	list := "apiVersion: v1\nkind: List\nitems:\n- " + strings.ReplaceAll(strings.TrimPrefix(notifications, "# ours\n"), "\n", "\n  ")
	convertTwo := func(texts ...string) string {
		var inputs []convert.Input
		for _, text := range texts {
			inputs = append(inputs, convert.Input{Name: "in.yaml", Data: []byte(text)})
		}
		return string(streams(t, outcomes(t, inputs, convert.Options{To: convert.ToArgo})))
	}
	for _, given := range []string{notifications, list} {
		out := convertTwo(two + given)
		config := configOf(t, out)
		for key, want := range map[string]string{"context": "a: b", "service.slack": "token: $slack-token\n", "service.slack.two-slack": "token: $two-slack-token\n"} {
			if got := node.Text(config, "data", key); got != want {
				t.Errorf("%s is %q in\n%s", key, got, out)
			}
		}
		if again := convertTwo(two, out); strings.Count(again, "\nkind: ") != strings.Count(out, "\nkind: ") || strings.Contains(again, "kind: Alert") {
			t.Errorf("again it is\n%s", again)
		}
	}
	other := strings.Replace(notifications, "\ndata: {", "\ndata: {service.slack: 'token: $other', ", 1)
	if config := configOf(t, convertTwo(two+other)); node.Text(config, "data", "service.slack") != "token: $other" || node.Text(config, "data", "service.slack.one-slack") != "token: $one-slack-token\n" {
		t.Errorf("what the input has is not kept: %v", node.Value(config))
	}
}

// configOf is the only argocd-notifications-cm of a stream.
func configOf(t *testing.T, stream string) (found *yaml.Node) {
	t.Helper()
	for _, text := range strings.Split(stream, "\n---\n") {
		root := yaml.MustParse(text).YNode()
		if node.Text(root, "metadata", "name") != "argocd-notifications-cm" {
			continue
		}
		if found != nil {
			t.Errorf("two ConfigMaps in\n%s", stream)
		}
		found = root
	}
	if found == nil {
		t.Fatalf("no ConfigMap in\n%s", stream)
	}
	return found
}
