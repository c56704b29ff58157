package notify

import (
	"fmt"
	"regexp"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Provider is what a Provider of Flux has to say to reach a recipient.
type Provider struct {
	Type, Address, Channel, Username string
	// Secret are the keys that the Provider's Secret needs; PerRecipient tells that
	// their values differ between the recipients of a service.
	Secret       []SecretKey
	PerRecipient bool
	// Lost is what the Provider cannot say, or "".
	Lost string
	// Commits tells that it sets the status of commits, at the address of their
	// repository, which Argo CD takes from the Application.
	Commits bool
}

// A SecretKey is a key of a Provider's Secret. From says where Argo CD has the value,
// without the value.
type SecretKey struct{ Key, From string }

// token and address are keys of a Provider's Secret (notification-controller
// internal/server/event_handlers.go createNotifier).
const (
	token   = "token"
	address = "address"
)

// A reach is one service at work for one recipient.
type reach struct {
	name      string // of the service
	options   *yaml.Node
	recipient string
	known     bool // the ConfigMap is in the input
	p         Provider
	why       string
}

// builders make Providers, by type of service (notifications-engine
// pkg/services/services.go NewService).
var builders = map[string]func(*reach){
	"slack": (*reach).slack, "teams": (*reach).teams, "teams-workflows": (*reach).teams,
	"googlechat": (*reach).googleChat, "telegram": (*reach).telegram, "opsgenie": (*reach).opsgenie,
	"grafana": (*reach).grafana, "webex": (*reach).webex, "alertmanager": (*reach).alertmanager,
	"webhook": (*reach).webhook, "github": (*reach).github,
}

// reasons say why a type of service has no Provider.
var reasons = map[string]string{
	"email":       "Flux sends no mail",
	"mattermost":  "Flux posts to an incoming webhook of Mattermost, not with a bot's token: make a webhook, and a Provider of type slack with its address",
	"rocketchat":  "Flux posts to an incoming webhook of Rocket.Chat, not with an account: make a webhook, and a Provider of type rocket with its address",
	"pagerduty":   "Flux sends events, and opens no incidents by REST: make an integration of the Events API v2, and a Provider of type pagerduty with its key as channel",
	"pagerdutyv2": "Flux takes the integration key as plain text in spec.channel, and Argo CD keeps it in a Secret: write a Provider of type pagerduty where that is acceptable",
}

// Provider returns how Flux reaches the recipient of a service, or why it cannot.
func (c *Config) Provider(name, recipient string) (p Provider, why string) {
	kind, r := name, &reach{name: name, recipient: recipient, known: c != nil}
	if c != nil {
		s, ok := c.services[name]
		if !ok {
			return p, fmt.Sprintf("%s has no service %q", ConfigName, name)
		}
		kind, r.options = s.kind, s.options
	}
	build := builders[kind]
	switch {
	case build == nil && reasons[kind] != "":
		return p, reasons[kind]
	case build == nil && c == nil:
		return p, fmt.Sprintf("the type of the service %q is in the ConfigMap %s, which is not in the input: add its manifest", name, ConfigName)
	case build == nil:
		return p, "Flux has no Provider for services of type " + kind
	}
	build(r)
	return r.p, r.why
}

func (r *reach) option(keys ...string) string { return node.Text(r.options, keys...) }

// reference is how the ConfigMap names a key of the Secret (pkg/api/config.go).
var reference = regexp.MustCompile(`[$][\w-]+`)

// secret asks for a key of the Provider's Secret.
func (r *reach) secret(key string, keys ...string) {
	where := "option " + strings.Join(keys, ".") + " of the service " + r.name
	if ref := reference.FindString(r.option(keys...)); ref != "" {
		where = "key " + ref[1:] + " of " + SecretName
	}
	r.p.Secret = append(r.p.Secret, SecretKey{key, where})
}

// at sets the address, or asks for it in the Secret where it may hold a secret:
// notification-controller prefers the one there.
func (r *reach) at(to string, keys ...string) {
	if !strings.Contains(to, "$") && !Webhook(r.p.Type, to) {
		r.p.Address = to
		return
	}
	r.secret(address, keys...)
	r.p.PerRecipient = true
}

// needs refuses a service whose option is not known.
func (r *reach) needs(key string) bool {
	if r.option(key) == "" {
		r.why = fmt.Sprintf("option %s of the service %q is not known: add the ConfigMap %s with it", key, r.name, ConfigName)
		return false
	}
	return true
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
