package mapping

import (
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// An alert is one Alert under construction.
type alert struct {
	object, provider *object.Object
	outcomes         map[notify.Outcome]bool
	subscribed       []string
	origins          bool
}

// alert returns the Alert for a provider and the severity of an outcome.
func (s *subscriber) alert(path string, p notify.Provider, service, recipient string, outcome notify.Outcome) *alert {
	severity := "info"
	if outcome == notify.Failed {
		severity = "error"
	}
	key := strings.Join([]string{service, recipient, severity}, "\x00")
	if a := s.alerts[key]; a != nil {
		return a
	}
	a := &alert{provider: s.provider(path, p, service, recipient), outcomes: map[notify.Outcome]bool{}}
	name := object.Fit(s.unit.App.Name+"-"+a.provider.Name()+"-"+severity, object.MaxName)
	a.object = s.unit.addOn(flux.Alert(s.unit.Settings.NotificationV1), name)
	s.set(a.object, "spec.eventSeverity", node.String(severity))
	s.set(a.object, "spec.providerRef", node.Map("name", a.provider.NameNode()))
	s.alerts[key] = a
	return a
}

// events writes which events of which objects an Alert passes on. To Argo CD the status
// of what it cannot fetch is unknown; Flux reports that of the source.
func (s *subscriber) events(a *alert, commits bool) {
	var sources, patterns []*yaml.Node
	add := func(o *object.Object) {
		sources = append(sources, node.Map("kind", o.Kind.Name, "name", o.NameNode()))
	}
	for _, p := range s.unit.works() {
		if commits && p.kustomization() == nil {
			continue // what a release deploys has no commit
		}
		add(p.Work)
		if a.origins {
			add(p.Origin)
		}
		for _, pattern := range patternsOf(p, a.outcomes) {
			if !slices.ContainsFunc(patterns, func(n *yaml.Node) bool { return n.Value == pattern }) {
				patterns = append(patterns, node.String(pattern))
			}
		}
	}
	s.set(a.object, "spec.eventSources", node.List(sources...))
	s.set(a.object, "metadata.annotations", node.String(strings.Join(a.subscribed, "\n")), Subscribed)
	if len(patterns) > 0 && !commits {
		s.set(a.object, "spec.inclusionList", node.List(patterns...))
	}
}

// watchPhases adds the Kustomizations of hooks to the Alerts of failures: to Argo CD a
// hook that fails is a sync that fails.
func (u *Unit) watchPhases() {
	for _, o := range u.addOns {
		if o.Kind.Name != "Alert" || node.Text(o.Root, "spec", "eventSeverity") != "error" {
			continue
		}
		for _, p := range u.Parts {
			for _, k := range p.Extra {
				if k.Kind == flux.Kustomization {
					o.Append([]*yaml.Node{node.Map("kind", k.Kind.Name, "name", k.NameNode())}, "spec", "eventSources")
				}
			}
		}
	}
}

// patternsOf are the messages of success that a controller reports
// (kustomize-controller internal/controller/kustomization_controller.go apply,
// checkHealth and prune; helm-controller internal/reconcile/install.go, upgrade.go).
func patternsOf(p *Part, outcomes map[notify.Outcome]bool) (patterns []string) {
	if p.release() != nil && (outcomes[notify.Synced] || outcomes[notify.Deployed]) {
		return []string{"^Helm (install|upgrade) succeeded"}
	}
	if outcomes[notify.Synced] {
		patterns = append(patterns, "(?m) (created|configured|deleted)$")
	}
	if outcomes[notify.Deployed] {
		patterns = append(patterns, "^Health check passed")
	}
	return patterns
}

// provider writes the Provider of a recipient, which Applications share.
func (s *subscriber) provider(path string, p notify.Provider, service, recipient string) *object.Object {
	name := object.Slug(service + "-" + recipient)
	o := s.unit.addOn(flux.Provider(s.unit.Settings.NotificationV1), object.Fit(name, object.MaxName))
	o.Shared = true
	for _, field := range []struct{ key, value string }{
		{"type", p.Type}, {"address", p.Address}, {"channel", p.Channel}, {"username", p.Username},
	} {
		if field.value != "" {
			s.set(o, "spec."+field.key, node.String(field.value))
		}
	}
	if len(p.Secret) == 0 {
		return o
	}
	secret := "notifications-" + object.Slug(service)
	if p.PerRecipient {
		secret = "notifications-" + name
	}
	secret = object.Fit(secret, object.MaxName)
	s.set(o, "spec.secretRef", node.Map("name", secret))
	s.askFor(path, secret, p.Secret)
	return o
}

// askFor says which Secret the Provider needs, once.
func (s *subscriber) askFor(path, name string, keys []notify.SecretKey) {
	if slices.Contains(s.secrets, name) {
		return
	}
	s.secrets = append(s.secrets, name)
	var parts []string
	for _, k := range keys {
		parts = append(parts, fmt.Sprintf("%s (%s)", k.Key, k.From))
	}
	s.absent(path, approximate(fmt.Sprintf("needs the Secret %s in the namespace %s, with %s", name, s.unit.place(), strings.Join(parts, ", "))).as("notification-secret"))
}

// missAddress says that a Provider came back without the address that it had in plain: no
// record keeps one that is a credential.
func (u *Unit) missAddress(o *object.Object) {
	if o.Kind.Name != "Provider" || o.Get("spec", "address") != nil || o.Get("spec", "secretRef") != nil {
		return
	}
	note := fmt.Sprintf("the Provider %s came back without its address, which is a credential and in no record: name a Secret with the key address in spec.secretRef", o.Name())
	u.absences = append(u.absences, absence{path: "metadata.annotations", line: u.App.Root.Line, verdict: approximate(note).as("notification-secret")})
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
