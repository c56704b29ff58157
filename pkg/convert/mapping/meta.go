package mapping

import (
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// fluxKinds declares a field of every Flux kind that a part may have.
func fluxKinds(path string) []string {
	var fields []string
	for _, k := range flux.Kinds() {
		fields = append(fields, k.Name+":"+path)
	}
	return fields
}

// allKinds declares a field of every Flux kind that is read, which deploys or not.
func allKinds(path string) []string {
	fields := fluxKinds(path)
	for _, k := range flux.AddOns() {
		fields = append(fields, k.Name+":"+path)
	}
	return fields
}

func both(path string) []string {
	return []string{"Kustomization:" + path, "HelmRelease:" + path}
}

func metaRows() []Row {
	return append([]Row{
		{
			ID: "api-version", Argo: []string{"apiVersion", "kind"},
			Back: backKind, BackSource: spendKind,
			Flux:    append(fluxKinds("apiVersion"), fluxKinds("kind")...),
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "the kind follows from how the source renders"},
			ToArgo:  Promise{Fidelity: ledger.Equivalent, Note: "becomes an Application"},
			Forward: forwardKind,
		},
		{
			ID: "name", Argo: []string{"metadata.name"}, Flux: fluxKinds("metadata.name"),
			Back: backName, BackSource: spendKind,
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardName,
		},
		{
			ID: "namespace", Argo: []string{"metadata.namespace"}, Flux: fluxKinds("metadata.namespace"),
			Back: backNamespace, BackSource: spendKind,
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "where the Flux objects live does not change what they deploy"},
			ToArgo:  Promise{Fidelity: ledger.Equivalent, Note: "where the Application lives does not change what it deploys"},
			Forward: forwardNamespace,
		},
		{
			ID: "labels", Argo: []string{"metadata.labels.{}"}, Flux: fluxKinds("metadata.labels.{}"),
			Back: backLabels, BackSource: spendMeta,
			ToFlux: Promise{Fidelity: ledger.Exact}, ToArgo: Promise{Fidelity: ledger.Exact},
			Forward: forwardLabels,
		},
		{
			ID: "metadata-runtime",
			Argo: []string{
				"metadata.creationTimestamp", "metadata.uid", "metadata.resourceVersion", "metadata.generation",
				"metadata.selfLink", "metadata.managedFields[].**", "metadata.ownerReferences[].**",
				"metadata.deletionTimestamp", "metadata.deletionGracePeriodSeconds", "metadata.generateName",
				"metadata.managedFields", "metadata.ownerReferences",
			},
			Flux:   runtimeMeta(),
			ToFlux: Promise{Fidelity: ledger.Runtime, Note: "written by the cluster"},
			ToArgo: Promise{Fidelity: ledger.Runtime, Note: "written by the cluster"},
		},
	}, recordRows()...)
}

// recordRows are records that decide about nothing that is deployed.
func recordRows() []Row {
	return []Row{
		{
			ID: "status", Argo: []string{"status.**"}, Flux: allKinds("status.**"),
			ToFlux: Promise{Fidelity: ledger.Runtime, Note: "written by the controller"},
			ToArgo: Promise{Fidelity: ledger.Runtime, Note: "written by the controller"},
		},
		{
			ID: "operation", Argo: []string{"operation.**"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "a one-shot sync request, no desired state; reconcile the Flux object instead"},
		},
		{
			ID: "info", Argo: []string{"spec.info[].name", "spec.info[].value"},
			Writes:  both("metadata.annotations.{}"),
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "kept as an annotation; Flux shows it nowhere"},
			Forward: forwardInfo,
		},
		{
			ID: "revision-history", Argo: []string{"spec.revisionHistoryLimit"}, Flux: []string{"HelmRelease:spec.maxHistory"},
			Back:    backHistory,
			ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "Argo CD counts deployed revisions, Helm its releases"},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "Helm counts releases, Argo CD deployed revisions; defaults 5 and 10"},
			Forward: forwardHistory,
		},
	}
}

func runtimeMeta() (fields []string) {
	for _, key := range []string{
		"creationTimestamp", "uid", "resourceVersion", "generation", "selfLink", "managedFields[].**",
		"ownerReferences[].**", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName",
	} {
		fields = append(fields, allKinds("metadata."+key)...)
	}
	return fields
}

