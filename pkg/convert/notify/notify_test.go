package notify

import (
	"reflect"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		key, value string
		want       []Subscription
		ok         bool
	}{
		{"notifications.argoproj.io/subscribe.on-sync-failed.slack", "a; b;", []Subscription{{Trigger: "on-sync-failed", Service: "slack", Recipients: []string{"a", "b"}}}, true},
		{"notifications.argoproj.io/subscribe.on-sync-failed.hook", "", []Subscription{{Trigger: "on-sync-failed", Service: "hook", Recipients: []string{""}}}, true},
		{"notifications.argoproj.io/subscribe.slack", "a", []Subscription{{Trigger: "", Service: "slack", Recipients: []string{"a"}}}, true},
		{"notifications.argoproj.io/subscriptions", "- trigger: [x, y]\n  destinations:\n  - {service: s, recipients: [a, b]}\n- destinations: [{service: t}]\n",
			[]Subscription{{Trigger: "x", Service: "s", Recipients: []string{"a", "b"}}, {Trigger: "y", Service: "s", Recipients: []string{"a", "b"}}, {Trigger: "", Service: "t", Recipients: nil}}, true},
		{"notifications.argoproj.io/subscriptions", "{", nil, false},
		{"notifications.argoproj.io/subscriptions", "a: b", nil, false},
		{"notifications.argoproj.io/other", "a", nil, false},
		{"recipients.argocd-notifications.argoproj.io", "slack:a, hook,slack:b:c,", []Subscription{
			{Service: "slack", Recipients: []string{"a"}, Legacy: true}, {Service: "hook", Recipients: []string{""}, Legacy: true}, {Service: "slack", Recipients: []string{"b"}, Legacy: true}}, true},
		{"on-sync-failed.recipients.argocd-notifications.argoproj.io", "slack:a", []Subscription{{Trigger: "on-sync-failed", Service: "slack", Recipients: []string{"a"}, Legacy: true}}, true},
	} {
		got, ok := Parse(c.key, c.value)
		if ok != c.ok || !reflect.DeepEqual(got, c.want) {
			t.Errorf("Parse(%q, %q) is %v, %v, want %v, %v", c.key, c.value, got, ok, c.want, c.ok)
		}
	}
}

func config(t *testing.T, pairs ...any) *Config {
	t.Helper()
	return ReadConfig(node.Map("data", node.Map(pairs...)))
}

