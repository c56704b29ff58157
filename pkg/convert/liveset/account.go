package liveset

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A rule is what becomes of the leaves whose path fits.
type rule struct {
	path     *regexp.Regexp
	id       string
	fidelity ledger.Fidelity
	to       string // a field of the ResourceSet, or of another object behind its role
	note     string
}

func at(path string) *regexp.Regexp { return regexp.MustCompile(`^` + path + `($|[.\[])`) }

// Generators, in matrices or not.
const (
	generator = `spec\.generators\[\d+\](\.matrix\.generators\[\d+\])*`
	request   = generator + `\.pullRequest`
	listed    = generator + `\.git`
)

// rules are in order: the first that fits counts.
var rules = []rule{
	{at(`apiVersion`), "appset-resourceset", ledger.Equivalent, "apiVersion", ""},
	{at(`kind`), "appset-resourceset", ledger.Approximate, "kind", "a ResourceSet takes its place, which needs flux-operator in the cluster. It makes the Flux objects itself, updates and deletes them. To delete the ApplicationSet in the cluster, keep its Applications: kubectl delete --cascade=orphan"},
	{at(`metadata\.name`), "appset-resourceset", ledger.Equivalent, "metadata.name", ""},
	{at(`metadata\.namespace`), "appset-resourceset", ledger.Equivalent, "metadata.namespace", "as an Application's there"},
	{at(`metadata\.(creationTimestamp|uid|resourceVersion|generation|selfLink|deletionTimestamp|deletionGracePeriodSeconds|managedFields)`), "appset-runtime", ledger.Runtime, "", "written by the cluster"},
	{at(`metadata`), "appset-metadata", ledger.Approximate, "", "about the ApplicationSet itself, which is gone"},
	{at(`status`), "appset-runtime", ledger.Runtime, "", "written by the cluster"},
	{at(request + `\.requeueAfterSeconds`), "appset-requeue", ledger.Approximate, "provider metadata.annotations", "flux-operator asks as often"},
	{at(request + `\.values`), "appset-inputs", ledger.Approximate, "provider spec.defaultValues", "the same values for all requests"},
	{at(request + `\.continueOnRepoNotFoundError`), "appset-provider", ledger.Unsupported, "", "the provider fails where there is no such repository, and what was made stays"},
	{at(request + `\.[a-z]+\.(tokenRef\.key)`), "appset-provider-secret", ledger.Unsupported, "", "the Secret of a provider has fixed keys: give it the token as password, with any username"},
	{at(request + `\.[a-z]+\.(tokenRef\.secretName|appSecretName)`), "appset-provider-secret", ledger.Approximate, "provider spec.secretRef.name", "flux-operator wants a Secret of this name in the namespace of the provider, with the keys username and password, or githubAppID, githubAppInstallationID and githubAppPrivateKey"},
	{at(request + `\.filters`), "appset-provider", ledger.Approximate, "provider spec.filter.includeBranch", "a regular expression for the branch of the request there, too"},
	{at(request + `\.[a-z]+\.labels`), "appset-provider", ledger.Approximate, "provider spec.filter.labels", "the labels of requests are compared by flux-operator"},
	{at(request), "appset-provider", ledger.Approximate, "provider spec.url", "flux-operator asks for open requests, at most 10,000; what it says was compared with Argo CD's for examples only"},
	{at(listed + `\.requeueAfterSeconds`), "appset-requeue", ledger.Approximate, "repository spec.interval", "Flux looks as often"},
	{at(listed + `\.values`), "appset-inputs", ledger.Approximate, "provider spec.defaultValues", "the same values for all directories"},
	{at(listed + `\.pathParamPrefix`), "appset-directories", ledger.Equivalent, "", "names the parameters, and these become inputs"},
	{at(listed + `\.directories`), "appset-directories", ledger.Approximate, "generator spec.pathPattern", "needs the component source-watcher of Flux 2.9, and flux-operator 0.57. What * stands for has to be lower case letters, digits, dots and dashes: of capitals comes a wrong path, and anything else keeps the ArtifactGenerator from finding any directory. A .sourceignore file of the repository counts"},
	{at(generator + `\.(list|matrix|merge|selector)`), "appset-inputs", ledger.Equivalent, "spec.inputs", "what the elements make was compared with what Argo CD makes of them"},
	{at(`spec\.template\.metadata\.namespace`), "appset-namespace", ledger.Equivalent, "", "Argo CD ignores it: Applications are in the namespace of their ApplicationSet"},
	{at(`spec\.template`), "appset-resources", ledger.Equivalent, "spec.resources", "converted with the template; findings of the Application tell more"},
	{at(`spec\.goTemplate`), "appset-resources", ledger.Equivalent, "spec.resources", "templates are written in the language of flux-operator"},
	{at(`spec\.goTemplateOptions`), "appset-resources", ledger.Equivalent, "spec.resources", "flux-operator always fails where an input is missing"},
	{at(`spec\.syncPolicy\.preserveResourcesOnDeletion`), "appset-finalizer", ledger.Equivalent, "", "says whether the Applications have the finalizer that deletes what they deploy"},
	{at(`spec\.syncPolicy\.applicationsSync`), "appset-sync", ledger.Equivalent, "", "the default, and what a ResourceSet does"},
	{at(`spec\.applyNestedSelectors`), "appset-nested-selectors", ledger.Equivalent, "", "Argo CD ignores it: nested selectors always apply"},
	{at(`spec\.ignoreApplicationDifferences`), "appset-differences", ledger.Unsupported, "", "a ResourceSet undoes what others change in the objects that it has made"},
	{at(`spec\.preservedFields`), "appset-preserved-fields", ledger.Approximate, "", "labels and annotations that others add to the objects stay, unless the ResourceSet says otherwise"},
	{at(`spec\.strategy\.type`), "appset-steps", ledger.Equivalent, "", "Argo CD syncs all at once, and so does Flux"},
	{at(`spec\.strategy`), "appset-strategy", ledger.Unsupported, "", "nothing limits how many change at once, or deletes in order"},
}

