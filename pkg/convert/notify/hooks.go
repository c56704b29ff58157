package notify

import (
	"encoding/json"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Incoming webhooks get the body of a template (notifications-engine pkg/services/
// webhook.go). Argo CD's catalogue has none, so that a service brings its own, and the
// triggers that send them.

const webhook = "webhook"

// A Text is one more key of argocd-notifications-cm.
type Text struct{ Key, Value string }

// A hookEvent is what a trigger tells: when, in the language of expr, and in which words,
// as a Go template of a JSON string.
type hookEvent struct {
	suffix, severity, reason string
	when                     []string
	message                  string
}

var (
	hookFailed = hookEvent{
		suffix: "-failed", severity: "error", reason: "Failed",
		when: []string{
			`app.status.operationState?.phase in ['Error', 'Failed']`,
			`app.status.health?.status == 'Degraded'`,
			`app.status.sync?.status == 'Unknown'`,
		},
		message: `{{ printf "sync status %v, health %v: %v" ` + dig("sync", "status") + ` ` + dig("health", "status") + ` ` + dig("operationState", "message") + ` | toJson }}`,
	}
	hookDeployed = hookEvent{
		suffix: "-deployed", severity: "info", reason: "Succeeded",
		when:    []string{`app.status.operationState?.phase == 'Succeeded' and app.status.health?.status == 'Healthy'`},
		message: `{{ printf "deployed %v" ` + dig("sync", "revision") + ` | toJson }}`,
	}
)

const oncePerRevision = `app.status.operationState?.syncResult?.revision`

// dig is a field of the status in a template, or nothing.
func dig(keys ...string) string {
	return `(dig "status" "` + strings.Join(keys, `" "`) + `" "" .app)`
}

// maxHook is how long the name of a service may be that stands twice in an annotation.
const maxHook = (object.MaxName - len("subscribe.-deployed.")) / 2

// hook makes the service. It posts behind the path what body makes of an event.
func (p *provider) hook(s *Service, path string, body func(hookEvent) string) (why string) {
	if strings.Contains(p.text("channel")+p.text("username"), "{{") {
		return "its channel or its username would be read as a template"
	}
	s.Type, s.Recipient, s.Name = webhook, "", object.Fit(s.Name, maxHook)
	url := p.secretAs(s, address, s.Name+"-"+address)
	url.Value += path
	p.option(s, "headers", node.List(node.Map("name", "Content-Type", "value", "application/json")))
	p.option(s, "url", url)
	for _, e := range []hookEvent{hookFailed, hookDeployed} {
		name := s.Name + e.suffix
		var conditions []*yaml.Node
		for _, when := range e.when {
			conditions = append(conditions, node.Map("when", when, "oncePer", oncePerRevision, "send", node.Strings([]string{name})))
		}
		template := node.Map(webhook, node.Map(s.Name, node.Map("method", "POST", "body", body(e))))
		if why = s.add("trigger."+name, node.List(conditions...)); why == "" {
			why = s.add("template."+name, template)
		}
		if why != "" {
			return why
		}
	}
	return ""
}

func (s *Service) add(key string, tree *yaml.Node) (why string) {
	text, err := yaml.String(tree)
	if err != nil {
		return "its text cannot be written: " + err.Error()
	}
	s.Texts = append(s.Texts, Text{key, text})
	return ""
}

// slackHook: what is not the API of bots is an incoming webhook.
func (p *provider) slackHook(s *Service) (why string) {
	s.Note = "the address has to be that of an incoming webhook"
	return p.hook(s, "", p.slackBody("good", "danger", p.text("channel")))
}

func (p *provider) rocket(s *Service) (why string) {
	return p.hook(s, "", p.slackBody("#0076D7", "#FF0000", p.text("channel")))
}

// discord takes the form of Slack behind the address (internal/notifier/discord.go).
func (p *provider) discord(s *Service) (why string) {
	s.Note = "the address must not end in /slack, which stands behind it here"
	return p.hook(s, "/slack", p.slackBody("good", "danger", ""))
}

// slackBody is the form of Slack's incoming webhooks (internal/notifier/slack.go).
func (p *provider) slackBody(good, bad, channel string) func(hookEvent) string {
	return func(e hookEvent) string {
		color := good
		if e.severity == "error" {
			color = bad
		}
		var fields []string
		if channel != "" {
			fields = append(fields, `"channel": `+quote(channel))
		}
		return braced(append(fields, `"username": `+quote(orElse(p.text("username"), "argocd")),
			`"attachments": [{"color": `+quote(color)+`, "mrkdwn_in": ["text"],`+
				` "author_name": {{ printf "application/%v.%v" .app.metadata.name .app.metadata.namespace | toJson }}, "text": `+e.message+`}]`))
	}
}

// generic: the receiver expects an event of Flux (fluxcd/pkg apis/event/v1beta1/event.go).
func (p *provider) generic(s *Service) (why string) {
	if p.text("secretRef", "name") != "" {
		s.Note = "headers of the Provider's Secret, where it has any, belong to those of the service"
	}
	return p.hook(s, "", func(e hookEvent) string {
		return braced([]string{
			`"involvedObject": {"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "namespace": {{ toJson .app.metadata.namespace }}, "name": {{ toJson .app.metadata.name }}}`,
			`"severity": ` + quote(e.severity), `"timestamp": {{ now | date "2006-01-02T15:04:05Z07:00" | toJson }}`,
			`"message": ` + e.message, `"reason": ` + quote(e.reason),
			`"metadata": {"revision": {{ toJson ` + dig("sync", "revision") + ` }}}`, `"reportingController": "argocd-notifications-controller"`,
		})
	})
}

// braced is a JSON object, a field on each line.
func braced(fields []string) string { return "{\n  " + strings.Join(fields, ",\n  ") + "\n}\n" }

func quote(text string) string {
	data, err := json.Marshal(text)
	if err != nil {
		return `""` // there is no such text
	}
	return string(data)
}