// TestProvider has each type of service, with a secret as reference and in plain.
func TestProvider(t *testing.T) {
	for _, c := range []struct {
		key, options, recipient string
		want                    Provider
		why                     string
	}{
		{"slack", "token: $slack-token\nusername: argo", "ops",
			Provider{Type: "slack", Address: "https://slack.com/api/chat.postMessage", Channel: "ops", Username: "argo", Secret: []SecretKey{{"token", "key slack-token of argocd-notifications-secret"}}}, ""},
		{"slack", "token: S3CR3T\napiURL: https://slack.example.com/api/", "ops",
			Provider{Type: "slack", Address: "https://slack.example.com/api/chat.postMessage", Channel: "ops", Secret: []SecretKey{{"token", "option token of the service svc"}}}, ""},
		{"teams", "recipientUrls: {ops: $teams}", "ops",
			Provider{Type: "msteams", PerRecipient: true, Secret: []SecretKey{{"address", "key teams of argocd-notifications-secret"}}}, ""},
		{"teams-workflows", "recipientUrls: {ops: https://example.com/S3CR3T}", "ops",
			Provider{Type: "msteams", PerRecipient: true, Secret: []SecretKey{{"address", "option recipientUrls.ops of the service svc"}}}, ""},
		{"googlechat", "webhooks:\n  ops: https://example.com/?key=S3CR3T", "ops",
			Provider{Type: "googlechat", PerRecipient: true, Secret: []SecretKey{{"address", "option webhooks.ops of the service svc"}}}, ""},
		{"telegram", "token: $t", "-100|7", Provider{Type: "telegram", Channel: "-100:7", Secret: []SecretKey{{"token", "key t of argocd-notifications-secret"}}}, ""},
		{"telegram", "token: $t", "channel", Provider{Type: "telegram", Channel: "@channel", Secret: []SecretKey{{"token", "key t of argocd-notifications-secret"}}}, ""},
		{"opsgenie", "apiUrl: api.eu.opsgenie.com\napiKeys: {team: $og}", "team",
			Provider{Type: "opsgenie", Address: "https://api.eu.opsgenie.com/v2/alerts", PerRecipient: true, Lost: "the team is the one that the key is for", Secret: []SecretKey{{"token", "key og of argocd-notifications-secret"}}}, ""},
		{"grafana", "apiUrl: https://grafana.example.com/api\napiKey: $g", "a|b",
			Provider{Type: "grafana", Address: "https://grafana.example.com/api/annotations", Secret: []SecretKey{{"token", "key g of argocd-notifications-secret"}}, Lost: "Flux chooses the tags of the annotation"}, ""},
		{"grafana", "apiKey: $g", "a", Provider{}, `option apiUrl of the service "svc" is not known: add the ConfigMap argocd-notifications-cm with it`},
		{"webex", "token: $w", "room", Provider{Type: "webex", Address: "https://webexapis.com/v1/messages", Channel: "room", Secret: []SecretKey{{"token", "key w of argocd-notifications-secret"}}}, ""},
		{"webex", "token: $w", "a@example.com", Provider{}, "Flux posts to a room of Webex only, not to a person: name a room"},
		{"alertmanager", "targets: [am:9093]\nbasicAuth: {username: u, password: S3CR3T}", "",
			Provider{Type: "alertmanager", Address: "http://am:9093/api/v2/alerts", Lost: "Flux chooses labels and annotations of the alert",
				Secret: []SecretKey{{"username", "option basicAuth.username of the service svc"}, {"password", "option basicAuth.password of the service svc"}}}, ""},
		{"webhook", "url: https://example.com/services/S3CR3T", "",
			Provider{Type: "generic", PerRecipient: true, Lost: "the receiver gets the events of Flux as JSON, not the body of a template",
				Secret: []SecretKey{{"address", "option url of the service svc"}}}, ""},
		{"webhook", "url: $hook-url", "",
			Provider{Type: "generic", PerRecipient: true, Lost: "the receiver gets the events of Flux as JSON, not the body of a template",
				Secret: []SecretKey{{"address", "key hook-url of argocd-notifications-secret"}}}, ""},
		{"webhook", "url: http://receiver:8080/", "",
			Provider{Type: "generic", Address: "http://receiver:8080/", Lost: "the receiver gets the events of Flux as JSON, not the body of a template"}, ""},
		{"webhook", "url: https://example.com/?token=S3CR3T\nheaders: [{name: A, value: S3CR3T}]", "",
			Provider{Type: "generic", PerRecipient: true, Lost: "the receiver gets the events of Flux as JSON, not the body of a template",
				Secret: []SecretKey{{"address", "option url of the service svc"}, {"headers", "the headers of the service svc, with one for its basicAuth"}}}, ""},
		{"slack", "token: $t\napiURL: https://u:S3CR3T@proxy/api", "ops",
			Provider{Type: "slack", Channel: "ops", PerRecipient: true, Secret: []SecretKey{{"address", "option apiURL of the service svc"}, {"token", "key t of argocd-notifications-secret"}}}, ""},
		{"webex", "token: $w\napiURL: https://u:S3CR3T@proxy", "room",
			Provider{Type: "webex", Channel: "room", PerRecipient: true, Secret: []SecretKey{{"address", "option apiURL of the service svc"}, {"token", "key w of argocd-notifications-secret"}}}, ""},
		{"opsgenie", "apiUrl: https://u:S3CR3T@proxy\napiKeys: {team: $og}", "team",
			Provider{Type: "opsgenie", PerRecipient: true, Lost: "the team is the one that the key is for", Secret: []SecretKey{{"address", "option apiUrl of the service svc"}, {"token", "key og of argocd-notifications-secret"}}}, ""},
		{"email", "host: smtp", "a@example.com", Provider{}, "Flux sends no mail"},
		{"awssqs", "queue: q", "", Provider{}, "Flux has no Provider for services of type awssqs"},
	} {
		p, why := config(t, "service."+c.key+".svc", c.options).Provider("svc", c.recipient)
		if why != c.why || why == "" && !reflect.DeepEqual(p, c.want) {
			t.Errorf("%s %q: %+v, %q, want %+v, %q", c.key, c.options, p, why, c.want, c.why)
		}
		if strings.Contains(p.Address+why, "S3CR3T") {
			t.Errorf("%s: a secret is in the open", c.key)
		}
	}
}

