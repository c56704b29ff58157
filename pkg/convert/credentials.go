package convert

import (
	"bytes"
	"strconv"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// credentials are the Secrets of Argo CD in the input. Argo CD finds them by URL, Flux
// wants them named and beside the source, so all Applications are looked at before the
// first is converted; but only where there is such a Secret.
type credentials struct {
	store *credential.Store
	given map[site]given
	// authorities is the ConfigMap of CAs, which stays.
	authorities site
}

// A given is a Secret of the input, or why it cannot be read.
type given struct {
	credential.Given
	err error
}

// secretType marks the documents that may hold a Secret of Argo CD.
var secretType = []byte(credential.Label)

// credentialed looks for credentials and lets everything that deploys say what it needs.
func (c *compiler) credentialed(streams []stream, everything func() []stream) *credentials {
	found := &credentials{given: map[site]given{}}
	var hosts credential.Hosts
	secrets := map[site]*yaml.Node{}
	var order []site
	eachObject(streams, holdsCredentials, func(at site, root *yaml.Node) {
		o := objectOf(root)
		switch {
		case o.Kind == "ConfigMap" && o.Name == credential.Authorities && found.authorities.doc == nil:
			found.authorities = at
			hosts.Read(root)
		case o.Kind == "ConfigMap" && o.Name == credential.KnownHosts:
			hosts.Read(root)
		case ofArgo(root) && secret.Is(o) && !secret.Encrypted(root) && c.read(o):
			secrets[at] = root
			order = append(order, at)
		}
	})
	found.store = credential.NewStore(c.options.RedactSecrets, hosts, c.present.holds)
	for _, at := range order {
		found.given[at] = found.take(secrets[at], at.doc.File)
	}
	if found.store.Empty() {
		return found // what it cannot use is reported
	}
	eachObject(everything(), ofArgoGroup, func(at site, root *yaml.Node) {
		node.ResolveOldBools(root)
		apps, ok := c.applicationsOf(at.doc, root)
		for _, app := range append(apps, c.examples(root, !ok)...) {
			c.want(found.store, at, app)
		}
		if !ok {
			found.store.KeepAll() // its template tells no URL for certain
		}
	})
	return found
}

func (f *credentials) take(root *yaml.Node, file string) given {
	in, err := secret.Read(root, file)
	if err != nil {
		return given{err: err}
	}
	taken, err := f.store.Add(in)
	return given{taken, err}
}

// holdsCredentials tells whether a document may hold what credentialed looks for.
func holdsCredentials(d *document.Doc) bool {
	return bytes.Contains(d.Raw, secretType) || holdsTrust(d)
}

// holdsTrust tells whether a document may say whom Argo CD trusts.
func holdsTrust(d *document.Doc) bool {
	return bytes.Contains(d.Raw, []byte(credential.KnownHosts)) || bytes.Contains(d.Raw, []byte(credential.Authorities))
}

// ofArgo tells whether an object has the label of Argo CD's Secrets.
func ofArgo(root *yaml.Node) bool {
	return node.Text(root, "metadata", "labels", credential.Label) != ""
}

// eachObject calls f for the objects of the documents that may be of interest. Broken ones are
// left out: the conversion reports them.
func eachObject(streams []stream, interesting func(*document.Doc) bool, f func(at site, root *yaml.Node)) {
	for _, in := range streams {
		for i := range in.docs {
			d := &in.docs[i]
			if d.Empty() || !interesting(d) {
				continue
			}
			root, err := d.Parse()
			if err != nil {
				continue
			}
			if !isList(node.Text(root, "kind")) {
				f(site{d, -1}, root)
				continue
			}
			for item, object := range node.Items(root, "items") {
				f(site{d, item}, object)
			}
		}
	}
}

// read tells whether Argo CD reads Secrets of the object's namespace (util/db lists those of
// its own).
func (c *compiler) read(o ledger.Object) bool {
	return o.Namespace == "" || o.Namespace == c.options.ArgoCDNamespace
}

// want tells what an Application needs of the credentials. What stays on Argo CD needs
// them there.
func (c *compiler) want(store *credential.Store, at site, root *yaml.Node) {
	app := argocd.Read(root)
	name, server := app.Cluster()
	if c.stays(at.doc, root, app) {
		for _, s := range app.Sources {
			store.Keep(s.RepoURL, app.Project)
		}
		store.KeepCluster(name, server)
		return
	}
	place := c.settings.Place(app)
	source, cluster := c.keptRefs(root)
	for _, s := range app.Sources {
		store.Want(credential.Need{Source: s, Project: app.Project, Namespace: place, Kept: source})
	}
	if !app.InCluster() {
		store.WantCluster(name, server, place, cluster)
	}
}

// stays tells whether an Application is not converted.
func (c *compiler) stays(d *document.Doc, root *yaml.Node, app *argocd.App) bool {
	return check(d, root, argocd.APIVersion, objectOf(root)) != nil || len(app.Missing()) > 0 ||
		whole(d, app) != nil || mapping.Refuse(app) != nil
}

// credential converts a Secret of Argo CD. taken is false where the object is none, and
// passes tells that it stays as it is, perhaps besides what the job's units write.
func (c *compiler) credential(j *job, at site, root *yaml.Node) (taken, passes bool, err error) {
	if c.options.ExpandOnly {
		return false, false, nil
	}
	o := objectOf(root)
	if note := sealed(root, o); note != "" {
		j.note(root, o, "kind", "credential-sealed", note)
		return true, true, nil
	}
	if secret.Is(o) && ofArgo(root) && !c.read(o) {
		j.note(root, o, "metadata.namespace", "credential-elsewhere",
			"Argo CD reads Secrets of its own namespace only, so it passes untouched: name that with --argocd-namespace if it is "+strconv.Quote(o.Namespace))
		return true, true, nil
	}
	if at == c.credentials.authorities {
		if trust := c.credentials.store.Trust(root, j.doc.File); trust != nil {
			j.units = append(j.units, trust)
		}
		return true, true, nil
	}
	in, ok := c.credentials.given[at]
	if !ok || in.err != nil {
		return ok, false, in.err
	}
	if in.Given == nil {
		j.note(root, o, ledger.Key("metadata.labels", credential.Label), "credential-kind",
			"passes untouched: Flux has no use for credentials that write or that list repositories")
		return true, true, nil
	}
	u, stays := in.Outcome()
	if names, differ := in.Twice(); u == nil && names != "" {
		j.note(root, o, "metadata.name", "credential-twice", twiceNote(names, differ))
		return true, true, nil
	}
	if u == nil {
		j.note(root, o, "metadata.name", "credential-unused", "no Application of the input that is converted needs it, so it passes untouched: convert it together with those that do")
		return true, true, nil
	}
	j.units = append(j.units, u)
	if stays {
		j.note(root, o, "metadata.name", "credential-stays", "what stays on Argo CD needs it, so it stays besides what it becomes")
	}
	return true, stays, nil
}

// twiceNote says why a Secret passes that Argo CD may take in the place of another.
func twiceNote(names string, differ bool) string {
	values := "the same values, so it passes untouched: keep one"
	if differ {
		values = "other values, and which one it takes is not defined; this one passes untouched: keep the one that is meant"
	}
	return "Argo CD finds Secret " + names + " by the same URL, project or server, with " + values
}

// sealed tells why nobody can read a credential.
func sealed(root *yaml.Node, o ledger.Object) string {
	switch {
	case secret.Is(o) && ofArgo(root) && secret.Encrypted(root):
		return "encrypted with SOPS, so it passes untouched: decrypt it, convert, and encrypt what comes out"
	case o.Kind == "SealedSecret" && ofArgo(node.At(root, "spec", "template")):
		return "sealed, so it passes untouched: convert what it seals, with the keys that the findings of other Secrets name, and seal that"
	case o.Kind == "ExternalSecret" && ofArgo(node.At(root, "spec", "target", "template")):
		return "its values are elsewhere, so it passes untouched: let its template write the keys that Flux reads, in the namespace of the sources"
	}
	return ""
}

// secretDocument converts a document that is a Secret of Argo CD, or one about servers.
// One that cannot be read is none of ours.
func (c *compiler) secretDocument(j *job) bool {
	if head := j.doc.Peek(); j.doc.Empty() || isArgo(head.APIVersion) || isList(head.Kind) || !holdsCredentials(j.doc) {
		return false
	}
	root, err := j.doc.Parse()
	if err != nil || isArgo(node.Text(root, "apiVersion")) || isList(node.Text(root, "kind")) {
		return false
	}
	return j.settle(root, func() (taken, passes bool, err error) { return c.credential(j, site{j.doc, -1}, root) })
}

// settle converts a document that is one Secret; it returns false where that is none of
// ours.
func (j *job) settle(root *yaml.Node, convert func() (taken, passes bool, err error)) bool {
	j.out.File, j.out.Index, j.out.Line, j.out.Object = j.doc.File, j.doc.Index, j.doc.Line, objectOf(root)
	taken, passes, err := convert()
	switch {
	case err != nil:
		j.fail(err)
	case !taken:
		return false
	case len(j.units) == 0:
		j.pass()
	case passes:
		j.kept = j.doc.Raw
	default:
		j.comment = takeHeadComment(root)
	}
	return true
}
