package convert

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

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
	all   []*notify.Service
}

// add takes the service that a Provider becomes, or says why it becomes none.
func (all *services) add(c *channel) (why string) {
	name, recipient := strings.ReplaceAll(c.provider.Name, ".", "-"), ""
	for _, a := range c.alerts {
		if len(a.lines) > 0 {
			name, recipient = notify.ServiceOf(a.lines[0].Key), a.lines[0].Value
			break
		}
	}
	if all.known.Has(name) {
		if slices.ContainsFunc(c.alerts, func(a *alertUse) bool { return !a.ours }) {
			return fmt.Sprintf("%s of the input has another service %q", notify.ConfigName, name)
		}
		return ""
	}
	service, why := notify.FromProvider(c.provider.root, name, recipient)
	if why != "" {
		return why
	}
	c.service = service
	for _, s := range all.all {
		if s.Name == name {
			if !s.Merge(service) {
				return fmt.Sprintf("another Provider is the service %q: give them names of their own", name)
			}
			return ""
		}
	}
	all.all = append(all.all, &service)
	return ""
}

// write makes the ConfigMap, which the first Alert that is converted brings along.
func (all *services) write(namespace string, channels []*channel) {
	o := notificationsConfigMap(namespace)
	var first *addOn
	for _, c := range channels {
		i := slices.IndexFunc(c.alerts, func(a *alertUse) bool { return a.why == "" })
		if i < 0 || c.service.Name == "" {
			continue
		}
		if first == nil {
			first = c.alerts[i].addOn
		}
		all.put(o, c.service.Name)
		c.provider.take(ledger.To{Object: o.Ref(), Path: ledger.Key("data", c.service.Key())})
		c.ask(c.alerts[i].addOn)
	}
	if first != nil {
		first.objects = append(first.objects, o)
		first.findings = append(first.findings, mapping.Finding{Path: "spec.providerRef", Verdict: mapping.Verdict{
			ID: "notifications-merge", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: "merge the keys of " + notify.ConfigName + " into the ConfigMap that Argo CD has, whose triggers and templates have to be those of its catalogue: what is written here holds neither"},
		}})
	}
}

// put writes the service into the ConfigMap.
func (all *services) put(o *object.Object, name string) {
	for _, s := range all.all {
		if s.Name == name {
			var text bytes.Buffer
			if document.Encode(&text, s.Options) == nil {
				o.Set(node.String(text.String()), "data", s.Key())
			}
		}
	}
}

// ask says on an Alert which keys of argocd-notifications-secret the service needs.
func (c *channel) ask(on *addOn) {
	for _, k := range c.service.Secret {
		on.findings = append(on.findings, mapping.Finding{Path: "spec.providerRef", Verdict: mapping.Verdict{
			ID: "notification-secret", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: fmt.Sprintf(
				"needs the key %s in the Secret %s of Argo CD's namespace, with %s", k.Key, notify.SecretName, k.From)},
		}})
	}
}

// notificationsConfigMap returns a ConfigMap to merge into that of Argo CD; see
// assessment.
func notificationsConfigMap(namespace string) *object.Object {
	o := object.New(object.ConfigMap, namespace, notify.ConfigName)
	o.Set(node.Map("app.kubernetes.io/name", notify.ConfigName, "app.kubernetes.io/part-of", "argocd"), "metadata", "labels")
	o.Set(node.String("Skip"), "metadata", "annotations", "argocd.argoproj.io/hook")
	return o
}
