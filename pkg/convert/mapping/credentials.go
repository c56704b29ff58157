package mapping

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// HasCredentials tells whether a URL of a repository carries a password or a token.
func HasCredentials(url string) bool { return hasUserinfo(url) }

// credentialRows claim no field of an Application: Argo CD finds credentials by URL.
func credentialRows() []Row {
	return []Row{{
		ID: "source-credentials", PerSource: true, Always: true,
		Writes: []string{
			"GitRepository:spec.secretRef.name", "GitRepository:spec.proxySecretRef.name", "GitRepository:spec.provider",
			"OCIRepository:spec.secretRef.name", "OCIRepository:spec.proxySecretRef.name", "OCIRepository:spec.provider",
			"OCIRepository:spec.certSecretRef.name", "OCIRepository:spec.insecure",
			"HelmRepository:spec.secretRef.name", "HelmRepository:spec.certSecretRef.name",
			"HelmRepository:spec.provider", "HelmRepository:spec.insecure",
		},
		ToFlux: Promise{Fidelity: ledger.Equivalent}, Forward: forwardCredentials,
	}}
}

// credentials are what the input holds for a source.
func (u *Unit) credentials(p *Part) credential.Refs {
	return u.Settings.Credentials.Refs(credential.Need{Source: p.Source, Project: u.App.Project, Namespace: u.place()})
}

// forwardCredentials lets a source name the Secrets that were made for it.
func forwardCredentials(c *Cell) {
	p := c.part
	if p.Origin == nil {
		return
	}
	refs := c.unit.credentials(p)
	var to []Target
	set := func(field, name string) {
		if name != "" {
			to = append(to, c.set(p.Origin, field, node.String(name)))
		}
	}
	set("spec.secretRef.name", refs.Secret)
	set("spec.provider", refs.Provider)
	set("spec.certSecretRef.name", refs.Cert)
	if p.Origin.Kind != flux.HelmRepository {
		set("spec.proxySecretRef.name", refs.Proxy)
	} else if refs.Proxy != "" {
		c.absent(p.Source.At+".repoURL", unsupported("a HelmRepository takes no proxy: set HTTPS_PROXY of source-controller").as("credential-proxy"))
	}
	if refs.PlainHTTP {
		to = append(to, c.set(p.Origin, "spec.insecure", node.Bool(true)))
	}
	if len(to) > 0 {
		c.absent(p.Source.At+".repoURL", equivalent(refs.Origin(), to...))
	}
}

// spendCredentials tells what became of the Secrets that a source names, and of what it
// says about them.
func spendCredentials(c *SourceCell) {
	secrets := c.unit.Source.Secrets
	for _, l := range c.leaves {
		field := strings.Split(l.Path, ".")[1]
		var to []Target
		for _, o := range secrets[field] {
			to = append(to, Target{Object: o, Path: "metadata.name"})
		}
		for _, o := range secrets["secretRef"] {
			if key := secretSetting(field, l.Node.Value); o.Get("stringData", key) != nil {
				to = append(to, Target{Object: o, Path: ledger.Key("stringData", key)})
			}
		}
		if len(to) > 0 {
			c.claim(l, equivalent("of a repository Secret, which Argo CD finds by URL", to...))
		}
	}
}

// secretSetting is the key of a repository Secret that tells what a field of a source does.
func secretSetting(field, value string) string {
	switch {
	case field == "insecure":
		return "insecureOCIForceHttp"
	case field == "provider" && value == "azure":
		return "useAzureWorkloadIdentity"
	case field == "provider" && value == "github":
		return "githubAppID"
	}
	return ""
}
