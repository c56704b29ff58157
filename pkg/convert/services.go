package convert

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// services are what argocd-notifications-cm has to hold.
type services struct {
	// known is the ConfigMap of the input, or nil.
	known *notify.Config
	// given is that ConfigMap, where the rest is merged into it, or nil.
	given *configmap.Merged
	all   []*offered
}

// An offered is a service of Argo CD, and the Provider that it was first made of. ours
// tells that this is one of ours, to whose service subscriptions give the name.
type offered struct {
	*notify.Service
	by   *addOn
	ours bool
}

// add takes the service that a Provider becomes, or says why it becomes none. One that no
// subscription names gets the namespace where another Provider has its name.
func (all *services) add(c *channel) (why string) {
	if !slices.ContainsFunc(c.alerts, func(a *alertUse) bool { return !a.ours || len(a.lines) > 0 }) {
		return "" // a project or the ConfigMap subscribes, whose service is there
	}
	name, recipient, ours := notify.ServiceName(c.provider.Name), "", false
	for _, a := range c.alerts {
		if len(a.lines) > 0 {
			name, recipient, ours = notify.ServiceOf(a.lines[0].Key), a.lines[0].Value, true
			break
		}
	}
	if all.known.Has(name) && !slices.ContainsFunc(c.alerts, func(a *alertUse) bool { return !a.ours }) {
		return ""
	}
	if why = all.put(c, name, recipient, ours); why == taken && !ours {
		why = all.put(c, notify.ServiceName(c.provider.Namespace+"-"+c.provider.Name), recipient, ours)
	}
	if why == taken && all.known.Has(name) {
		why = fmt.Sprintf("%s of the input has another service %q", notify.ConfigName, name)
	}
	return why
}

const taken = "another Provider is the service of this name: give them names of their own"

func (all *services) put(c *channel, name, recipient string, ours bool) (why string) {
	service, why := notify.FromProvider(c.provider.root, name, recipient)
	switch {
	case why != "":
		return why
	case ours && service.Hook():
		return "the webhook has a template of its own: add " + notify.ConfigName + " with both"
	}
	i := slices.IndexFunc(all.all, func(g *offered) bool { return g.Name == service.Name })
	switch {
	case all.known.Has(service.Name) && !all.known.Holds(service):
		return taken
	case i < 0:
		all.all = append(all.all, &offered{&service, c.provider, ours})
	case !all.all[i].shares(c.provider, ours) || !all.all[i].Merge(service):
		return taken
	}
	c.service = service
	return ""
}

// shares tells whether the Secret of another Provider is the one that the service has:
// ours have copies of one in every namespace.
func (g *offered) shares(by *addOn, ours bool) bool {
	return g.ours && ours || g.by.Namespace == by.Namespace
}

// write makes the ConfigMap, which the first Alert that is converted brings along, or adds
// to that of the input.
func (all *services) write(namespace string, channels []*channel) {
	o := notificationsConfigMap(namespace)
	put := func(key, text string) { o.Set(node.String(text), "data", key) }
	if all.given != nil {
		o = all.given.Object()
		put = func(key, text string) {
			if all.given.Text(key) == "" { // what somebody wrote stays
				all.given.Put(key, text)
			}
		}
	}
	var first *addOn
	for _, c := range channels {
		i := slices.IndexFunc(c.alerts, func(a *alertUse) bool { return a.why == "" })
		if i < 0 || c.service.Name == "" {
			continue
		}
		if first == nil {
			first = c.alerts[i].addOn
		}
		all.fill(put, c.service.Name)
		c.provider.take(ledger.To{Object: o.Ref(), Path: ledger.Key("data", c.service.Key())})
		c.ask(c.alerts[i].addOn)
	}
	if first == nil {
		return
	}
	note := "merge the keys of " + notify.ConfigName + " into the ConfigMap that Argo CD has. What is written here does not hold"
	if all.given == nil {
		first.objects = append(first.objects, o)
	} else {
		note = notify.ConfigName + " of the input has what is missing now. It need not hold"
	}
	first.findings = append(first.findings, mapping.Finding{Path: "spec.providerRef", Verdict: mapping.Verdict{
		ID: "notifications-merge", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: note + " the triggers whose names begin with on-, and their templates: they are those of its catalogue"},
	}})
}

// fill writes the service, and the triggers and templates of a webhook.
func (all *services) fill(put func(key, text string), name string) {
	for _, s := range all.all {
		if s.Name != name {
			continue
		}
		var options bytes.Buffer
		if document.Encode(&options, s.Options) == nil {
			put(s.Key(), options.String())
		}
		for _, text := range s.Texts {
			put(text.Key, text.Value)
		}
	}
}

// ask says on an Alert which keys of argocd-notifications-secret the service needs, and
// what a webhook gets.
func (c *channel) ask(on *addOn) {
	if c.service.Hook() {
		note := c.service.Key() + " and its templates post in the form that the receiver expects of Flux, about an Application: message and reason are other ones, and of the metadata at most the revision is left"
		if c.service.Note != "" {
			note += "; " + c.service.Note
		}
		on.findings = append(on.findings, mapping.Finding{Path: "spec.providerRef", Verdict: mapping.Verdict{
			ID: "notifications-webhook", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: note},
		}})
	}
	for _, k := range c.service.Secret {
		on.findings = append(on.findings, mapping.Finding{Path: "spec.providerRef", Verdict: mapping.Verdict{
			ID: "notification-secret", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: fmt.Sprintf(
				"needs the key %s in the Secret %s of Argo CD's namespace, with %s", k.Key, notify.SecretName, c.secretFrom(k))},
		}})
	}
}

// secretFrom says where the value of a key is.
func (c *channel) secretFrom(k notify.SecretKey) string {
	if c.provider.Namespace == "" {
		return k.From
	}
	return k.From + " in the namespace " + c.provider.Namespace
}

// notificationsConfigMap returns a ConfigMap to merge into that of Argo CD; see
// assessment.
func notificationsConfigMap(namespace string) *object.Object {
	o := object.New(object.ConfigMap, namespace, notify.ConfigName)
	o.Set(node.Map("app.kubernetes.io/name", notify.ConfigName, "app.kubernetes.io/part-of", "argocd"), "metadata", "labels")
	o.Set(node.String("Skip"), "metadata", "annotations", "argocd.argoproj.io/hook")
	return o
}
