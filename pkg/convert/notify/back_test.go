package notify

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// options is the text of a service's options in one line.
func options(t *testing.T, s Service) string {
	t.Helper()
	text, err := yaml.String(s.Options, yaml.Flow)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text)
}

func TestFromProvider(t *testing.T) {
	const json = "headers: [{name: Content-Type, value: application/json}], "
	for _, c := range []struct{ spec, key, options, recipient, why string }{
		{"{type: slack, channel: ops, username: u, address: 'https://slack.com/api/chat.postMessage', secretRef: {name: s}}", "service.slack.svc", "{token: $svc-token, username: u}", "ops", ""},
		{"{type: slack, channel: ops, address: 'https://s.example.com/api/chat.postMessage', secretRef: {name: s}}", "service.slack.svc", "{apiURL: 'https://s.example.com/api/', token: $svc-token}", "ops", ""},
		{"{type: slack, address: 'https://slack.com/api/chat.postMessage', secretRef: {name: s}}", "", "", "", "spec.channel"},
		{"{type: slack, channel: ops, secretRef: {name: s}}", "service.webhook.svc", "{" + json + "url: $svc-address}", "", ""},
		{"{type: slack, channel: ops, address: 'https://hooks.slack.com/S3CR3T'}", "service.webhook.svc", "{" + json + "url: $svc-address}", "", ""},
		{"{type: slack, channel: '{{ops}}', address: 'https://hooks.slack.com/S3CR3T'}", "", "", "", "read as a template"},
		{"{type: discord, address: 'https://discord.com/S3CR3T'}", "service.webhook.svc", "{" + json + "url: $svc-address/slack}", "", ""},
		{"{type: rocket, address: 'https://rocket.example.com/S3CR3T'}", "service.webhook.svc", "{" + json + "url: $svc-address}", "", ""},
		{"{type: generic, secretRef: {name: s}}", "service.webhook.svc", "{" + json + "url: $svc-address}", "", ""},
		{"{type: generic-hmac, address: 'https://example.com', secretRef: {name: s}}", "", "", "", "signs nothing"},
		{"{type: msteams, secretRef: {name: s}}", "service.teams-workflows.svc", "{recipientUrls: {who: $svc-who-address}}", "who", ""},
		{"{type: googlechat, address: 'https://example.com/S3CR3T'}", "service.googlechat.svc", "{webhooks: {who: $svc-who-address}}", "who", ""},
		{"{type: telegram, channel: '@c', secretRef: {name: s}}", "service.telegram.svc", "{token: $svc-token}", "c", ""},
		{"{type: telegram, channel: '-1:7', secretRef: {name: s}}", "service.telegram.svc", "{token: $svc-token}", "-1|7", ""},
		{"{type: telegram, channel: '12', secretRef: {name: s}}", "", "", "", "begin with @ or -"},
		{"{type: opsgenie, address: 'https://api.opsgenie.com/v2/alerts', secretRef: {name: s}}", "service.opsgenie.svc", "{apiKeys: {who: $svc-who-token}, apiUrl: api.opsgenie.com}", "who", ""},
		{"{type: opsgenie, secretRef: {name: s}}", "", "", "", "address"},
		{"{type: grafana, address: 'https://g.example.com/api/annotations', secretRef: {name: s}}", "service.grafana.svc", "{apiKey: $svc-token, apiUrl: 'https://g.example.com/api'}", "who", ""},
		{"{type: webex, channel: r, address: 'https://webexapis.com/v1/messages', secretRef: {name: s}}", "service.webex.svc", "{token: $svc-token}", "r", ""},
		{"{type: msteams, proxySecretRef: {name: p}}", "", "", "", "proxy"},
		{"{type: github, address: 'https://github.com/o/r'}", "", "", "", "GitHub App"},
		{"{type: matrix, address: 'https://matrix.org'}", "", "", "", "no service of the type matrix"},
	} {
		s, why := FromProvider(yaml.MustParse("spec: "+c.spec).YNode(), "svc", "who")
		if (c.why == "") != (why == "") || !strings.Contains(why, c.why) || strings.Contains(why, "S3CR3T") {
			t.Errorf("%s: %q, want %q", c.spec, why, c.why)
		}
		if why != "" {
			continue
		}
		if s.Key() != c.key || s.Recipient != c.recipient || options(t, s) != c.options {
			t.Errorf("%s: %s %q %s, want %s %q %s", c.spec, s.Key(), s.Recipient, options(t, s), c.key, c.recipient, c.options)
		}
	}
}

