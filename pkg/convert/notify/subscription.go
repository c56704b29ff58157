// Package notify knows what the notifications of Argo CD say, and which Provider of
// Flux tells the same people: subscriptions, triggers and services (argoproj/
// notifications-engine pkg/subscriptions, pkg/api, pkg/services), and what
// notification-controller does with them (internal/notifier, internal/server).
package notify

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Prefix begins the annotations that subscribe.
const Prefix = "notifications.argoproj.io/"

// Notified is the annotation in which the controller notes what it has sent.
const Notified = "notified.notifications.argoproj.io"

const subscribe = Prefix + "subscribe."

// Legacy ends the annotations of an old form, TRIGGER.recipients... or without a trigger,
// which Argo CD still reads (argo-cd util/notification/settings/legacy.go
// GetLegacyDestinations).
const Legacy = "recipients.argocd-notifications.argoproj.io"

// A Subscription asks a service to tell somebody when a trigger fires.
type Subscription struct {
	// Trigger is empty for the default ones.
	Trigger, Service string
	Recipients       []string
	// Legacy and Global ones have default triggers of their own: see Config.Triggers.
	Legacy, Global bool
}

// String names the subscription for findings.
func (s Subscription) String() string {
	return orElse(s.Trigger, "the default triggers") + " by " + s.Service
}

// Annotation returns the key of a subscription.
func Annotation(trigger, service string) string { return subscribe + trigger + "." + service }

// ServiceOf returns the service of an annotation of one subscription.
func ServiceOf(key string) string { return key[strings.LastIndexByte(key, '.')+1:] }

// Single returns key where it is that of one subscription, else nothing.
func Single(key string) string {
	if strings.HasPrefix(key, subscribe) {
		return key
	}
	return ""
}

// Parse reads an annotation of an Application or AppProject (notifications-engine
// pkg/subscriptions/annotations.go iterate). ok is false for keys that subscribe to
// nothing, and for text that is broken.
func Parse(key, value string) (subs []Subscription, ok bool) {
	switch {
	case strings.HasPrefix(key, subscribe):
		parts := strings.Split(strings.TrimPrefix(key, subscribe), ".")
		s := Subscription{Service: parts[0], Recipients: recipients(value)}
		if len(parts) > 1 {
			s.Trigger, s.Service = parts[0], parts[1]
		}
		return []Subscription{s}, true
	case strings.HasPrefix(key, Prefix+"subscriptions"):
		return parseList(value)
	case strings.HasSuffix(key, Legacy):
		return parseLegacy(strings.TrimRight(strings.TrimSuffix(key, Legacy), "."), value), true
	}
	return nil, false
}

// parseLegacy reads SERVICE:RECIPIENT, several with commas.
func parseLegacy(trigger, value string) (subs []Subscription) {
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one != "" {
			service, recipient := addressee(one)
			subs = append(subs, Subscription{Trigger: trigger, Service: service, Recipients: []string{recipient}, Legacy: true})
		}
	}
	return subs
}

// addressee cuts SERVICE:RECIPIENT; what follows another colon is not read.
func addressee(text string) (service, recipient string) {
	service, recipient, _ = strings.Cut(text, ":")
	recipient, _, _ = strings.Cut(recipient, ":")
	return service, recipient
}

func recipients(value string) (all []string) {
	for one := range strings.SplitSeq(value, ";") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	if value == "" {
		return []string{""} // a service that needs none, such as a webhook
	}
	return all
}

// parseList reads the form with a list of triggers and destinations.
func parseList(text string) (subs []Subscription, ok bool) {
	list := parse(text)
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil, false
	}
	for _, item := range list.Content {
		triggers := texts(item, "trigger")
		if len(triggers) == 0 {
			triggers = []string{""}
		}
		for _, trigger := range triggers {
			for _, d := range node.Items(item, "destinations") {
				subs = append(subs, Subscription{Trigger: trigger, Service: node.Text(d, "service"), Recipients: texts(d, "recipients")})
			}
		}
	}
	return subs, true
}

// parse returns the tree of a text of YAML, or nil.
func parse(text string) *yaml.Node {
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil || len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

func texts(n *yaml.Node, keys ...string) (all []string) {
	for _, item := range node.Items(n, keys...) {
		all = append(all, item.Value)
	}
	return all
}