// TestProviderWithoutConfig: a service of a known name has the type of that name.
func TestProviderWithoutConfig(t *testing.T) {
	var c *Config
	if p, why := c.Provider("slack", "ops"); p.Type != "slack" || why != "" {
		t.Errorf("slack is %+v, %q", p, why)
	}
	for _, name := range []string{"own", "webhook", "grafana"} {
		if _, why := c.Provider(name, ""); !strings.Contains(why, ConfigName) {
			t.Errorf("%s: %q does not name the ConfigMap", name, why)
		}
	}
}

func TestGlobal(t *testing.T) {
	c := config(t, "subscriptions", `
- {recipients: ["slack:all"]}
- {recipients: ["slack:a:b"], triggers: [x, y], selector: team=a}
- {recipients: [hook], triggers: [x], selector: "team==a, env = prod"}
- {recipients: [hook], triggers: [x], selector: "team!=a"}
- {recipients: [hook], triggers: [z], selector: "team in (a, b), !gone"}
- {recipients: [hook], triggers: [x], selector: "team in a"}
`)
	got, unread := c.Global(node.Map("team", "a"))
	global := func(trigger, service, recipient string) Subscription {
		return Subscription{Trigger: trigger, Service: service, Recipients: []string{recipient}, Global: true}
	}
	want := []Subscription{global("", "slack", "all"), global("x", "slack", "a"), global("y", "slack", "a"), global("z", "hook", "")}
	if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(unread, []string{"team in a"}) {
		t.Errorf("%v, %q", got, unread)
	}
}

// TestTriggers: the default triggers of a service go before those of all.
func TestTriggers(t *testing.T) {
	c := config(t, "defaultTriggers", "[a]", "defaultTriggers.slack", "[b, c]", "defaultTriggers.quiet", "[]", "trigger.own", "- when: x", "service.x.y.z", "a", "subscriptions", "a")
	for _, one := range []struct {
		s    Subscription
		want []string
	}{
		{Subscription{Service: "slack"}, []string{"b", "c"}},
		{Subscription{Service: "slack", Trigger: "x"}, []string{"x"}},
		{Subscription{Service: "slack", Global: true}, []string{"a"}},
		{Subscription{Service: "slack", Trigger: "x", Legacy: true}, []string{"b", "c"}},
		{Subscription{Service: "teams"}, []string{"a"}},
		{Subscription{Service: "teams", Trigger: "x", Legacy: true}, []string{"x"}},
		{Subscription{Service: "quiet"}, nil},
	} {
		if got := c.Triggers(one.s); !reflect.DeepEqual(got, one.want) {
			t.Errorf("%+v: %v, want %v", one.s, got, one.want)
		}
	}
	if got := (*Config)(nil).Triggers(Subscription{Service: "slack", Trigger: "x", Legacy: true}); !reflect.DeepEqual(got, []string{"x"}) {
		t.Errorf("without a ConfigMap: %v", got)
	}
	if !c.Custom("own") || c.Custom("on-sync-failed") {
		t.Error("wrong triggers are the ConfigMap's own")
	}
	if !reflect.DeepEqual(c.Broken, []string{"service.x.y.z", "subscriptions"}) {
		t.Errorf("broken: %q", c.Broken)
	}
}
