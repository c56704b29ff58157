package convert

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
)

// A channel is a Provider with the Alerts that use it.
type channel struct {
	provider *addOn
	alerts   []*alertUse
	service  notify.Service
}

// An alertUse is an Alert with what it watches that becomes an Application.
type alertUse struct {
	*addOn
	apps []*applier
	// lines are the annotations that the Alert was made of; ours tells that it was.
	lines []mapping.Taken
	ours  bool
}

// spendAlerts turns Alerts into subscriptions of Applications, and Providers into
// services of argocd-notifications-cm.
func (s *survey) spendAlerts() {
	channels := s.channels()
	services := &services{known: s.notifications, given: s.notificationsOfInput()}
	for _, c := range channels {
		why := services.add(c)
		for _, a := range c.alerts {
			if why != "" {
				a.stay(why)
			} else if a.why == "" {
				s.subscribe(c, a)
			}
		}
	}
	for _, p := range s.addOnsOf("Provider") {
		p.stay("no Alert of the input uses it")
	}
	for _, c := range channels {
		c.provider.why = ""
		for _, a := range c.alerts {
			if a.why != "" {
				c.provider.stay("an Alert that stays uses it")
			}
		}
	}
	services.write(s.options.ArgoCDNamespace, channels)
}

// channels are the Providers that Alerts use, in the order of the Alerts.
func (s *survey) channels() (all []*channel) {
	byProvider := map[*addOn]*channel{}
	for _, on := range s.addOnsOf("Alert") {
		if on.root == nil {
			continue
		}
		p := s.addOn("Provider", on.Namespace, node.Text(on.root, "spec", "providerRef", "name"))
		if p == nil || p.root == nil {
			on.stay("its Provider is not in the input, or stays")
			continue
		}
		if byProvider[p] == nil {
			byProvider[p] = &channel{provider: p}
			all = append(all, byProvider[p])
		}
		c := byProvider[p]
		c.alerts = append(c.alerts, s.alertUse(on, p))
	}
	return all
}

func (s *survey) alertUse(on, provider *addOn) *alertUse {
	a := &alertUse{addOn: on}
	a.lines, a.ours = subscribed(on)
	if node.True(on.root, "spec", "suspend") || node.True(provider.root, "spec", "suspend") {
		a.stay("suspended: Argo CD has no such switch")
	}
	sources := node.Items(on.root, "spec", "eventSources")
	for i, source := range sources {
		if flux.IsApplier(node.Text(source, "kind")) && !s.watch(a, source) {
			a.lose(i, "no object of the input is meant, so that no Application is subscribed")
		}
	}
	for i, source := range sources {
		if kind := node.Text(source, "kind"); flux.IsSource(kind) && !a.deploysFrom(source) {
			a.lose(i, "no Application that is subscribed deploys from it")
		} else if !flux.IsSource(kind) && !flux.IsApplier(kind) {
			a.lose(i, "Argo CD tells of Applications, and so nothing of objects of the kind "+kind)
		}
	}
	if len(a.apps) == 0 {
		a.stay("no Kustomization or HelmRelease of the input is among its event sources")
	}
	return a
}

// watch adds the Applications that an event source means.
func (s *survey) watch(a *alertUse, source *yaml.Node) (found bool) {
	for _, app := range s.candidates(node.Text(source, "kind"), node.Text(source, "name")) {
		if !s.watches(source, a.Namespace, app) {
			continue
		}
		if app.problem != nil {
			a.stay(app.String() + ", which is not converted, is among its event sources")
		}
		a.apps, found = append(a.apps, app), true
	}
	return found
}

// deploysFrom tells whether a subscribed Application deploys from a source among the
// event sources: Argo CD tells with the Application that it cannot be fetched.
func (a *alertUse) deploysFrom(source *yaml.Node) bool {
	name, namespace := node.Text(source, "name"), orElse(node.Text(source, "namespace"), a.Namespace)
	means := func(ref flux.Ref) bool {
		return ref.Kind == node.Text(source, "kind") && (name == "*" || name == ref.Name) && sameNamespace(namespace, ref.Namespace)
	}
	return slices.ContainsFunc(a.apps, func(app *applier) bool {
		chart := flux.Ref{Kind: flux.HelmChart.Name, Namespace: app.source.Namespace, Name: app.Namespace + "-" + app.Name}
		return means(app.source) || app.Kind == flux.HelmRelease.Name && means(chart) ||
			slices.ContainsFunc(app.uses(), func(u use) bool { return means(u.entry.Ref) })
	})
}

// subscribed reads which annotations an Alert was made of.
func subscribed(on *addOn) (lines []mapping.Taken, ours bool) {
	text := node.At(on.root, "metadata", "annotations", mapping.Subscribed)
	if text == nil {
		return nil, false
	}
	for line := range strings.Lines(text.Value) {
		if key, recipient, ok := strings.Cut(strings.TrimSpace(line), "="); ok && strings.HasPrefix(key, notify.Prefix) {
			lines = append(lines, mapping.Taken{Key: key, Value: recipient, Recorded: true})
		}
	}
	return lines, true
}

// candidates are the appliers of a name, or all.
func (s *survey) candidates(kind, name string) []*applier {
	if name == "*" {
		return s.appliers
	}
	if s.named == nil {
		s.named = map[[2]string][]*applier{}
		for _, a := range s.appliers {
			key := [2]string{a.Kind, a.Name}
			s.named[key] = append(s.named[key], a)
		}
	}
	return s.named[[2]string{kind, name}]
}

// watches tells whether an event source of an Alert means the applier
// (notification-controller internal/server/event_handlers.go eventMatchesAlertSource).
func (s *survey) watches(source *yaml.Node, namespace string, a *applier) bool {
	if node.Text(source, "kind") != a.Kind || !sameNamespace(orElse(node.Text(source, "namespace"), namespace), a.Namespace) {
		return false
	}
	wanted := node.Get(source, "matchLabels")
	if node.Empty(wanted) {
		return true
	}
	root, err := s.cache.load(a.site)
	for i := 0; i+1 < len(wanted.Content); i += 2 {
		if err != nil || node.Text(root, "metadata", "labels", wanted.Content[i].Value) != wanted.Content[i+1].Value {
			return false
		}
	}
	return true
}

// subscribe gives the Applications the annotations that stand for an Alert.
func (s *survey) subscribe(c *channel, a *alertUse) {
	for _, app := range a.apps {
		app.use(c.provider)
		app.use(a.addOn)
		lines := a.lines
		if !a.ours {
			for _, trigger := range c.service.Triggers(node.Text(a.root, "spec", "eventSeverity")) {
				lines = append(lines, mapping.Taken{Key: notify.Annotation(trigger, c.service.Name), Value: c.service.Recipient})
			}
		}
		for _, line := range lines {
			app.taken = append(app.taken, line)
			a.take(app.at(ledger.Key("metadata.annotations", line.Key)))
		}
	}
}

// at is a field of the applier's Application.
func (a *applier) at(path string) ledger.To {
	return ledger.To{Object: ledger.Object{APIVersion: argocd.APIVersion, Kind: "Application", Namespace: a.namespace, Name: a.name}, Path: path}
}
