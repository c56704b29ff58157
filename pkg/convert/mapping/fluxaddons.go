package mapping

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// fluxAddOnRows are fields of objects that deploy nothing. Where one of them says what
// Argo CD cannot do, the whole object stays; here is what is lost of the others.
func fluxAddOnRows() []Row {
	const not, approximately, equivalently = ledger.Unsupported, ledger.Approximate, ledger.Equivalent
	const kinds = "Alert,Provider,ImageRepository,ImagePolicy,ImageUpdateAutomation: "
	return []Row{
		fluxOnly("flux-add-on", equivalently, "only names the object, whose settings others take over",
			kinds+"apiVersion kind metadata.name metadata.namespace"),
		fluxOnly("source-metadata", approximately, "of an object that Argo CD does not have; dropped",
			kinds+"metadata.labels.{} metadata.annotations.{} metadata.finalizers[]").spend(spendMeta),
		fluxOnly("flux-alert", approximately, "subscriptions of the Applications that take the place of its sources: a trigger of Argo CD tells a state once, in the words of a template, where Flux tells every event",
			"Alert: spec.providerRef.name spec.eventSeverity spec.eventSources[].** spec.suspend").spend(spendAlert),
		fluxOnly("flux-alert-filter", not, "a trigger of Argo CD looks at the state of an Application, not at messages",
			"Alert: spec.inclusionList[] spec.exclusionList[]").spend(spendFilter),
		fluxOnly("flux-alert-text", not, "text of messages is in the templates of argocd-notifications-cm",
			"Alert: spec.eventMetadata.{} spec.summary"),
		fluxOnly("subscribed", equivalently, "says which subscriptions the Alert stands for",
			"Alert: "+annotation(Subscribed)),
		fluxOnly("flux-provider", approximately, "a service of argocd-notifications-cm, and the recipient of subscriptions",
			"Provider: spec.type spec.address spec.channel spec.username spec.secretRef.name spec.suspend").spend(spendTaken),
		fluxOnly("flux-provider-transport", not, "a service of Argo CD has no such setting",
			"Provider: spec.certSecretRef.name spec.proxySecretRef.name spec.proxy spec.serviceAccountName spec.commitStatusExpr spec.timeout spec.interval"),
		fluxOnly("flux-image", approximately, "settings of Argo CD Image Updater, for the Applications with the marks",
			"ImageRepository: spec.image spec.secretRef.name spec.exclusionList[] spec.interval spec.suspend",
			"ImagePolicy: spec.imageRepositoryRef.name spec.imageRepositoryRef.namespace spec.policy.semver.range spec.policy.alphabetical.order spec.policy.numerical.order spec.filterTags.pattern spec.filterTags.extract spec.digestReflectionPolicy spec.interval spec.suspend").spend(spendTaken),
		fluxOnly("flux-image-access", not, "how Argo CD Image Updater reaches a registry is in a ConfigMap of its own, for all images",
			"ImageRepository: spec.provider spec.serviceAccountName spec.certSecretRef.name spec.proxySecretRef.name spec.insecure spec.timeout spec.accessFrom.**"),
		fluxOnly("flux-image-automation", approximately, "Argo CD Image Updater writes to a file of its own, to a kustomization or to values of a chart, and needs no marks",
			"ImageUpdateAutomation: spec.interval spec.suspend spec.sourceRef.** spec.update.** spec.policySelector.** spec.git.checkout.** spec.git.push.**").spend(spendTaken),
		fluxOnly("flux-image-commit", not, "author, message and signing key of commits are settings of Argo CD Image Updater itself",
			"ImageUpdateAutomation: spec.git.commit.**"),
	}
}

// spendTaken names the fields that say it now.
func spendTaken(c *SourceCell) { c.keep(c.unit.takers...) }

// spendAlert: some of the event sources may have no Application, and where a project or
// the ConfigMap subscribes no Application has an annotation.
func spendAlert(c *SourceCell) {
	for i, source := range node.Items(c.unit.Source.Root, "spec", "eventSources") {
		if why := c.unit.lost[i]; why != "" {
			for _, l := range c.below(source) {
				c.claim(l, unsupported(why).as("flux-alert-source"))
			}
		}
	}
	if text := node.At(c.unit.Source.Root, "metadata", "annotations", Subscribed); text != nil && text.Value == "" {
		c.say(approximate("stands for a subscription of an AppProject or of argocd-notifications-cm, which has to be there still: no Application has it as its own"))
		return
	}
	spendTaken(c)
}

// spendFilter: the messages that an Alert of ours lets through are those of a trigger.
func spendFilter(c *SourceCell) {
	if node.At(c.unit.Source.Root, "metadata", "annotations", Subscribed) != nil {
		c.say(approximate("made of the trigger of the subscription: what was changed of it since is lost"))
	}
}

// A Taken is an annotation that an Application takes from an Alert or from an image
// policy. Recorded tells that this tool made that object of an Application, whose record,
// where it has one, knows better.
type Taken struct {
	Key, Value string
	Recorded   bool
}

// backSubscriptionRows are what an Application takes from add-ons.
func backSubscriptionRows() []Row {
	return []Row{{
		ID: "taken-annotations", BackAlways: true, Back: backTaken,
		Writes: []string{application.Name + ":metadata.annotations.{}"},
		ToArgo: Promise{Fidelity: ledger.Approximate, Note: "taken from Alerts and image policies, whose ledgers name it"},
	}}
}

func backTaken(c *BackCell) {
	c.declare("metadata.annotations")
	c.unit.writeTaken()
}

// writeTaken writes the annotations, the recipients of one subscription in one.
func (u *BackUnit) writeTaken() {
	for _, t := range u.Taken {
		value := t.Value
		if was := u.App.Get("metadata", "annotations", t.Key); was != nil && was.Value != "" && value != "" {
			value = joined(was.Value, value)
		}
		u.App.Set(node.String(value), "metadata", "annotations", t.Key)
	}
}

// TrustRecord takes away what a record of an earlier conversion knows better.
func (u *BackUnit) TrustRecord() {
	for _, t := range u.Taken {
		node.Remove(u.App.Get("metadata", "annotations"), t.Key)
	}
	if annotations := u.App.Get("metadata", "annotations"); node.Empty(annotations) {
		node.Remove(u.App.Get("metadata"), "annotations")
	}
	u.Taken = slices.DeleteFunc(slices.Clone(u.Taken), func(t Taken) bool { return t.Recorded })
	u.writeTaken()
}

// joined adds a recipient to a list, once.
func joined(list, recipient string) string {
	for one := range strings.SplitSeq(list, ";") {
		if one == recipient {
			return list
		}
	}
	return list + ";" + recipient
}

// HoldsVariable tells whether some text below n has a variable that only postBuild of a
// parent Kustomization replaces.
func HoldsVariable(n *yaml.Node) bool {
	return substituted(n) || slices.ContainsFunc(n.Content, HoldsVariable)
}