func forwardKind(c *Cell) {
	for _, l := range c.leaves {
		var to []Target
		for _, p := range c.unit.works() {
			to = append(to, Target{Object: p.Work, Path: l.Path})
		}
		c.claim(l, Verdict{To: to})
	}
}

func forwardName(c *Cell) {
	works := c.unit.works()
	var to []Target
	for _, p := range works {
		to = append(to, Target{Object: p.Work, Path: "metadata.name"})
	}
	switch {
	case len(c.app().Name) > object.MaxName:
		c.say(approximate("cut to 63 characters with a hash: Flux writes the name as a label value on all it applies", to...).as("name-too-long"))
	case len(works) > 1:
		c.say(equivalent("one object for each source, named after it", to...))
	default:
		c.keep(to...)
	}
}

func forwardNamespace(c *Cell) {
	if c.unit.Settings.Placement != "by-namespace" {
		c.say(implied("the placement of Flux objects was chosen by option"))
		return
	}
	var to []Target
	for _, p := range c.unit.works() {
		to = append(to, Target{Object: p.Work, Path: "metadata.namespace"})
	}
	if len(c.leaves) == 1 && len(to) > 0 && c.unit.Parts[0].Work != nil && c.unit.Parts[0].Work.Namespace() == c.app().Namespace {
		c.say(exact(to...))
		return
	}
	c.keep(to...)
}

// instanceLabel is how Argo CD tracked resources by default before v3 (common/common.go
// LabelKeyAppInstance).
const instanceLabel = "app.kubernetes.io/instance"

func forwardLabels(c *Cell) {
	for i, key := range pairs(c.app().Root, "metadata", "labels") {
		value := node.At(c.app().Root, "metadata", "labels").Content[2*i+1]
		l := c.of(value)
		if strings.HasPrefix(key.Value, "argocd.argoproj.io/") {
			c.claim(l, approximate("a label of Argo CD itself; dropped"))
			continue
		}
		to := c.eachWork("metadata.labels", key, value)
		if key.Value == instanceLabel {
			c.claim(l, approximate("where Argo CD tracks by label, a parent Application takes the Flux object for its own and may prune it: drop the label first", to...).as("instance-label"))
			continue
		}
		c.claim(l, Verdict{To: to})
	}
}

// eachWork sets key below path in every Kustomization and HelmRelease.
func (c *Cell) eachWork(path string, key, value *yaml.Node) (to []Target) {
	for _, p := range c.unit.works() {
		to = append(to, c.set(p.Work, path, node.Clone(value), key.Value))
	}
	return to
}

// pairs returns the keys of the mapping below keys.
func pairs(n *yaml.Node, keys ...string) (names []*yaml.Node) {
	m := node.At(n, keys...)
	if m == nil || m.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(m.Content); i += 2 {
		names = append(names, m.Content[i])
	}
	return names
}

func forwardHistory(c *Cell) {
	limit := c.app().Spec("revisionHistoryLimit")
	var to []Target
	for _, p := range c.unit.works() {
		// 0 means no history to Argo CD and endless history to Helm.
		if r := p.release(); r != nil && limit.Value != "0" {
			to = append(to, c.set(r, "spec.maxHistory", node.Clone(limit)))
		}
	}
	if len(to) == 0 {
		c.say(unsupported("a Kustomization keeps no history; roll back in Git").as("history-unsupported"))
		return
	}
	c.keep(to...)
}

// forwardInfo keeps each item as annotation kubectl-gitops.io/info.<name>.
func forwardInfo(c *Cell) {
	seen := map[string]bool{}
	for _, item := range node.Items(c.app().Spec(), "info") {
		name := strings.TrimRight("info."+object.Slug(node.Text(item, "name")), ".")
		name = object.Fit(name, object.MaxName-4)
		name = distinct(name, "", func(name string) bool { return seen[name] })
		seen[name] = true
		key := node.String("kubectl-gitops.io/" + name)
		to := c.eachWork("metadata.annotations", key, node.String(node.Text(item, "value")))
		for _, l := range c.below(item) {
			c.claim(l, Verdict{To: to})
		}
	}
}
