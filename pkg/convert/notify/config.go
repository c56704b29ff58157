package notify

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// The objects that configure the notifications of Argo CD.
const (
	ConfigName = "argocd-notifications-cm"
	SecretName = "argocd-notifications-secret"
)

// A Config is what argocd-notifications-cm says (notifications-engine pkg/api/config.go).
// A nil Config is that of an input without one.
type Config struct {
	services map[string]service
	defaults map[string][]string // by service; "" for all
	triggers map[string]bool
	global   []global
	// Broken are keys whose text is no YAML of their form.
	Broken []string
}

type service struct {
	kind    string
	options *yaml.Node
}

// A global subscription is one of every Application that the selector matches.
type global struct {
	recipients, triggers []string
	selector             string
}

// ReadConfig reads the ConfigMap.
func ReadConfig(root *yaml.Node) *Config {
	c := &Config{services: map[string]service{}, defaults: map[string][]string{}, triggers: map[string]bool{}}
	data := node.Get(root, "data")
	if data == nil || data.Kind != yaml.MappingNode {
		return c
	}
	for i := 0; i+1 < len(data.Content); i += 2 {
		if key := data.Content[i].Value; !c.read(key, data.Content[i+1].Value) {
			c.Broken = append(c.Broken, key)
		}
	}
	return c
}

// read takes one key. Broken text is worth nothing.
func (c *Config) read(key, text string) (ok bool) {
	tree := parse(text)
	parts := strings.Split(key, ".")
	switch parts[0] {
	case "service":
		if len(parts) < 2 || len(parts) > 3 || tree == nil && strings.TrimSpace(text) != "" {
			return false
		}
		c.services[parts[len(parts)-1]] = service{parts[1], tree}
	case "trigger":
		c.triggers[strings.Join(parts[1:], ".")] = true
	case "defaultTriggers":
		c.defaults[strings.Join(parts[1:], ".")] = texts(tree)
		return tree != nil && tree.Kind == yaml.SequenceNode
	case "subscriptions":
		return c.readGlobal(tree)
	}
	return true
}

func (c *Config) readGlobal(tree *yaml.Node) (ok bool) {
	if tree == nil || tree.Kind != yaml.SequenceNode {
		return false
	}
	for _, item := range tree.Content {
		c.global = append(c.global, global{texts(item, "recipients"), texts(item, "triggers"), node.Text(item, "selector")})
	}
	return true
}

// Triggers returns the triggers of a subscription that may name none.
func (c *Config) Triggers(s Subscription) []string {
	switch {
	case s.Trigger != "":
		return []string{s.Trigger}
	case c == nil:
		return nil
	case c.defaults[s.Service] != nil:
		return c.defaults[s.Service]
	default:
		return c.defaults[""]
	}
}

// Custom tells that the ConfigMap defines the trigger, which may then fire at another
// time than that of Argo CD's catalogue.
func (c *Config) Custom(trigger string) bool { return c != nil && c.triggers[trigger] }

// Global returns the subscriptions that the ConfigMap gives to an Application with the
// labels. unread lists selectors that are more than equalities and were not evaluated.
func (c *Config) Global(labels *yaml.Node) (subs []Subscription, unread []string) {
	if c == nil {
		return nil, nil
	}
	for _, g := range c.global {
		matches, ok := selects(g.selector, labels)
		if !ok {
			unread = append(unread, g.selector)
		}
		if !matches {
			continue
		}
		for _, recipient := range g.recipients {
			subs = append(subs, g.subscriptions(recipient)...)
		}
	}
	return subs, unread
}

// subscriptions reads one recipient, which names its service first.
func (g global) subscriptions(recipient string) (subs []Subscription) {
	service, who, _ := strings.Cut(recipient, ":")
	who, _, _ = strings.Cut(who, ":") // what follows is not read (api/config.go)
	triggers := g.triggers
	if len(triggers) == 0 {
		triggers = []string{""}
	}
	for _, trigger := range triggers {
		subs = append(subs, Subscription{trigger, service, []string{who}})
	}
	return subs
}

// selects evaluates a label selector of equalities; ok is false for any other.
func selects(selector string, labels *yaml.Node) (matches, ok bool) {
	matches = true
	for term := range strings.SplitSeq(selector, ",") {
		term = strings.TrimSpace(term)
		if term == "" {
			continue
		}
		key, value, equal := strings.Cut(strings.ReplaceAll(term, "==", "="), "=")
		if !equal || strings.ContainsAny(term, "!()") {
			return false, false
		}
		label := node.Get(labels, strings.TrimSpace(key))
		matches = matches && label != nil && label.Value == strings.TrimSpace(value)
	}
	return matches, true
}

// Outcome is what a trigger of Argo CD's catalogue reports (argo-cd
// notifications_catalog/triggers).
type Outcome int

// The outcomes. Flux has no event for the others.
const (
	Other Outcome = iota
	// Failed: an event of severity error.
	Failed
	// Synced: what was deployed has changed.
	Synced
	// Deployed: it is healthy, too.
	Deployed
)

// OutcomeOf returns what the trigger reports.
func OutcomeOf(trigger string) Outcome {
	switch {
	case slices.Contains(FailedTriggers(), trigger):
		return Failed
	case trigger == "on-sync-succeeded":
		return Synced
	case trigger == "on-deployed":
		return Deployed
	}
	return Other
}

// FailedTriggers are those of Argo CD's catalogue that report what Flux calls an error.
func FailedTriggers() []string {
	return []string{"on-sync-failed", "on-health-degraded", "on-sync-status-unknown"}
}
