package notify

import (
	"reflect"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A Service is what a Provider of Flux becomes: a key of argocd-notifications-cm, and
// the recipient that subscribes to it.
type Service struct {
	// Type is that of Argo CD; Name is how annotations call the service.
	Type, Name string
	Options    *yaml.Node
	Recipient  string
	// Secret are the keys of argocd-notifications-secret that the options name, From
	// being the key of the Provider's Secret.
	Secret []SecretKey
	// Texts are keys that a webhook needs beside it, and Note what else it needs, or "".
	Texts []Text
	Note  string
}

// Key is where the service stands in the ConfigMap.
func (s Service) Key() string {
	if s.Name == s.Type {
		return "service." + s.Type
	}
	return "service." + s.Type + "." + s.Name
}

// kept say why a Provider of a type stays: nothing that Argo CD's catalogue of templates
// holds would be sent.
var kept = map[string]string{
	"github":       "to Argo CD the status of a commit needs a GitHub App and a template of its own",
	"alertmanager": "the templates of Argo CD's catalogue have no labels for Alertmanager: write a service and a template",
	"pagerduty":    "the templates of Argo CD's catalogue have nothing for PagerDuty: write a service and a template",
	"generic-hmac": "Argo CD signs nothing that it posts",
}

// services make a Service out of a Provider, by its type. The other way is builders.
var services = map[string]func(p *provider, s *Service) (why string){
	"slack": (*provider).slack, "msteams": (*provider).teams, "googlechat": (*provider).googleChat,
	"telegram": (*provider).telegram, "opsgenie": (*provider).opsgenie, "grafana": (*provider).grafana,
	"webex": (*provider).webex, "discord": (*provider).discord, "rocket": (*provider).rocket, "generic": (*provider).generic,
}

type provider struct{ spec *yaml.Node }

func (p *provider) text(keys ...string) string { return node.Text(p.spec, keys...) }

// FromProvider returns the service of a name that tells the recipient of a Provider, or
// why there is none. recipient is how the service calls whom the Provider tells; empty
// where nobody has said.
func FromProvider(root *yaml.Node, name, recipient string) (s Service, why string) {
	p := &provider{node.Get(root, "spec")}
	kind := p.text("type")
	build := services[kind]
	switch {
	case build == nil && kept[kind] != "":
		return s, kept[kind]
	case build == nil:
		return s, "Argo CD has no service of the type " + kind
	case p.text("proxySecretRef", "name")+p.text("certSecretRef", "name")+p.text("proxy") != "":
		return s, "it has a proxy or certificates of its own, which a service of Argo CD has not"
	case kind == "opsgenie" && recipient == "":
		return s, "to Argo CD a recipient is the ID of a team of Opsgenie, which the Provider does not name"
	}
	s = Service{Name: name, Options: node.Map(), Recipient: orElse(recipient, name)}
	why = build(p, &s)
	return s, why
}

// secret refers to the token in argocd-notifications-secret, of an option that all
// recipients share.
func (p *provider) secret(s *Service) *yaml.Node {
	return p.secretAs(s, token, s.Name+"-"+token)
}

// own is an option with a secret for each recipient.
func (p *provider) own(s *Service, option, key string) {
	to := s.Name + "-" + strings.Map(word, s.Recipient) + "-" + key
	if s.Name == s.Recipient {
		to = s.Name + "-" + key
	}
	p.option(s, option, node.Map(s.Recipient, p.secretAs(s, key, to)))
}

// word keeps what a reference to a key may hold (pkg/api/config.go keyPattern).
func word(r rune) rune {
	if r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
		return r
	}
	return '-'
}

func (p *provider) secretAs(s *Service, key, to string) *yaml.Node {
	from := "spec." + key + " of the Provider"
	if name := p.text("secretRef", "name"); name != "" && p.text(key) != "" {
		from += ", or rather the key " + key + " of the Secret " + name
	} else if name != "" {
		from = "key " + key + " of the Secret " + name
	}
	s.Secret = append(s.Secret, SecretKey{to, from})
	return node.String("$" + to)
}

func (p *provider) option(s *Service, key string, value *yaml.Node) { node.Put(s.Options, key, value) }

// slack: a bot posts where the channel is in the message.
func (p *provider) slack(s *Service) (why string) {
	api, bot := strings.CutSuffix(p.text("address"), "chat.postMessage")
	if !bot {
		return p.slackHook(s)
	}
	if s.Type, s.Recipient = "slack", p.text("channel"); s.Recipient == "" || p.text("secretRef", "name") == "" {
		return "Argo CD needs the token of a bot, and spec.channel"
	}
	if api != "https://slack.com/api/" {
		p.option(s, "apiURL", node.String(api))
	}
	if user := p.text("username"); user != "" {
		p.option(s, "username", node.String(user))
	}
	p.option(s, "token", p.secret(s))
	return ""
}

func (p *provider) teams(s *Service) (why string) {
	s.Type = "teams-workflows"
	p.own(s, "recipientUrls", address)
	return ""
}

