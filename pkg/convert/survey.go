package convert

import (
	"bytes"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/notify"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/owner"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// A site is an object of the input: a document, or an item of a list.
type site struct {
	doc  *document.Doc
	item int // -1 for a document of its own
}

// A survey is what a first look at all documents tells. Flux spreads one deployment
// over several objects, so nothing can be converted before all are known; but only
// what refers to what is kept, not the objects themselves.
type survey struct {
	options *Options
	index   *flux.Index
	claims  *owner.Claims
	maps    []site       // ConfigMaps
	secrets []site       // Secrets, and what makes such
	held    []heldSecret // Secrets that are named for another purpose
	// credentials is what became of them; nil where there are none.
	credentials *backCredentials
	entries     []*flux.Entry // all that index is made of
	appliers    []*applier
	bySite      map[site]*applier
	sources     map[site]*source
	edited      map[*flux.Entry][]string // what changes a source
	addOns      []*addOn
	addOnAt     map[site]*addOn
	// addOnNamed and named are by kind and name.
	addOnNamed map[[2]string][]*addOn
	named      map[[2]string][]*applier
	// marks counts those of the whole input, by policy.
	marks map[string]int
	cache *cache
	// wanted are the sources that are referred to and not in the input.
	wanted []flux.Ref
	// notifications and updaters are those of the input; see lookAround.
	notifications *notify.Config
	// merged are the ConfigMaps of Argo CD that something may be merged into.
	merged   map[site]*configmap.Merged
	updaters []*imageupdate.Updater
	// root is the Application that deploys the others, or nil.
	root *object.Object
}

// An applier is a Kustomization or HelmRelease, and what became of its references.
type applier struct {
	flux.Ref
	site   site
	file   string
	source flux.Ref
	// sourcePath is where the reference stands.
	sourcePath string
	dependsOn  []flux.Ref
	values     []flux.Ref // ConfigMaps with values
	missing    []string   // required fields that are not there
	err        error      // it is broken
	asParent   *parent    // what a Kustomization does to others
	record     *preserve.Record
	partOf     string // the object with the record
	// after the survey:
	chart, origin *flux.Entry
	// composed is a chart with values of other repositories, made by generator.
	composed  *flux.Composition
	generator *flux.Entry
	lenders   []*flux.Entry // one for each file of composed; nil where the input has none
	problem   *problem
	group     *group
	// parents apply this object, children are applied by it. There are several parents
	// where one directory goes to several clusters.
	parents  []*parent
	children []*applier
	// addOns are those that its Application takes over, as annotations.
	addOns []*addOn
	taken  []mapping.Taken
	marks  []imageupdate.Mark
	plan   *imageupdate.Plan // of its images; nil where there are none
	// edits are what kustomization files change of it, sourceEdits what is changed of
	// its sources.
	edits, sourceEdits []string
	twin               string // the file of an object that is the same in a cluster
	name               string // of the Application
	namespace          string
	wave               int
	waves              []mapping.Verdict
	awaited            bool // another waits for it
	// account is the ServiceAccount as which it applies in its own cluster, or empty.
	account flux.Ref
	project *mapping.TenantProject // what that became, or nil
	outside []mapping.Finding      // what the project does not permit of it
}

// A source is a source object of the input.
type source struct {
	users []mapping.User
	// kept tells that an object which is not converted needs it.
	kept bool
}

// A problem is why an applier is not converted.
type problem struct{ id, path, note string }

// looked is what a look at one document found.
type looked struct {
	appliers []*applier
	entries  []*flux.Entry
	sites    []site // of the entries
	addOns   []*addOn
	maps     []site         // ConfigMaps
	marks    map[string]int // of images, by policy
	secrets  []site
	held     []heldSecret
}

// look reads what a document refers to. Broken documents are skipped: the
// conversion reports them.
func (s *survey) look(d *document.Doc) (found looked) {
	head := d.Peek()
	found.marks = s.countMarks(d.Raw)
	switch {
	case d.Empty() || head.OK && !flux.Ours(head.APIVersion) && !isList(head.Kind) && head.Kind != "ConfigMap" && !makesSecret(head.Kind):
		return found
	case head.OK && makesSecret(head.Kind):
		found.secrets = []site{{d, -1}}
		return found
	case head.OK && head.Kind == "ConfigMap":
		found.maps = []site{{d, -1}}
		return found
	case isList(head.Kind) && !bytes.Contains(d.Raw, fluxGroup) && !bytes.Contains(d.Raw, []byte("ConfigMap")) && !bytes.Contains(d.Raw, []byte("Secret")):
		return found
	}
	root, err := d.Parse()
	if err != nil {
		return found
	}
	members, ok := s.options.members(root)
	if !ok {
		s.object(&found, site{d, -1}, root)
		return found
	}
	for i, item := range members {
		s.object(&found, site{d, i}, item)
	}
	return found
}

func (s *survey) object(found *looked, at site, root *yaml.Node) {
	o := objectOf(root)
	if o.Kind == "ConfigMap" {
		found.maps = append(found.maps, at)
	}
	if makesSecret(o.Kind) {
		found.secrets = append(found.secrets, at)
	}
	found.held = append(found.held, heldBy(o, root, at.doc.File)...)
	current, ok := flux.Current(o.APIVersion, o.Kind)
	ref := flux.ObjectRef(root, "")
	switch {
	case !ok || o.Name == "":
		return
	case flux.IsAddOn(o.Kind):
		entry := &flux.Entry{Ref: ref, File: at.doc.File, Load: s.loader(at)}
		found.addOns = append(found.addOns, &addOn{Ref: ref, site: at, file: at.doc.File, entry: entry})
		return
	}
	if flux.IsApplier(o.Kind) {
		node.ResolveOldBools(root)
		one := s.applier(at, ref, root)
		one.err = check(at.doc, root, current.APIVersion, o)
		if len(found.marks) > 0 {
			one.marks = imageupdate.FindMarks(root)
		}
		found.appliers = append(found.appliers, one)
		return
	}
	refs := []flux.Ref{ref}
	if o.Kind == flux.ArtifactGenerator.Name {
		for _, name := range flux.Artifacts(root) {
			refs = append(refs, flux.Ref{Kind: flux.ExternalArtifact.Name, Namespace: ref.Namespace, Name: name})
		}
	}
	for _, ref := range refs {
		found.entries = append(found.entries, &flux.Entry{Ref: ref, File: at.doc.File, Load: s.loader(at)})
		found.sites = append(found.sites, at)
	}
}

// applier notes what a Kustomization or HelmRelease refers to.
func (s *survey) applier(at site, ref flux.Ref, root *yaml.Node) *applier {
	a := flux.ReadApplier(root, "")
	one := &applier{
		Ref: ref, site: at, file: at.doc.File,
		source: a.Source(), sourcePath: a.SourcePath(), dependsOn: a.DependsOn(), values: a.ValueMaps(),
		missing: missing(a), account: accountOf(a),
	}
	if !s.options.plain {
		one.record, _ = preserve.Read(root) // the conversion reports a broken one
		one.partOf = node.Text(root, "metadata", "annotations", preserve.PartOf)
	}
	if !a.Release() {
		one.asParent = readParent(one, a)
	}
	return one
}

// loader returns a function that parses the object at a site again.
func (s *survey) loader(at site) func() (*yaml.Node, error) {
	return func() (*yaml.Node, error) { return s.cache.load(at) }
}

// take adds what was found, in input order.
func (s *survey) take(found looked) {
	s.maps = append(s.maps, found.maps...)
	s.secrets = append(s.secrets, found.secrets...)
	s.held = append(s.held, found.held...)
	for policy, n := range found.marks {
		s.marks[policy] += n
	}
	for _, a := range found.appliers {
		s.appliers = append(s.appliers, a)
		s.bySite[a.site] = a
	}
	for _, a := range found.addOns {
		s.addOns = append(s.addOns, a)
		s.addOnAt[a.site] = a
		s.entries = append(s.entries, a.entry)
		s.cache.know(a.entry, a.site)
	}
	for i, e := range found.entries {
		s.entries = append(s.entries, e)
		if s.sources[found.sites[i]] == nil {
			s.sources[found.sites[i]] = &source{}
		}
		s.cache.know(e, found.sites[i])
	}
}

// missing names the fields without which the API server takes no Kustomization or
// HelmRelease; a kustomization is expected to supply them.
func missing(a *flux.Applier) (fields []string) {
	require := func(present bool, field string) {
		if !present {
			fields = append(fields, field)
		}
	}
	require(node.Text(a.Spec(), "interval") != "", "spec.interval")
	switch {
	case !a.Release():
		require(node.Text(a.Spec("sourceRef"), "kind") != "", "spec.sourceRef.kind")
		require(node.Text(a.Spec("sourceRef"), "name") != "", "spec.sourceRef.name")
		require(node.Get(a.Spec(), "prune") != nil, "spec.prune")
	case !node.Null(a.Spec("chartRef")):
		require(node.Text(a.Spec("chartRef"), "name") != "", "spec.chartRef.name")
	default:
		require(node.Text(a.Spec("chart", "spec"), "chart") != "", "spec.chart.spec.chart")
		require(node.Text(a.Spec("chart", "spec", "sourceRef"), "name") != "", "spec.chart.spec.sourceRef.name")
	}
	return fields
}
