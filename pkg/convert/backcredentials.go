package convert

import (
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// backCredentials are the Secrets of the input that sources and clusters name, and the
// Secrets of Argo CD that they become.
type backCredentials struct {
	masked bool
	back   *credential.Back
	index  *flux.Index
	sites  map[*flux.Entry]site
	order  map[site]int
	units  map[site]*backSecret
	// repositories are the Secrets that a source's references have become.
	repositories map[site]map[string][]*object.Object
	clusters     map[*applier]*object.Object
}

// A backSecret is a Secret that something refers to.
type backSecret struct {
	unit *credential.Unit
	// sealed and broken tell why it cannot be read, stays that something needs it further
	// on, and clash that a source's URL has other credentials.
	sealed, broken, stays, clash string
}

// refKeys are the references of a source to Secrets.
var refKeys = []string{"secretRef", "certSecretRef", "proxySecretRef"}

// indexSecrets indexes the Secrets of the input.
func (s *survey) indexSecrets() *backCredentials {
	back := credential.NewBack(s.options.RedactSecrets, s.options.ArgoCDNamespace)
	b := &backCredentials{
		masked: s.options.RedactSecrets,
		back:   back,
		index:  flux.NewIndex(), sites: map[*flux.Entry]site{}, order: map[site]int{}, units: map[site]*backSecret{},
		repositories: map[site]map[string][]*object.Object{}, clusters: map[*applier]*object.Object{},
	}
	s.indexTrust(back)
	for i, at := range s.secrets {
		root, err := s.cache.load(at)
		if err != nil {
			continue // the conversion reports it
		}
		ref := flux.ObjectRef(root, "")
		ref.Kind, ref.Namespace = secret.Kind.Name, s.namespaceOf(at.doc.File, ref.Namespace)
		ref.Name = orElse(node.Text(root, "spec", "target", "name"), ref.Name) // of an ExternalSecret
		e := &flux.Entry{Ref: ref, File: at.doc.File, Load: s.loader(at)}
		b.index.Add(e)
		b.sites[e], b.order[at] = at, i
	}
	return b
}

// followSecrets follows the references to Secrets.
func (s *survey) followSecrets() {
	if len(s.secrets) == 0 {
		return
	}
	b := s.indexSecrets()
	s.credentials = b
	for _, a := range s.appliers {
		if a.problem == nil {
			s.convertSecrets(a)
		} else {
			s.hold(a)
		}
	}
	s.keepSecrets()
}

// hold keeps the Secrets that an object which is not converted needs.
func (s *survey) hold(a *applier) {
	for _, u := range a.uses() {
		origin, err := load(u.entry)
		if err != nil {
			continue
		}
		for _, key := range refKeys {
			s.held = append(s.held, heldSecret{flux.Ref{Namespace: origin.Namespace, Name: node.Text(origin.Spec(key), "name")}, origin.File, a.String()})
		}
	}
	if tree, err := s.cache.load(a.site); err == nil {
		s.held = append(s.held, heldSecret{flux.Ref{Namespace: a.Namespace, Name: node.Text(tree, "spec", "kubeConfig", "secretRef", "name")}, a.file, a.String()})
	}
}

// find returns the Secret that a reference means, or nil where there is none or several.
func (b *backCredentials) find(namespace, name, file string) *backSecret {
	if name == "" {
		return nil
	}
	found := b.index.Find(flux.Ref{Kind: secret.Kind.Name, Namespace: namespace, Name: name}, file)
	if len(found) != 1 {
		return nil
	}
	at := b.sites[found[0]]
	if b.units[at] == nil {
		b.units[at] = readBack(found[0], b.masked)
	}
	return b.units[at]
}

func readBack(e *flux.Entry, masked bool) *backSecret {
	root, err := e.Load()
	if err != nil {
		return &backSecret{broken: "cannot be read"}
	}
	if kind := node.Text(root, "kind"); kind != secret.Kind.Name {
		return &backSecret{sealed: "a Secret of kind " + kind + ", so it passes untouched: let what it makes be the repository or cluster Secret that Argo CD reads"}
	}
	if secret.Encrypted(root) {
		return &backSecret{sealed: "encrypted with SOPS, so it passes untouched: decrypt it and convert, or write the Secret that Argo CD reads with a tool that can decrypt"}
	}
	in, err := secret.Read(root, e.File)
	if err != nil {
		return &backSecret{broken: "has a value that is not base64, or no text"}
	}
	return &backSecret{unit: credential.NewUnit(in, masked)}
}

// convertSecrets makes the Secrets of Argo CD that an Application needs.
func (s *survey) convertSecrets(a *applier) {
	tree, err := s.cache.load(a.site)
	if err != nil {
		return
	}
	work := &flux.Applier{Root: tree, Ref: a.Ref}
	between, _ := load(a.chart)
	for _, e := range append([]*flux.Entry{a.origin}, a.lenders...) {
		if origin, err := load(e); err == nil && origin != nil && !origin.Assumed {
			s.convertSource(mapping.Repository(work, between, origin), origin, s.cache.sites[e])
		}
		between = nil
	}
	ref := work.Spec("kubeConfig", "secretRef")
	found := s.credentials.find(a.Namespace, node.Text(ref, "name"), a.file)
	if found != nil && found.unit != nil {
		s.credentials.cluster(a, found, node.Text(ref, "key"))
	}
}

// cluster makes the cluster Secret of a kubeconfig, once.
func (b *backCredentials) cluster(a *applier, found *backSecret, key string) {
	made, err := b.back.Cluster(found.unit, key)
	if err != nil {
		found.broken = err.Error()
		return
	}
	b.clusters[a] = made
}

// convertSource makes the repository Secret of a source.
func (s *survey) convertSource(r credential.Repository, origin *flux.Source, at site) {
	b := s.credentials
	var found [3]*backSecret
	var units [3]*credential.Unit
	var writer *credential.Unit
	for i, key := range refKeys {
		found[i] = b.find(origin.Namespace, node.Text(origin.Spec(key), "name"), origin.File)
		if found[i] == nil || found[i].unit == nil {
			continue
		}
		units[i] = found[i].unit
		if writer == nil {
			writer = units[i]
		}
	}
	if writer == nil {
		return
	}
	made := b.back.Repository(r, units[0], units[1], units[2], writer)
	if made == nil {
		for _, f := range found {
			if f != nil {
				f.clash = "the same URL has other credentials in another source; Argo CD finds them by URL alone: keep one, or tell them apart by project"
			}
		}
		return
	}
	if b.repositories[at] == nil {
		b.repositories[at] = map[string][]*object.Object{}
	}
	for i, key := range refKeys {
		if units[i] != nil && !slices.Contains(b.repositories[at][key], made) {
			b.repositories[at][key] = append(b.repositories[at][key], made)
		}
	}
}

// keepSecrets keeps what objects that are not converted name, and what is no credential of
// a source or cluster.
func (s *survey) keepSecrets() {
	for _, ref := range s.held {
		if found := s.credentials.find(s.namespaceOf(ref.file, ref.Namespace), ref.Name, ref.file); found != nil {
			found.stays = ref.by
		}
	}
}

// A heldSecret is a Secret that an object names for another purpose.
type heldSecret struct {
	flux.Ref
	file, by string
}

// backSecret converts a Secret that a source or an applier names. taken is false
// where none does.
func (c *compiler) backSecret(j *job, at site, root *yaml.Node) (taken, passes bool, err error) {
	found := c.survey.credentials.unit(at)
	if found == nil {
		return c.backMerged(j, at), false, nil
	}
	o := objectOf(root)
	switch {
	case found.broken != "":
		j.note(root, o, "metadata.name", "credential-broken", found.broken+", so it passes untouched: correct it, or write the Secret that Argo CD reads")
		return true, true, nil
	case found.sealed != "":
		j.note(root, o, "kind", "credential-sealed", found.sealed)
		return true, true, nil
	}
	if found.clash != "" {
		j.note(root, o, "metadata.name", "credential-clash", found.clash)
	}
	if !found.unit.Used() {
		return true, true, nil
	}
	j.units = append(j.units, found.unit)
	if found.stays != "" {
		j.note(root, o, "metadata.name", "credential-stays", found.stays+" needs it, so it stays besides what it becomes")
	}
	return true, found.stays != "", nil
}

// secretsAt are the Secrets that a source's references have become.
func (s *survey) secretsAt(at site) map[string][]*object.Object {
	if s.credentials == nil {
		return nil
	}
	return s.credentials.repositories[at]
}

// clusterOf is the cluster Secret that an applier's kubeconfig has become, or nil.
func (s *survey) clusterOf(a *applier) *object.Object {
	if s.credentials == nil {
		return nil
	}
	return s.credentials.clusters[a]
}

// unit is the Secret at a site, or nil.
func (b *backCredentials) unit(at site) *backSecret {
	if b == nil {
		return nil
	}
	return b.units[at]
}

// backSecretDocument converts a document that is a Secret which something names, or a
// ConfigMap that something is merged into.
func (c *compiler) backSecretDocument(j *job) bool {
	at := site{j.doc, -1}
	if c.survey.credentials.unit(at) == nil && c.survey.merged[at] == nil {
		return false
	}
	root, err := j.doc.Parse()
	if err != nil {
		return false
	}
	return j.settle(root, func() (taken, passes bool, err error) { return c.backSecret(j, at, root) })
}