func (p *provider) googleChat(s *Service) (why string) {
	s.Type = "googlechat"
	p.own(s, "webhooks", address)
	return ""
}

func (p *provider) telegram(s *Service) (why string) {
	s.Type = "telegram"
	channel := p.text("channel")
	name, public := strings.CutPrefix(channel, "@")
	switch {
	case public:
		s.Recipient = name
	case strings.HasPrefix(channel, "-"):
		s.Recipient = strings.ReplaceAll(channel, ":", "|")
	default:
		return "Argo CD posts to channels and groups only, whose names begin with @ or -"
	}
	p.option(s, "token", p.secret(s))
	return ""
}

func (p *provider) opsgenie(s *Service) (why string) {
	s.Type = "opsgenie"
	host := strings.TrimPrefix(strings.TrimSuffix(p.text("address"), "/v2/alerts"), "https://")
	if host == "" || p.text("secretRef", "name") == "" {
		return "its address or its token is not where Flux's documentation has it"
	}
	p.option(s, "apiUrl", node.String(host))
	p.own(s, "apiKeys", token)
	return ""
}

// grafana: the recipient is a tag.
func (p *provider) grafana(s *Service) (why string) {
	s.Type = "grafana"
	api, ok := strings.CutSuffix(p.text("address"), "/annotations")
	if !ok || p.text("secretRef", "name") == "" {
		return "its address is in a Secret, or is not that of annotations, or it has no token"
	}
	p.option(s, "apiUrl", node.String(api))
	p.option(s, "apiKey", p.secret(s))
	return ""
}

func (p *provider) webex(s *Service) (why string) {
	s.Type, s.Recipient = "webex", p.text("channel")
	api, ok := strings.CutSuffix(p.text("address"), "/v1/messages")
	if !ok || s.Recipient == "" || p.text("secretRef", "name") == "" {
		return "its address is in a Secret, or it names no room or no token"
	}
	if api != "https://webexapis.com" {
		p.option(s, "apiURL", node.String(api))
	}
	p.option(s, "token", p.secret(s))
	return ""
}

// ServiceName is how a Provider is called as a service, which has no dot in the key of an
// annotation, nor room for more than 63 characters there.
func ServiceName(provider string) string {
	longest := strings.TrimPrefix(Annotation("on-sync-status-unknown", ""), Prefix)
	return object.Fit(strings.ReplaceAll(provider, ".", "-"), object.MaxName-len(longest))
}

// Triggers are those that report what an Alert of a severity does; there is none for every
// event. They are of Argo CD's catalogue, or a webhook's own.
func (s Service) Triggers(severity string) []string {
	failed, deployed := FailedTriggers(), "on-deployed"
	if s.Hook() {
		failed, deployed = []string{s.Name + hookFailed.suffix}, s.Name+hookDeployed.suffix
	}
	if severity == "error" {
		return failed
	}
	return append(failed, deployed)
}

// Hook tells that the service is a webhook, with templates and triggers of its own.
func (s Service) Hook() bool { return s.Type == webhook }

// Merge adds the options of another Service of the same name, which tells others. It
// returns whether both agree, down to the Secrets that they read.
func (s *Service) Merge(other Service) (agree bool) {
	if s.Type != other.Type {
		return false
	}
	for _, k := range other.Secret {
		if slices.ContainsFunc(s.Secret, func(mine SecretKey) bool { return mine.Key == k.Key && mine != k }) {
			return false
		}
	}
	for i := 0; i+1 < len(other.Options.Content); i += 2 {
		key, value := other.Options.Content[i].Value, other.Options.Content[i+1]
		mine := node.Get(s.Options, key)
		switch {
		case mine == nil || mine.Kind == yaml.ScalarNode && mine.Value != value.Value:
			return false
		case mine.Kind == yaml.MappingNode:
			node.Put(mine, value.Content[0].Value, value.Content[1])
		}
	}
	s.Secret = append(s.Secret, other.Secret...)
	return len(s.Options.Content) == len(other.Options.Content)
}

// Has tells whether the ConfigMap defines the service.
func (c *Config) Has(name string) bool {
	if c == nil {
		return false
	}
	_, ok := c.services[name]
	return ok
}

// Holds tells whether the ConfigMap has the service of that name with these options, be it
// with other recipients besides, and its triggers.
func (c *Config) Holds(s Service) bool {
	is, ok := c.services[s.Name]
	lacks := func(text Text) bool {
		trigger, is := strings.CutPrefix(text.Key, "trigger.")
		return is && !c.triggers[trigger]
	}
	return ok && is.kind == s.Type && includes(is.options, s.Options) && !slices.ContainsFunc(s.Texts, lacks)
}

// includes tells whether a tree has all that another has.
func includes(tree, other *yaml.Node) bool {
	if other.Kind != yaml.MappingNode {
		return reflect.DeepEqual(node.Value(tree), node.Value(other))
	}
	for i := 0; i+1 < len(other.Content); i += 2 {
		if mine := node.Get(tree, other.Content[i].Value); mine == nil || !includes(mine, other.Content[i+1]) {
			return false
		}
	}
	return true
}
