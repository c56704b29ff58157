package notify

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// The services, each as its file in notifications-engine pkg/services sends, and as the
// notifier of the type in notification-controller internal/notifier does.

func (r *reach) slack() {
	r.p = Provider{Type: "slack", Channel: r.recipient, Username: r.option("username")}
	r.at(strings.TrimSuffix(orElse(r.option("apiURL"), "https://slack.com/api/"), "/")+"/chat.postMessage", "apiURL")
	r.secret(token, "token")
}

// teams: the recipient is a name for a webhook, whose URL lets everybody post.
func (r *reach) teams() {
	r.p = Provider{Type: "msteams", PerRecipient: true}
	r.secret(address, "recipientUrls", r.recipient)
}

func (r *reach) googleChat() {
	r.p = Provider{Type: "googlechat", PerRecipient: true}
	r.secret(address, "webhooks", r.recipient)
}

// telegram: what does not begin with a dash is the name of a public channel, and a
// thread stands behind a bar.
func (r *reach) telegram() {
	channel := "@" + r.recipient
	if strings.HasPrefix(r.recipient, "-") {
		channel = strings.ReplaceAll(r.recipient, "|", ":")
	}
	r.p = Provider{Type: "telegram", Channel: channel}
	r.secret(token, "token")
}

// opsgenie: the recipient is the ID of a team, which has a key of its own.
func (r *reach) opsgenie() {
	host := strings.TrimSuffix(orElse(r.option("apiUrl"), "api.opsgenie.com"), "/")
	r.p = Provider{Type: "opsgenie", PerRecipient: true}
	r.at("https://"+strings.TrimPrefix(host, "https://")+"/v2/alerts", "apiUrl")
	r.secret(token, "apiKeys", r.recipient)
	r.p.Lost = "the team is the one that the key is for"
}

// grafana: the recipient is a list of tags.
func (r *reach) grafana() {
	if !r.needs("apiUrl") {
		return
	}
	r.p.Type = "grafana"
	r.at(strings.TrimSuffix(r.option("apiUrl"), "/")+"/annotations", "apiUrl")
	r.secret(token, "apiKey")
	r.p.Lost = "Flux chooses the tags of the annotation"
}

func (r *reach) webex() {
	if strings.Contains(r.recipient, "@") {
		r.why = "Flux posts to a room of Webex only, not to a person: name a room"
		return
	}
	r.p = Provider{Type: "webex", Channel: r.recipient}
	r.at(strings.TrimSuffix(orElse(r.option("apiURL"), "https://webexapis.com"), "/")+"/v1/messages", "apiURL")
	r.secret(token, "token")
}

func (r *reach) alertmanager() {
	targets := node.Items(r.options, "targets")
	if len(targets) != 1 {
		r.why = "a Provider posts to one Alertmanager, and the service has several or does not say: write a Provider of type alertmanager for each"
		return
	}
	r.p = Provider{Type: "alertmanager", Lost: "Flux chooses labels and annotations of the alert"}
	r.at(orElse(r.option("scheme"), "http")+"://"+targets[0].Value+orElse(r.option("apiPath"), "/api/v2/alerts"), "targets")
	switch {
	case r.option("bearerToken") != "":
		r.secret(token, "bearerToken")
	case node.Get(r.options, "basicAuth") != nil:
		r.secret("username", "basicAuth", "username")
		r.secret("password", "basicAuth", "password")
	}
}

func (r *reach) webhook() {
	if !r.needs("url") {
		return
	}
	r.p = Provider{Type: "generic", Lost: "the receiver gets the events of Flux as JSON, not the body of a template"}
	r.at(r.option("url"), "url")
	if node.Get(r.options, "headers") != nil || node.Get(r.options, "basicAuth") != nil {
		r.p.Secret = append(r.p.Secret, SecretKey{"headers", "the headers of the service " + r.name + ", with one for its basicAuth"})
	}
}

func (r *reach) github() {
	r.p = Provider{Type: "github", Commits: true, Lost: "Flux sets the status of commits; deployments, comments and check runs are lost"}
	r.secret("githubAppID", "appID")
	r.secret("githubAppInstallationID", "installationID")
	r.secret("githubAppPrivateKey", "privateKey")
}
