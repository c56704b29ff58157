package credential

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"

// argoRules are the keys of repository and repo-creds Secrets (Argo CD
// util/db/repository_secrets.go secretToRepository, secretToRepoCred).
var argoRules = []rule{
	{"url", "credential-url", ledger.Equivalent, "Argo CD finds the Secret by it, in Flux the sources name theirs", true, false},
	{"type", "credential-url", ledger.Equivalent, "the kind of the source tells it", true, false},
	{"enableOCI", "credential-url", ledger.Equivalent, "the kind of the source tells it", true, false},
	{"name", "credential-ignored", ledger.Equivalent, "shown by Argo CD only", true, false},
	{"project", "credential-project", ledger.Approximate, "only sources of this project's Applications name the Secret; in Flux whatever is in their namespace may", true, false},
	{"username", "credential-value", ledger.Exact, "", false, false},
	{"password", "credential-value", ledger.Exact, "", false, false},
	{"bearerToken", "credential-value", ledger.Exact, "", false, false},
	{"sshPrivateKey", "credential-value", ledger.Exact, "", false, false},
	{"tlsClientCertData", "credential-value", ledger.Exact, "", false, false},
	{"tlsClientCertKey", "credential-value", ledger.Exact, "", false, false},
	{"githubAppID", "credential-value", ledger.Exact, "", false, false},
	{"githubAppInstallationID", "credential-value", ledger.Exact, "", false, false},
	{"githubAppPrivateKey", "credential-value", ledger.Exact, "", false, false},
	{"githubAppEnterpriseBaseUrl", "credential-value", ledger.Exact, "", false, false},
	{"insecureOCIForceHttp", "credential-plain-http", ledger.Equivalent, "insecure of the sources, which means plain HTTP", true, true},
	{"insecure", "credential-insecure", ledger.Unsupported, "Flux always checks certificates of servers: put the CA into argocd-tls-certs-cm and convert again, or into ca.crt", false, true},
	{"insecureIgnoreHostKey", "credential-insecure", ledger.Unsupported, "Flux always checks host keys: known_hosts must have the server's", false, true},
	{"proxy", "credential-proxy", ledger.Approximate, "a Secret of its own, which the sources name", false, false},
	{"noProxy", "credential-no-proxy", ledger.Unsupported, "a source has no exceptions from its proxy: leave out proxySecretRef where one applies", false, false},
	{"useAzureWorkloadIdentity", "credential-azure", ledger.Approximate, "provider azure of the sources: federate the identity with source-controller's ServiceAccount", true, true},
	{"azureServicePrincipalClientId", "credential-cloud", ledger.Unsupported, noServicePrincipal, false, false},
	{"azureServicePrincipalClientID", "credential-cloud", ledger.Unsupported, noServicePrincipal, false, false},
	{"azureServicePrincipalClientSecret", "credential-cloud", ledger.Unsupported, noServicePrincipal, false, false},
	{"azureServicePrincipalTenantId", "credential-cloud", ledger.Unsupported, noServicePrincipal, false, false},
	{"azureServicePrincipalTenantID", "credential-cloud", ledger.Unsupported, noServicePrincipal, false, false},
	{"azureActiveDirectoryEndpoint", "credential-cloud", ledger.Unsupported, noServicePrincipal, false, false},
	{"gcpServiceAccountKey", "credential-cloud", ledger.Unsupported, "a GitRepository takes no key of a Google service account: make a username and password", false, false},
	{"enableLfs", "credential-lfs", ledger.Unsupported, "source-controller fetches no LFS content: files would hold pointers", false, true},
	{"forceHttpBasicAuth", "credential-ignored", ledger.Equivalent, "Flux sends basic authentication right away", true, false},
	{"depth", "credential-ignored", ledger.Equivalent, "Flux clones shallow by itself", true, false},
	{"webhookManifestCacheWarmDisabled", "credential-ignored", ledger.Equivalent, "about a cache of Argo CD", true, false},
}

const noServicePrincipal = "Flux takes no service principal: use provider azure with workload identity, or a username and password"

// fluxRules are the keys of Secrets that sources of Flux name (fluxcd/pkg
// runtime/secrets; source-controller docs, Secret reference).
var fluxRules = []rule{
	{"username", "credential-value", ledger.Exact, "", false, false},
	{"password", "credential-value", ledger.Exact, "", false, false},
	{"bearerToken", "credential-value", ledger.Exact, "", false, false},
	{"identity", "credential-value", ledger.Exact, "", false, false},
	{"identity.pub", "credential-ignored", ledger.Equivalent, "the private key tells it", true, false},
	{"known_hosts", "known-hosts", ledger.Approximate, "the lines about the host, which Argo CD trusts for all repositories there", false, false},
	{"tls.crt", "credential-value", ledger.Exact, "", false, false},
	{"tls.key", "credential-value", ledger.Exact, "", false, false},
	{"ca.crt", "credential-ca", ledger.Approximate, caNote, false, false},
	{"certFile", "credential-value", ledger.Exact, "", false, false},
	{"keyFile", "credential-value", ledger.Exact, "", false, false},
	{"caFile", "credential-ca", ledger.Approximate, caNote, false, false},
	{"githubAppID", "credential-value", ledger.Exact, "", false, false},
	{"githubAppInstallationID", "credential-value", ledger.Exact, "", false, false},
	{"githubAppInstallationOwner", "credential-ignored", ledger.Equivalent, "Argo CD finds the installation by the owner in the URL", true, false},
	{"githubAppPrivateKey", "credential-value", ledger.Exact, "", false, false},
	{"githubAppBaseURL", "credential-value", ledger.Exact, "", false, false},
	{"address", "credential-proxy", ledger.Equivalent, "one URL with the credentials of the proxy in it", false, false},
	{".dockerconfigjson", "credential-registry", ledger.Equivalent, "the user and password of the registry", false, false},
}

const caNote = "Argo CD trusts a CA by the name of the host, for all repositories there"

// argoClusterRules are the keys of cluster Secrets (Argo CD util/db/cluster.go
// SecretToCluster).
var argoClusterRules = []rule{
	{"name", "cluster-credential", ledger.Equivalent, "the name of the context", false, false},
	{"server", "cluster-credential", ledger.Exact, "", false, false},
	{"config", "cluster-credential", ledger.Equivalent, "the user and the cluster of a kubeconfig", false, false},
	{"namespaces", "cluster-scope", ledger.Approximate, "limits what Argo CD looks at; in Flux the rights of the user do: bind it to these namespaces only", true, false},
	{"clusterResources", "cluster-scope", ledger.Approximate, "with namespaces, whether Argo CD deploys objects of the cluster; in Flux the rights of the user decide", true, false},
	{"shard", "credential-ignored", ledger.Equivalent, "spreads clusters over replicas of Argo CD", true, false},
	{"project", "credential-project", ledger.Approximate, "in Flux whatever is in the namespace of the Secret may use it", true, false},
}