// A Unit accounts for an ApplicationSet that became a ResourceSet.
type Unit struct {
	Set  *Set
	File string
	// Written are the providers and the ResourceSet, which is the last.
	Written []*object.Object
	// Application is the one with marks, and ByField its entries.
	Application *yaml.Node
	ByField     []ledger.Entry
	// Became are the objects of the resources, as ByField names them.
	Became []ledger.Object
}

// Inputs returns what the unit was read from.
func (u *Unit) Inputs() []*yaml.Node { return []*yaml.Node{u.Set.Root} }

// Objects returns what is written.
func (u *Unit) Objects() []*object.Object { return u.Written }

func (u *Unit) resourceSet() *object.Object { return u.Written[len(u.Written)-1] }

// Entries returns one entry for each leaf, then those of the template as an Application.
func (u *Unit) Entries() (entries []ledger.Entry) {
	root := u.Set.Root
	id := refOf(root)
	for _, d := range u.Set.Directories() {
		entries = append(entries, d.absent(id, u.File)...)
	}
	unknown := schema.Unknown(argocd.APIVersion, id.Kind, root)
	for _, leaf := range table.NewTrie().Walk(root, nil) {
		e, ok := u.ofDirectories(leaf.Path)
		switch {
		case unknown(leaf.Path):
			e = unknownField()
		case !ok:
			e = u.entry(leaf.Path, leaf.Node)
		}
		e.From = ledger.From{Object: id, Path: leaf.Path, File: u.File, Line: leaf.Line()}
		entries = append(entries, e)
	}
	marked := map[string]bool{}
	for _, leaf := range table.NewTrie().Walk(u.Application, nil) {
		marked[leaf.Path] = u.Set.Marks(leaf.Node) || u.Set.Source(leaf.Path) != leaf.Path
	}
	for _, e := range u.ByField {
		entries = append(entries, u.ofTemplate(e, marked[e.From.Path]))
	}
	return entries
}

// Unrecorded says that the ResourceSet holds no record of the ApplicationSet.
func (u *Unit) Unrecorded() ledger.Entry {
	return ledger.Entry{
		ID: "appset-unrecorded", Fidelity: ledger.Unsupported, Absent: true, To: []ledger.To{},
		From: ledger.From{Object: refOf(u.Set.Root), Path: "metadata.annotations", File: u.File, Line: u.Set.Root.Line},
		Note: "no record is kept: on the way back, a ResourceSet of inputs becomes the Applications that it makes, or with --collapse a set of them, and one of a provider stays. Keep the ApplicationSet",
	}
}

func (u *Unit) entry(path string, n *yaml.Node) ledger.Entry {
	for _, r := range rules {
		if !r.path.MatchString(path) {
			continue
		}
		e := ledger.Entry{ID: r.id, Fidelity: r.fidelity, Note: r.note, To: u.to(r.to, path)}
		if u.Set.Live() && e.ID == "appset-inputs" && e.Fidelity == ledger.Equivalent {
			e.Fidelity, e.Note = ledger.Approximate, "beside what else gives inputs, of which examples were compared only"
		}
		if u.Set.Live() && e.ID == "appset-resources" && strings.Contains(n.Value, "{{") {
			e.Fidelity, e.Note = ledger.Approximate, "an expression of flux-operator takes its place, which was compared with Argo CD's for examples only"
		}
		return e
	}
	return unknownField()
}

func unknownField() ledger.Entry {
	return ledger.Entry{ID: "unknown-field", Fidelity: ledger.Unknown, Note: "no rule knows this field", To: []ledger.To{}}
}

