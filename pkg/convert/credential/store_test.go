package credential

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

func add1(t *testing.T, s *Store, name, kind string, pairs ...any) {
	t.Helper()
	root := node.Map("apiVersion", "v1", "kind", "Secret",
		"metadata", node.Map("name", name, "labels", node.Map(Label, kind)), "stringData", node.Map(pairs...))
	in, err := secret.Read(root, "in.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if given, err := s.Add(in); err != nil || given == nil {
		t.Fatalf("%s: %v, %v", name, given, err)
	}
}

// TestFind holds the rules of Argo CD (util/db/repository_secrets.go, util/git/git.go): the
// repository of the same URL, however it is written; else the template of the longest URL
// that the URL begins with, at a slash or not.
func TestFind(t *testing.T) {
	s := NewStore(false, Hosts{}, free)
	add1(t, s, "short", roleTemplate, "url", "https://github.com", "password", "x")
	add1(t, s, "long", roleTemplate, "url", "https://github.com/org", "password", "x")
	add1(t, s, "longer", roleTemplate, "url", "https://GitHub.com/org/team-", "password", "x")
	add1(t, s, "again", roleTemplate, "url", "https://github.com/org", "password", "x")
	add1(t, s, "ssh", roleTemplate, "url", "git@github.com:org", "sshPrivateKey", "x")
	add1(t, s, "registry", roleTemplate, "url", "registry.example.com/charts", "password", "x")
	add1(t, s, "empty", roleTemplate, "url", "", "password", "x")
	add1(t, s, "whole", roleRepository, "url", "https://github.com/org/whole.git", "password", "x")
	add1(t, s, "settings", roleRepository, "url", "https://github.com/org/settings", "insecure", "true")
	add1(t, s, "anyone", roleRepository, "url", "https://github.com/org/scoped", "password", "x")
	add1(t, s, "scoped", roleRepository, "url", "https://github.com/org/scoped", "project", "team", "password", "x")
	add1(t, s, "closed", roleRepository, "url", "https://github.com/org/closed", "project", "team", "password", "x")
	for _, c := range []struct{ url, project, repository, template string }{
		{"https://github.com/other/app", "default", "", "short"},
		{"https://github.com/org/app", "default", "", "long"},
		{"https://github.com/organisation/app", "default", "", "long"},
		{"https://github.com/org/team-app.git", "default", "", "longer"},
		{"HTTPS://GITHUB.COM/ORG/APP", "default", "", "long"},
		{"git@github.com:org/app.git", "default", "", "ssh"},
		{"ssh://git@github.com/org/app", "default", "", "ssh"},
		{"git@github.com:other/app.git", "default", "", ""},
		{"http://github.com/org/app", "default", "", ""},
		{"registry.example.com/charts/web", "default", "", "registry"},
		{"oci://registry.example.com/charts/web", "default", "", ""},
		{"https://github.com/org/whole", "default", "whole", ""},
		{"https://github.com/org/WHOLE.git", "default", "whole", ""},
		{"https://github.com/org/whole/more", "default", "", "long"},
		{"https://github.com/org/settings.git", "default", "settings", "long"},
		{"https://github.com/org/scoped", "default", "anyone", ""},
		{"https://github.com/org/scoped", "team", "scoped", ""},
		{"https://github.com/org/closed", "team", "closed", ""},
		{"https://github.com/org/closed", "default", "", "long"},
		{"https://user:word@github.com/org/whole", "default", "whole", ""},
		{"https://gitlab.com/org/app", "default", "", ""},
		{"%zz://", "default", "", ""},
	} {
		e := s.find(c.url, c.project)
		if nameOf(e.repository) != c.repository || nameOf(e.template) != c.template {
			t.Errorf("%s in project %s has %q and %q, want %q and %q", c.url, c.project,
				nameOf(e.repository), nameOf(e.template), c.repository, c.template)
		}
	}
}

func nameOf(c *credential) string {
	if c == nil {
		return ""
	}
	return c.Name()
}

// TestKnownHosts: only lines for the host and its port count; a hashed one may be of any.
func TestKnownHosts(t *testing.T) {
	var h Hosts
	root, err := yaml.Parse(`metadata: {name: ` + KnownHosts + `}
data:
  ssh_known_hosts: |
    # github.com comment
    github.com ssh-rsa A
    a.example.com,github.com ssh-rsa B
    [github.com]:2222 ssh-rsa C
    @revoked github.com ssh-rsa D
    |1|aGFzaA==|aGFzaA== ssh-rsa E
    notgithub.com ssh-rsa F
    *.example.com,!no.example.com,?.example.org ssh-rsa G
    [*.example.com]:22?? ssh-rsa H
    github.com
`)
	if err != nil {
		t.Fatal(err)
	}
	h.Read(root.YNode())
	const hashed = "|1|aGFzaA==|aGFzaA== ssh-rsa E\n"
	for _, c := range []struct{ url, want string }{
		{"git@github.com:o/r", "github.com ssh-rsa A\na.example.com,github.com ssh-rsa B\n@revoked github.com ssh-rsa D\n" + hashed},
		{"ssh://git@github.com:22/o/r", "github.com ssh-rsa A\na.example.com,github.com ssh-rsa B\n@revoked github.com ssh-rsa D\n" + hashed},
		{"ssh://git@github.com:2222/o/r", "[github.com]:2222 ssh-rsa C\n" + hashed},
		{"ssh://git@other.com/o/r", hashed},
		{"ssh://git@yes.example.com/o/r", hashed + "*.example.com,!no.example.com,?.example.org ssh-rsa G\n"},
		{"ssh://git@a.example.org/o/r", hashed + "*.example.com,!no.example.com,?.example.org ssh-rsa G\n"},
		{"ssh://git@no.example.com/o/r", hashed},
		{"ssh://git@no.example.com:2222/o/r", hashed + "[*.example.com]:22?? ssh-rsa H\n"},
	} {
		if got := h.known(hostOf(c.url)); got != c.want {
			t.Errorf("%s: %q, want %q", c.url, got, c.want)
		}
	}
	if got := (&Hosts{}).known("github.com", ""); got != "" {
		t.Errorf("of no lines some are known: %q", got)
	}
}

