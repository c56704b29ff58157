package notify

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// The objects that configure the notifications of Argo CD.
const (
	ConfigName = "argocd-notifications-cm"
	SecretName = "argocd-notifications-secret"
)

// LegacyConfig is a key that holds the whole configuration in an old form (argo-cd
// util/notification/settings/legacy.go ApplyLegacyConfig).
const LegacyConfig = "config.yaml"

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

// Triggers returns the triggers of a subscription that may name none: those of the service
// or of all. A global subscription has those of all only, and a legacy one those of the
// service even where it names another (notifications-engine pkg/api/config.go
// GetGlobalDestinations; argo-cd util/notification/settings/legacy.go).
func (c *Config) Triggers(s Subscription) []string {
	if c == nil {
		return named(s.Trigger)
	}
	own, ok := c.defaults[s.Service]
	switch {
	case ok && s.Service != "" && !s.Global && (s.Legacy || s.Trigger == ""):
		return own
	case s.Trigger != "":
		return named(s.Trigger)
	}
	return c.defaults[""]
}

func named(trigger string) []string {
	if trigger == "" {
		return nil
	}
	return []string{trigger}
}

// Custom tells that the ConfigMap defines the trigger, which may then fire at another
// time than that of Argo CD's catalogue.
func (c *Config) Custom(trigger string) bool { return c != nil && c.triggers[trigger] }

// Global returns the subscriptions that the ConfigMap gives to an Application with the
// labels. unread lists selectors that are none.
func (c *Config) Global(labels *yaml.Node) (subs []Subscription, unread []string) {
	if c == nil {
		return nil, nil
	}
	for _, g := range c.global {
		matches, ok := g.matches(labels)
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
	service, who := addressee(recipient)
	triggers := g.triggers
	if len(triggers) == 0 {
		triggers = []string{""}
	}
	for _, trigger := range triggers {
		subs = append(subs, Subscription{Trigger: trigger, Service: service, Recipients: []string{who}, Global: true})
	}
	return subs
}

// matches evaluates the label selector; ok is false for text that is none.
func (g global) matches(n *yaml.Node) (matches, ok bool) {
	selector, err := labels.Parse(g.selector)
	if err != nil {
		return false, false
	}
	set := labels.Set{}
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		set[n.Content[i].Value] = n.Content[i+1].Value
	}
	return selector.Matches(set), true
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

// Catalogue lists the triggers of Argo CD's catalogue.
func Catalogue() []string {
	return append(FailedTriggers(), "on-created", "on-deleted", "on-deployed", "on-sync-running", "on-sync-succeeded")
}

// FailedTriggers are those of Argo CD's catalogue that report what Flux calls an error.
func FailedTriggers() []string {
	return []string{"on-sync-failed", "on-health-degraded", "on-sync-status-unknown"}
}