// to names a field that exists, of the ResourceSet or of another object that the generator
// at the path became.
func (u *Unit) to(field, path string) []ledger.To {
	object := u.resourceSet()
	if role, rest, ok := strings.Cut(field, " "); ok {
		field = rest
		object = u.Set.objectOf(role, path)
	}
	if field == "" || object == nil || !ledger.Exists(object.Root, field) {
		return []ledger.To{}
	}
	return []ledger.To{{Object: object.Ref(), Path: field}}
}

// objectOf returns the object of a role for what is at or below the path.
func (s *Set) objectOf(role, path string) *object.Object {
	for _, f := range s.factors {
		for _, p := range f.providers {
			switch {
			case !strings.HasPrefix(path, p.generator+"."):
			case role == "provider":
				return p.written
			case role == "repository":
				return p.found.of.repository
			case strings.HasPrefix(path, ledger.Index(p.generator+".directories", p.found.item)+"."):
				return p.found.written
			}
		}
	}
	return nil
}

// ofDirectories is the entry of a field that says where directories are, or which are left
// out.
func (u *Unit) ofDirectories(path string) (ledger.Entry, bool) {
	for _, d := range u.Set.Directories() {
		for i, item := range node.Items(d.body, "directories") {
			if at := ledger.Index(d.at+".directories", i); node.True(item, "exclude") && strings.HasPrefix(path, at+".") {
				return u.excluded(d, node.Text(item, "path")), true
			}
		}
	}
	return u.ofRepository(path)
}

func (u *Unit) excluded(d *Directories, glob string) ledger.Entry {
	if !slices.Contains(d.ignore, ignored(glob)) {
		return ledger.Entry{ID: "appset-directories", Fidelity: ledger.Equivalent, To: []ledger.To{},
			Note: "excludes nothing: it is not as deep as what is included"}
	}
	return ledger.Entry{ID: "appset-directories", Fidelity: ledger.Equivalent,
		To:   []ledger.To{{Object: d.repository.Ref(), Path: "spec.ignore"}},
		Note: "left out of what the ArtifactGenerator looks through"}
}

// repositoryFields are those of a generator that become what the source of an Application
// becomes.
var repositoryFields = map[string]string{"repoURL": "spec.source.repoURL", "revision": "spec.source.targetRevision"}

// ofRepository is the entry of a field that says where a repository is.
func (u *Unit) ofRepository(path string) (ledger.Entry, bool) {
	for _, d := range u.Set.Directories() {
		field, ok := strings.CutPrefix(path, d.at+".")
		if from := repositoryFields[field]; ok && from != "" {
			i := slices.IndexFunc(d.entries, func(e ledger.Entry) bool { return e.From.Path == from && !e.Absent })
			if i >= 0 {
				return d.own(d.entries[i]), true
			}
		}
	}
	return ledger.Entry{}, false
}

// own says of an entry of the Application what it is for the generator.
func (d *Directories) own(e ledger.Entry) ledger.Entry {
	to := []ledger.To{}
	for _, t := range e.To {
		if t.Kind == d.repository.Kind.Name && ledger.Exists(d.repository.Root, t.Path) {
			to = append(to, ledger.To{Object: d.repository.Ref(), Path: t.Path})
		}
	}
	e.To = to
	return e
}

// absent are the entries about a revision that the generator leaves out.
func (d *Directories) absent(id ledger.Object, file string) (entries []ledger.Entry) {
	for _, e := range d.entries {
		if e.Absent && e.From.Path == repositoryFields["revision"] {
			e = d.own(e)
			e.From = ledger.From{Object: id, Path: d.at + ".revision", File: file, Line: d.body.Line}
			entries = append(entries, e)
		}
	}
	return entries
}

// unread takes back the advice to pass a checkout: what will be in directories none tells.
var unread = strings.NewReplacer(". Pass --source, or set", ". Set", ". Pass --source", "")

// ofTemplate says of an entry of the Application with marks what it is for the template;
// marked tells that its field holds a mark.
func (u *Unit) ofTemplate(e ledger.Entry, marked bool) ledger.Entry {
	marked = marked || u.Set.Source(e.Note) != e.Note
	e.From.Name, e.From.Path, e.Note = u.Set.Source(e.From.Name), u.Set.Source(e.From.Path), u.Set.Source(e.Note)
	if len(u.Set.Directories()) > 0 {
		e.Note = unread.Replace(e.Note)
	}
	to := make([]ledger.To, 0, len(e.To))
	for _, t := range e.To {
		for i, ref := range u.Became {
			if t.Object == ref {
				path := ledger.Index("spec.resources", i)
				to = append(to, ledger.To{Object: u.resourceSet().Ref(), Path: path})
			}
		}
	}
	e.To = to
	if marked && u.Set.Live() && e.Fidelity.Severity() < ledger.Approximate.Severity() {
		e.Fidelity, e.Note = ledger.Approximate, strings.TrimPrefix(e.Note+"; what comes of it was compared for examples only", "; ")
	}
	return e
}
