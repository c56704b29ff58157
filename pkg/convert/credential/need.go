package credential

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
)

// A form is how a source of Flux reads a credential.
type form string

// The forms (source-controller docs, Secret reference of each kind).
const (
	formGit      form = "git"      // user and password, a token or an app, and certificates
	formSSH      form = "ssh"      // identity and known_hosts
	formHelm     form = "helm"     // user and password; certificates in a Secret of their own
	formRegistry form = "registry" // a Docker configuration; certificates likewise
)

// A Need is a source that may want credentials.
type Need struct {
	Source    *argocd.Source
	Project   string
	Namespace string // of the source in Flux
	Kept      Kept
}

// A Kept tells where an object that comes back from a record looks for its Secrets; what
// is empty it does not say.
type Kept struct {
	// Namespace is that of the object; Secret, Cert and Proxy are the names it refers to,
	// Key is the one of a kubeconfig.
	Namespace, Secret, Cert, Proxy, Key string
}

// name returns the name for a Secret whose usual one ends with a suffix.
func (k Kept) name(suffix string) string {
	return map[string]string{"": k.Secret, suffixCert: k.Cert, suffixProxy: k.Proxy}[suffix]
}

// The ends of names of Secrets that a source has besides its first.
const (
	suffixCert  = "-tls"
	suffixProxy = "-proxy"
)

// orElse returns the first of two that is not empty.
func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

func (n Need) form() form {
	switch n.Source.Origin {
	case argocd.HelmHTTP:
		return formHelm
	case argocd.HelmOCI, argocd.OCI:
		return formRegistry
	default:
		if sshURL.MatchString(n.Source.RepoURL) && !strings.Contains(n.Source.RepoURL, "http") {
			return formSSH
		}
		return formGit
	}
}

// host is the name under which Argo CD looks for a CA.
func (n Need) host() string {
	host, _ := hostOf(n.Source.RepoURL)
	return strings.ToLower(host)
}

// Refs are what a source of Flux says about its credentials.
type Refs struct {
	// Secret, Cert and Proxy are names of Secrets beside the source; empty for none.
	Secret, Cert, Proxy string
	// Provider is how the source gets its credential where that is no user and password.
	Provider string
	// PlainHTTP tells that the registry speaks no TLS.
	PlainHTTP bool
	// From names the Secrets of Argo CD that this comes from.
	From []string
}

// Origin says where the references come from.
func (r Refs) Origin() string {
	if len(r.From) == 0 {
		return "the host's CA is in ConfigMap " + Authorities
	}
	return "made of Secret " + strings.Join(r.From, " and ")
}