// TestProxy: user and password are taken out of an address and put back.
func TestProxy(t *testing.T) {
	for _, c := range []struct{ in, address, user, password string }{
		{"http://proxy:3128", "http://proxy:3128", "", ""},
		{"https://u:p%40@proxy:3128/", "https://proxy:3128/", "u", "p@"},
		{"socks5://u@proxy", "socks5://proxy", "u", ""},
		{"proxy:3128", "http://proxy:3128", "", ""},
	} {
		address, user, password := splitUser(c.in)
		if address != c.address || user != c.user || password != c.password {
			t.Errorf("%s is %q, %q and %q", c.in, address, user, password)
		}
		if again, _, _ := splitUser(withUser(address, user, password)); again != c.address {
			t.Errorf("%s becomes %s", c.in, again)
		}
	}
}

// TestPorts: what one credential is for two registries of one host names each with its port.
func TestPorts(t *testing.T) {
	s := NewStore(false, Hosts{}, free)
	add1(t, s, "all", roleTemplate, "url", "registry.example.com", "username", "u", "password", "x")
	secrets := map[string]bool{}
	for _, url := range []string{"registry.example.com:5000/charts", "registry.example.com:6000/charts", "registry.example.com:6000/more"} {
		n := Need{Source: &argocd.Source{RepoURL: url, Origin: argocd.HelmOCI}, Namespace: "flux-system"}
		s.Want(n)
		secrets[s.Refs(n).Secret] = true
	}
	if len(secrets) != 2 {
		t.Errorf("two registries have the Secrets %v", secrets)
	}
}

// TestAbsentCluster: a cluster that the input lacks does not have the kubeconfig of one
// whose name looks like its server.
func TestAbsentCluster(t *testing.T) {
	s := NewStore(false, Hosts{}, free)
	add1(t, s, "known", roleCluster, "name", "prod-example-com", "server", "https://old.example.com")
	s.WantCluster("prod-example-com", "", "flux-system", Kept{})
	known := s.Cluster("prod-example-com", "", "flux-system").Secret
	absent := s.Cluster("", "https://prod.example.com", "flux-system").Secret
	if known != "prod-example-com-kubeconfig" || absent == known {
		t.Errorf("the known cluster has %q and the absent one %q", known, absent)
	}
	if elsewhere := s.Cluster("", "https://prod.example.com", "team").Secret; elsewhere != known {
		t.Errorf("in a namespace where the name is free it is %q", elsewhere)
	}
}

// TestAmbiguousCluster: a name that two clusters have is that of none, their servers are.
func TestAmbiguousCluster(t *testing.T) {
	s := NewStore(false, Hosts{}, free)
	add1(t, s, "one", roleCluster, "name", "prod", "server", "https://one.example.com")
	add1(t, s, "two", roleCluster, "name", "prod", "server", "https://two.example.com")
	if c := s.cluster("prod", ""); c != nil {
		t.Errorf("prod is %s", c.Name())
	}
	if c := s.cluster("", "https://two.example.com/"); c == nil || c.Name() != "two" {
		t.Errorf("the server of two is %v", c)
	}
}

// TestMetadata: the user's labels and annotations cross, that in which kubectl keeps the whole
// Secret does not, with placeholders or without; then what quotes a value becomes one.
func TestMetadata(t *testing.T) {
	for masked, want := range map[bool]string{false: "{owner: web, quotes: S3CR3T}\n", true: "{owner: web, quotes: <redacted>}\n"} {
		s := NewStore(masked, Hosts{}, free)
		root := node.Map("apiVersion", "v1", "kind", "Secret", "stringData", node.Map("url", "https://example.com/r", "password", "S3CR3T"),
			"metadata", node.Map("name", "repo", "labels", node.Map(Label, roleRepository), "annotations",
				node.Map("quotes", "S3CR3T", "owner", "web", secret.LastApplied, `{"stringData":{"password":"S3CR3T"}}`)))
		in, err := secret.Read(root, "in.yaml")
		if err != nil {
			t.Fatal(err)
		}
		given, err := s.Add(in)
		if err != nil {
			t.Fatal(err)
		}
		s.Want(Need{Source: &argocd.Source{RepoURL: "https://example.com/r"}, Namespace: "flux-system"})
		unit, _ := given.Outcome()
		annotations := unit.Objects()[0].Get("metadata", "annotations")
		annotations.Style = yaml.FlowStyle
		if got := yaml.NewRNode(annotations).MustString(); got != want {
			t.Errorf("masked %v: %s, want %s", masked, got, want)
		}
	}
}

// free is an input without Secrets that stand in the way.
func free(*object.Object, string) object.Standing { return object.Free }

// TestTaken: a Secret of the input keeps its name.
func TestTaken(t *testing.T) {
	s := NewStore(false, Hosts{}, func(_ *object.Object, name string) object.Standing {
		return map[string]object.Standing{"repo": object.Taken}[name]
	})
	add1(t, s, "repo", roleRepository, "url", "https://example.com/r", "password", "x")
	n := Need{Source: &argocd.Source{RepoURL: "https://example.com/r"}, Namespace: "flux-system"}
	s.Want(n)
	if name := s.Refs(n).Secret; name != "repo-git" {
		t.Errorf("the Secret is %q", name)
	}
}
