package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
)

// Subscribed is the annotation of an Alert that says which annotations of an Application
// it stands for, KEY=RECIPIENT on a line each, so that they come back as they were. It is
// empty where a project or the ConfigMap subscribes.
const Subscribed = "kubectl-gitops.io/subscribed"

func notificationRows() []Row {
	return []Row{
		{
			ID: "notifications", Argo: subscribing(), Always: true,
			Writes:  []string{"Alert:spec.**", "Alert:metadata.annotations.{}", "Provider:spec.**"},
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "an Alert and a Provider, in the words of Flux"},
			Forward: forwardNotifications,
		},
		{
			ID: "notified", Argo: []string{annotation(notify.Notified)},
			ToFlux: Promise{Fidelity: ledger.Runtime, Note: "what the controller has sent"},
		},
	}
}

// subscribing lists the annotations that subscribe. Those of the old form have a trigger
// in front.
func subscribing() []string {
	keys := []string{annotation(notify.Prefix + "*"), annotation(notify.Legacy)}
	for _, trigger := range notify.Catalogue() {
		keys = append(keys, annotation(trigger+"."+notify.Legacy))
	}
	return keys
}

// A subscriber turns the subscriptions of one Application into Alerts and Providers.
type subscriber struct {
	*Cell
	alerts  map[string]*alert // by service, recipient and severity
	secrets []string          // what was asked for already
	key     string            // of the annotation at work; empty for what is not the Application's own
}

// forwardNotifications: an Application has its own subscriptions, those of its project
// and those of the ConfigMap (argo-cd notification_controller).
func forwardNotifications(c *Cell) {
	s := &subscriber{Cell: c, alerts: map[string]*alert{}}
	if c.unit.Settings.NoAddOns {
		return
	}
	annotations := node.At(c.app().Root, "metadata", "annotations")
	for i, key := range pairs(annotations) {
		if l := c.of(annotations.Content[2*i+1]); l != nil {
			s.own(l, key.Value)
		}
	}
	s.key = ""
	for _, sub := range c.unit.Settings.Projects[c.app().Project] {
		s.inherited("spec.project", "the subscription of the AppProject to "+sub.String(), sub)
	}
	global, unread := c.unit.Settings.Notifications.Global(node.At(c.app().Root, "metadata", "labels"))
	for _, sub := range global {
		s.inherited("metadata.labels", "the subscription of "+notify.ConfigName+" to "+sub.String(), sub)
	}
	for _, selector := range unread {
		c.absent("metadata.labels", unsupported(fmt.Sprintf("a subscription of %s selects by %q, which is no label selector: Argo CD reads nothing of the ConfigMap", notify.ConfigName, selector)).as("notifications-inherited"))
	}
}

// own settles an annotation.
func (s *subscriber) own(l *leaf, key string) {
	subs, ok := notify.Parse(key, l.Node.Value)
	if !ok {
		s.claim(l, unsupported("no subscription that Argo CD reads"))
		return
	}
	s.key = key
	var all []Verdict
	for _, sub := range subs {
		all = append(all, s.subscribe(l.Path, sub)...)
	}
	s.claim(l, together(all))
}

// inherited notes a subscription that the Application does not name itself.
func (s *subscriber) inherited(path, what string, sub notify.Subscription) {
	v := together(s.subscribe(path, sub))
	v.Note = what + ": " + v.Note
	s.absent(path, v.as("notifications-inherited"))
}

// together is the verdict of several: the worst of them, with all that was written.
func together(all []Verdict) Verdict {
	if len(all) == 0 {
		return unsupported("names nobody to tell")
	}
	worst, notes := all[0], []string{}
	var to []Target
	for _, v := range all {
		if v.Fidelity.Severity() > worst.Fidelity.Severity() {
			worst = v
		}
		if !slices.Contains(notes, v.Note) {
			notes = append(notes, v.Note)
		}
		to = append(to, v.To...)
	}
	worst.Note, worst.To = strings.Join(notes, "; "), to
	return worst
}

// subscribe writes the Alerts of a subscription.
func (s *subscriber) subscribe(path string, sub notify.Subscription) (all []Verdict) {
	config := s.unit.Settings.Notifications
	triggers := config.Triggers(sub)
	if len(triggers) == 0 {
		return []Verdict{unsupported("means the default triggers, and " + notify.ConfigName + ", which is not in the input or has none, names them")}
	}
	for _, trigger := range triggers {
		if notify.OutcomeOf(trigger) == notify.Other {
			all = append(all, unsupported(fmt.Sprintf("Flux has no event for the trigger %q", trigger)))
			continue
		}
		for _, recipient := range sub.Recipients {
			all = append(all, s.tell(path, trigger, sub.Service, recipient))
		}
	}
	return all
}

// tell lets an Alert report what the trigger does to one recipient.
func (s *subscriber) tell(path, trigger, service, recipient string) Verdict {
	p, why := s.unit.Settings.Notifications.Provider(service, recipient)
	if why == "" && p.Commits {
		p.Address, why = s.commitAddress()
	}
	if why != "" {
		return unsupported(why)
	}
	a := s.alert(path, p, service, recipient, notify.OutcomeOf(trigger))
	a.outcomes[notify.OutcomeOf(trigger)] = true
	a.origins = a.origins || trigger == "on-sync-status-unknown"
	if s.key != "" {
		a.subscribed = append(a.subscribed, orElse(notify.Single(s.key), notify.Annotation(trigger, service))+"="+recipient)
	}
	s.events(a, p.Commits)
	note := eventNotes[notify.OutcomeOf(trigger)]
	if s.unit.Settings.Notifications.Custom(trigger) {
		note += "; the condition of the trigger in " + notify.ConfigName + " was not read"
	}
	if p.Lost != "" {
		note += "; " + p.Lost
	}
	return approximate(note, Target{Object: a.object, Path: "spec.eventSources"}, Target{Object: a.provider, Path: "spec.type"})
}

// eventNotes say how an Alert differs from a trigger. notification-controller sends
// what kustomize-controller and helm-controller report, in its own form.
var eventNotes = map[notify.Outcome]string{
	notify.Failed:   "an Alert of severity error tells every failure, of whichever trigger, in the words of Flux: templates and oncePer are lost",
	notify.Synced:   "an Alert tells changes of what is deployed, in the words of Flux, and nothing where a revision changes nothing: templates and oncePer are lost",
	notify.Deployed: "an Alert tells that health checks passed, or that a release succeeded, in the words of Flux: templates and oncePer are lost",
}

// commitAddress is the repository whose commits get a status: Flux sets that of what a
// Kustomization applied, whose revision is a commit (notification-controller
// internal/notifier/github.go Post).
func (s *subscriber) commitAddress() (address, why string) {
	for _, p := range s.unit.works() {
		if url := p.Source.RepoURL; p.kustomization() != nil && p.Origin.Kind == flux.GitRepository && strings.HasPrefix(url, "https://") {
			return strings.TrimSuffix(WithoutUserinfo(url), ".git"), ""
		}
	}
	return "", "Flux sets the status of commits only for a Kustomization of a repository at https://"
}
