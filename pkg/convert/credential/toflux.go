package credential

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// Want tells that a source of Flux will be written, and makes the Secrets that it needs.
func (s *Store) Want(n Need) {
	key := needKey{n.Source.RepoURL, n.Project, n.Namespace}
	if _, done := s.refs[key]; done {
		return
	}
	e := s.find(n.Source.RepoURL, n.Project)
	var r Refs
	for _, c := range e.credentials() {
		c.used = true
		r.From = append(r.From, c.Name())
	}
	if len(r.From) == 0 {
		n.Kept = Kept{Namespace: n.Kept.Namespace} // what it refers to was made of something else
	}
	n.Namespace = orElse(n.Kept.Namespace, n.Namespace)
	s.fill(&r, n, e)
	s.refs[key] = r
}

// Keep tells that Argo CD goes on deploying from a source.
func (s *Store) Keep(url, project string) {
	for _, c := range s.find(url, project).credentials() {
		c.stays = true
	}
}

// KeepAll tells that Argo CD may go on using every credential.
func (s *Store) KeepAll() {
	for _, c := range append(append([]*credential{}, s.repositories...), s.templates...) {
		c.stays = true
	}
	for _, c := range s.clusters {
		c.stays = true
	}
}

// Refs returns what the source of a need says about its credentials.
func (s *Store) Refs(n Need) Refs {
	if s == nil {
		return Refs{}
	}
	return s.refs[needKey{n.Source.RepoURL, n.Project, n.Namespace}]
}

func (s *Store) fill(r *Refs, n Need, e effective) {
	switch n.form() {
	case formGit:
		d := &draft{kind: secret.Opaque}
		r.Provider = d.git(n, e)
		d.certificates(s, n, e)
		r.Secret = s.put(d, n, "")
	case formSSH:
		d := &draft{kind: secret.Opaque}
		d.ssh(s, n, e)
		r.Secret = s.put(d, n, "")
	case formHelm:
		d := &draft{kind: secret.Opaque}
		d.basic(e, "")
		r.Secret = s.put(d, n, "")
	case formRegistry:
		d := &draft{kind: secret.DockerConfig}
		d.registry(n, e)
		r.Secret = s.put(d, n, "")
		r.PlainHTTP = e.on("insecureOCIForceHttp")
		if r.Secret == "" && e.on("useAzureWorkloadIdentity") {
			r.Provider = "azure"
		}
	}
	if f := n.form(); f == formHelm || f == formRegistry {
		d := &draft{kind: secret.Opaque}
		d.certificates(s, n, e)
		r.Cert = s.put(d, n, suffixCert)
	}
	if n.form() != formHelm {
		d := &draft{kind: secret.Opaque}
		d.proxy(e)
		r.Proxy = s.put(d, n, suffixProxy)
	}
}

// on tells whether a switch is on: a template's switches overrule the repository's
// (repository_types.go CopyCredentialsFrom).
func (e effective) on(key string) bool {
	if e.template != nil {
		return e.template.True(key)
	}
	return e.repository != nil && e.repository.True(key)
}

// put writes a draft that holds something. A CA alone has a Secret that the ConfigMap's
// document writes.
func (s *Store) put(d *draft, n Need, suffix string) string {
	owner := d.owner()
	switch {
	case owner == nil && len(d.trusted) == 0:
		return ""
	case owner == nil:
		return s.authority(d, n, n.Kept.name(suffix))
	}
	host, port := hostOf(n.Source.RepoURL) // a Docker configuration and known_hosts tell ports apart
	key := writtenKey{of: owner, namespace: n.Namespace, host: strings.ToLower(host) + ":" + port, form: n.form() + form(suffix)}
	if d.owned() {
		key.host += "/" + ownerOf(n.Source.RepoURL)
	}
	name := owner.Name() + suffix
	return s.write(d, key, n.Kept.name(suffix), name, name+"-"+string(n.form()))
}

// owned tells whether the draft names an owner, so that other owners need another.
func (d *draft) owned() bool {
	for _, f := range d.fields {
		if f.as == "githubAppInstallationOwner" {
			return true
		}
	}
	return false
}