// TestUnknownRecipient: a service may call a webhook as it likes, but not a team.
func TestUnknownRecipient(t *testing.T) {
	for kind, recipient := range map[string]string{"msteams": "svc", "opsgenie": ""} {
		text := "spec: {type: " + kind + ", address: 'https://api.opsgenie.com/v2/alerts', secretRef: {name: s}}"
		s, why := FromProvider(yaml.MustParse(text).YNode(), "svc", "")
		if s.Recipient != recipient || (why == "") != (recipient != "") {
			t.Errorf("%s: %q, %q", kind, s.Recipient, why)
		}
	}
}

// TestThereAndBack: a service that becomes a Provider comes back from it.
func TestThereAndBack(t *testing.T) {
	for kind, text := range map[string]string{"slack": "token: $t", "teams-workflows": "recipientUrls: {who: $t}", "webex": "token: $t", "opsgenie": "apiKeys: {who: $t}", "grafana": "apiUrl: https://g\napiKey: $t"} {
		p, why := config(t, "service."+kind, text).Provider(kind, "who")
		if why != "" {
			t.Fatal(why)
		}
		spec := map[string]any{"type": p.Type, "address": p.Address, "channel": p.Channel, "secretRef": map[string]any{"name": "s"}}
		data, err := yaml.Marshal(map[string]any{"spec": spec})
		if err != nil {
			t.Fatal(err)
		}
		s, why := FromProvider(yaml.MustParse(string(data)).YNode(), kind, "who")
		if why != "" || s.Key() != "service."+kind || s.Recipient != "who" {
			t.Errorf("%s came back as %s for %q, %s", kind, s.Key(), s.Recipient, why)
		}
	}
}

func TestMerge(t *testing.T) {
	service := func(kind, text string, secrets ...SecretKey) Service {
		return Service{Type: kind, Options: yaml.MustParse(text).YNode(), Secret: secrets}
	}
	for _, c := range []struct {
		a, b  Service
		agree bool
		want  string
	}{
		{service("slack", "{token: $a}"), service("slack", "{token: $a}"), true, "{token: $a}"},
		{service("slack", "{token: $a}"), service("slack", "{token: $b}"), false, ""},
		{service("slack", "{token: $a}"), service("slack", "{token: $a, username: u}"), false, ""},
		{service("slack", "{token: $a, username: u}"), service("slack", "{token: $a}"), false, ""},
		{service("teams", "{recipientUrls: {a: $a}}"), service("teams", "{recipientUrls: {b: $b}}"), true, "{recipientUrls: {a: $a, b: $b}}"},
		{service("slack", "{token: $a}", SecretKey{"a", "one"}), service("slack", "{token: $a}", SecretKey{"a", "one"}), true, "{token: $a}"},
		{service("slack", "{token: $a}", SecretKey{"a", "one"}), service("slack", "{token: $a}", SecretKey{"a", "another"}), false, ""},
		{service("teams", "{recipientUrls: {a: $a}}"), service("googlechat", "{recipientUrls: {b: $b}}"), false, ""},
	} {
		agree := c.a.Merge(c.b)
		if agree != c.agree || agree && options(t, c.a) != c.want {
			t.Errorf("%v, %s, want %v, %s", agree, options(t, c.a), c.agree, c.want)
		}
	}
}

// TestServiceName: the annotation with the longest trigger is one that the API server takes.
func TestServiceName(t *testing.T) {
	long := strings.Repeat("long.", 12)
	for provider, want := range map[string]string{"slack": "slack", "slack.ops": "slack-ops", long + "a": "", long + "b": ""} {
		name := ServiceName(provider)
		if want != "" && name != want || len(strings.TrimPrefix(Annotation("on-sync-status-unknown", name), Prefix)) > 63 {
			t.Errorf("%s is %s", provider, name)
		}
	}
	if ServiceName(long+"a") == ServiceName(long+"b") {
		t.Error("two Providers have one name")
	}
}
