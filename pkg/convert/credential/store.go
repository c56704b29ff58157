package credential

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// Label is the one by which Argo CD knows its Secrets.
const Label = secret.Label

// The kinds of Secrets of Argo CD that a conversion takes.
const (
	roleRepository = "repository"
	roleTemplate   = "repo-creds"
	roleCluster    = "cluster"
)

// A Store holds the credentials of Argo CD that are in the input, and what became of
// them. All needs are told before any of its units is asked for.
type Store struct {
	masked       bool
	repositories []*credential
	templates    []*credential
	clusters     []*cluster
	hosts        Hosts
	refs         map[needKey]Refs
	names        map[string]bool // of Secrets that are written, behind their namespace
	holds        Holds
	written      map[writtenKey]*object.Object
	trusted      []trustedCA
	twins        map[twinKey]*twins
}

// A credential is a repository or repo-creds Secret.
type credential struct {
	*Unit
	// used tells that a source of Flux has it, stays that Argo CD needs it further on.
	used, stays bool
}

type needKey struct{ url, project, namespace string }

// A writtenKey tells Secrets of one credential apart.
type writtenKey struct {
	of              *credential
	namespace, host string
	form            form
}

// NewStore returns an empty Store; masked makes it write placeholders, and holds tells which
// names the input has.
func NewStore(masked bool, hosts Hosts, holds Holds) *Store {
	return &Store{
		masked: masked, hosts: hosts, holds: holds, refs: map[needKey]Refs{}, names: map[string]bool{},
		written: map[writtenKey]*object.Object{}, twins: map[twinKey]*twins{},
	}
}

// Add takes a Secret of Argo CD; it returns nil for kinds that no conversion takes.
func (s *Store) Add(in *secret.Secret) (Given, error) {
	switch in.Label(Label) {
	case roleRepository:
		c := &credential{Unit: newUnit(in, argoRules, s.masked)}
		s.repositories = append(s.repositories, c)
		s.join(c.Unit, twinKey{roleRepository, normal(c.Text("url")), c.Text("project")})
		return c, nil
	case roleTemplate:
		c := &credential{Unit: newUnit(in, argoRules, s.masked)}
		s.templates = append(s.templates, c)
		s.join(c.Unit, twinKey{role: roleTemplate, address: normal(c.Text("url"))})
		return c, nil
	case roleCluster:
		c, err := newCluster(in, s.masked)
		if err != nil {
			return nil, err
		}
		s.clusters = append(s.clusters, c)
		s.join(c.Unit, twinKey{role: roleCluster, address: c.server()})
		return c, nil
	}
	return nil, nil
}

// Empty tells whether there is nothing that a source could want.
func (s *Store) Empty() bool {
	return s == nil || len(s.repositories)+len(s.templates)+len(s.clusters)+len(s.hosts.authorities) == 0
}

// An effective credential is a repository's own, filled in by a template (Argo CD
// util/db/repository.go enrichCredsToRepo).
type effective struct {
	// repository and template are nil where there is none.
	repository, template *credential
}

// find returns what Argo CD would use for a URL. One with a user in it has its own
// credentials, which are left behind: those of the same repository take their place.
func (s *Store) find(url, project string) effective {
	e := s.exactly(url, project)
	if bare := withoutUser(url); len(e.credentials()) == 0 && bare != url {
		e = s.exactly(bare, project)
	}
	return e
}

func (s *Store) exactly(url, project string) (e effective) {
	e.repository = s.repository(url, project)
	if e.repository == nil || !e.repository.complete() {
		e.template = s.template(url)
	}
	return e
}

// repository returns the Secret of the very URL: the project's, else one of no project
// (util/db/repository_secrets.go getRepositorySecret).
func (s *Store) repository(url, project string) (found *credential) {
	for _, c := range s.repositories {
		if n := normal(c.Text("url")); n == "" || n != normal(url) {
			continue
		}
		switch c.Text("project") {
		case project:
			return c
		case "":
			if found == nil {
				found = c
			}
		}
	}
	return found
}

// template returns the Secret whose URL is the longest that the URL begins with
// (getRepositoryCredentialIndex); of several, the first.
func (s *Store) template(url string) (found *credential) {
	longest, whole := 0, normal(url)
	for _, c := range s.templates {
		if n := normal(c.Text("url")); len(n) > longest && strings.HasPrefix(whole, n) {
			longest, found = len(n), c
		}
	}
	return found
}

// complete tells whether a repository needs no template (types.go HasCredentials).
func (c *credential) complete() bool {
	key, _ := c.First("username", "password", "bearerToken", "sshPrivateKey", "tlsClientCertData",
		"githubAppPrivateKey", "azureServicePrincipalClientSecret")
	return key != "" || c.True("useAzureWorkloadIdentity")
}

// credentials are the repository's Secret and the template.
func (e effective) credentials() []*credential {
	return slices.DeleteFunc([]*credential{e.repository, e.template}, func(c *credential) bool { return c == nil })
}

// with returns the credential that has a value for a key, the repository's first.
func (e effective) with(key string) *credential {
	for _, c := range e.credentials() {
		if c.Text(key) != "" {
			return c
		}
	}
	return nil
}

// text returns the value of a key.
func (e effective) text(key string) string {
	if c := e.with(key); c != nil {
		return c.Text(key)
	}
	return ""
}

// maxName is the longest name of a Secret (k8s.io/apimachinery validation, DNS
// subdomains).
const maxName = 253
