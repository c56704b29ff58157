package notify

import "testing"

// TestWebhook: what lets in whoever knows it is a credential; a host, an API that asks for
// a token and a repository are none.
func TestWebhook(t *testing.T) {
	for _, c := range []struct {
		kind, address string
		want          bool
	}{
		{"slack", "https://hooks.slack.com/services/T0/B0/x", true},
		{"discord", "https://discord.com/api/webhooks/1/x", true},
		{"msteams", "https://x.webhook.office.com/webhookb2/x", true},
		{"googlechat", "https://chat.googleapis.com/v1/spaces/A/messages?key=x", true},
		{"generic", "https://example.com/hook", true},
		{"generic", "https://example.com/#x", true},
		{"generic", "https://u:x@example.com", true},
		{"generic", "https://example.com?x", true},
		{"generic", "mailto:x", true},
		{"generic", "%zz", true},
		{"generic", "http://receiver:8080/", false},
		{"generic", "", false},
		{"slack", "https://slack.com/api/chat.postMessage", false},
		{"webex", "https://webexapis.com/v1/messages", false},
		{"alertmanager", "http://alertmanager:9093/api/v2/alerts/", false},
		{"github", "https://github.com/o/r", false},
	} {
		if got := Webhook(c.kind, c.address); got != c.want {
			t.Errorf("%s %s: %v, want %v", c.kind, c.address, got, c.want)
		}
	}
}
