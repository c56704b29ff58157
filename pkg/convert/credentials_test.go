package convert_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// withCredential makes a Secret of Argo CD and an Application that needs it.
func withCredential(values map[string]string, source string) string {
	return secretOf("credential", "argocd", "{argocd.argoproj.io/secret-type: repository}", values) + `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: app, namespace: argocd}
spec:
  project: default
  source: ` + source + `
  destination: {name: in-cluster, namespace: app}
`
}

func secretOf(name, namespace, labels string, values map[string]string) string {
	data, err := json.Marshal(values)
	if err != nil {
		panic(err) // strings always marshal
	}
	return "---\napiVersion: v1\nkind: Secret\nmetadata: {name: " + name + ", namespace: " + namespace + ", labels: " + labels + "}\nstringData: " + string(data) + "\n"
}

// TestRepositoryForthAndBack: what a repository Secret holds comes back, but for what
// Argo CD alone has, which is gone.
func TestRepositoryForthAndBack(t *testing.T) {
	const git, chart = `{repoURL: "https://git.example.com/o/app", path: a, targetRevision: main}`, `{repoURL: "https://charts.example.com", chart: c, targetRevision: 1.0.0}`
	for name, c := range map[string]struct {
		values map[string]string
		gone   []string
		source string
	}{
		"password": {map[string]string{"url": "https://git.example.com/o/app", "type": "git", "username": "S3CR3T-u", "password": "S3CR3T-p",
			"tlsClientCertData": "S3CR3T-c", "tlsClientCertKey": "S3CR3T-k", "proxy": "http://S3CR3T-pu:S3CR3T-pp@proxy:3128",
			"forceHttpBasicAuth": "true", "depth": "1", "noProxy": "x", "enableLfs": "true", "insecure": "true", "name": "n"},
			[]string{"forceHttpBasicAuth", "depth", "noProxy", "enableLfs", "insecure", "name"}, git},
		"token": {map[string]string{"url": "https://git.example.com/o/app", "type": "git", "bearerToken": "S3CR3T-t"}, nil, git},
		"app": {map[string]string{"url": "https://git.example.com/o/app", "type": "git", "githubAppID": "1", "githubAppInstallationID": "2",
			"githubAppPrivateKey": "S3CR3T-k", "githubAppEnterpriseBaseUrl": "https://ghe.example.com/api/v3"}, nil, git},
		"app of an owner": {map[string]string{"url": "https://git.example.com/o/app", "type": "git", "githubAppID": "1",
			"githubAppPrivateKey": "S3CR3T-k"}, nil, git},
		"ssh": {map[string]string{"url": "ssh://git@git.example.com/o/app", "type": "git", "sshPrivateKey": "S3CR3T-k\n", "insecureIgnoreHostKey": "true"},
			[]string{"insecureIgnoreHostKey"}, `{repoURL: "ssh://git@git.example.com/o/app", path: a, targetRevision: main}`},
		"helm": {map[string]string{"url": "https://charts.example.com", "type": "helm", "name": "charts", "username": "S3CR3T-u", "password": "S3CR3T-p",
			"tlsClientCertData": "S3CR3T-c", "tlsClientCertKey": "S3CR3T-k"}, []string{"name"}, chart},
		"registry of charts": {map[string]string{"url": "registry.example.com:5000/charts", "type": "helm", "name": "charts", "enableOCI": "true",
			"insecureOCIForceHttp": "true", "username": "S3CR3T-u", "password": "S3CR3T-p:with", "proxy": "http://proxy:3128"}, []string{"name"},
			`{repoURL: registry.example.com:5000/charts, chart: c, targetRevision: 1.0.0}`},
		"registry": {map[string]string{"url": "oci://registry.example.com/m", "type": "oci", "username": "S3CR3T-u", "password": "S3CR3T-p",
			"tlsClientCertData": "S3CR3T-c", "tlsClientCertKey": "S3CR3T-k"}, nil, `{repoURL: "oci://registry.example.com/m", path: ., targetRevision: v1}`},
		"docker hub": {map[string]string{"url": "oci://docker.io/o/m", "type": "oci", "username": "S3CR3T-u", "password": "S3CR3T-p"},
			nil, `{repoURL: "oci://docker.io/o/m", path: ., targetRevision: v1}`},
	} {
		t.Run(name, func(t *testing.T) {
			there := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(withCredential(c.values, c.source))}}, convert.Options{To: convert.ToFlux}))
			back := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: there}}, convert.Options{To: convert.ToArgo}))
			got, want := secretsIn(t, back)["argocd/credential"], maps.Clone(c.values)
			for _, key := range c.gone {
				delete(want, key)
				delete(got, key)
			}
			if !maps.Equal(got, want) {
				t.Errorf("came back as %v, want %v; in between\n%s", got, want, there)
			}
		})
	}
}

// TestClusterForthAndBack: so does what a cluster Secret holds, each way of identification
// by itself and all together.
func TestClusterForthAndBack(t *testing.T) {
	const authority, server = `"caData":"UzNDUjNULWNh"`, "https://prod.example.com"
	for name, config := range map[string]string{
		"token":       `{"bearerToken":"S3CR3T-t","tlsClientConfig":{"insecure":false,"serverName":"s",` + authority + `}}`,
		"certificate": `{"tlsClientConfig":{"insecure":false,"certData":"UzNDUjNULWM=","keyData":"UzNDUjNULWs=",` + authority + `}}`,
		"insecure":    `{"username":"S3CR3T-u","password":"S3CR3T-p","tlsClientConfig":{"insecure":true}}`,
		"command":     `{"tlsClientConfig":{"insecure":false},"execProviderConfig":{"command":"c","args":["a"],"env":{"E":"S3CR3T-e"},"apiVersion":"client.authentication.k8s.io/v1","installHint":"h"}}`,
		"all": `{"username":"S3CR3T-u","password":"S3CR3T-p","bearerToken":"S3CR3T-t","tlsClientConfig":{"insecure":false,"serverName":"s","certData":"UzNDUjNULWM=","keyData":"UzNDUjNULWs=",` +
			authority + `},"disableCompression":true,"proxyUrl":"http://S3CR3T-pu:S3CR3T-pp@proxy:3128"}`,
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]string{"name": "prod", "server": server, "config": config}
			given := maps.Clone(want)
			maps.Copy(given, map[string]string{"namespaces": "a,b", "clusterResources": "true", "shard": "1", "project": "p"}) // Argo CD alone has these
			input := secretOf("credential", "argocd", "{argocd.argoproj.io/secret-type: cluster}", given) +
				"---\napiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: app, namespace: argocd}\nspec: {project: p, source: {repoURL: \"https://git.example.com/o/app\", path: a, targetRevision: main}, destination: {name: prod, namespace: a}}\n"
			there := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToFlux}))
			back := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: there}}, convert.Options{To: convert.ToArgo}))
			if all := secretsIn(t, back); len(all) != 1 || !maps.Equal(all["argocd/prod"], want) {
				t.Errorf("came back as %v, want %v; in between\n%s", all, want, there)
			}
		})
	}
}

// TestSourceSecretForthAndBack is the same from the other side.
func TestSourceSecretForthAndBack(t *testing.T) {
	const authority = "-----BEGIN CERTIFICATE-----\nQ0E=\n-----END CERTIFICATE-----\n"
	const kustomization = "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, prune: true, path: a, sourceRef: {kind: %K, name: app}}\n"
	const release = "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, chart: {spec: {chart: c, version: 1.0.0, sourceRef: {kind: %K, name: app}}}}\n"
	for name, c := range map[string]struct {
		kind, spec, user string
		secrets          map[string]map[string]string
		gone             []string
	}{
		"password and proxy": {"GitRepository", `url: "https://git.example.com/o/app", secretRef: {name: auth}, proxySecretRef: {name: auth-proxy}`, kustomization,
			map[string]map[string]string{
				"auth":       {"username": "S3CR3T-u", "password": "S3CR3T-p", "tls.crt": "S3CR3T-c", "tls.key": "S3CR3T-k", "ca.crt": authority},
				"auth-proxy": {"address": "http://proxy:3128", "username": "S3CR3T-pu", "password": "S3CR3T-pp"}}, nil},
		"token": {"GitRepository", `url: "https://git.example.com/o/app", secretRef: {name: auth}`, kustomization,
			map[string]map[string]string{"auth": {"bearerToken": "S3CR3T-t"}}, nil},
		"ssh": {"GitRepository", `url: "ssh://git@git.example.com/o/app", secretRef: {name: auth}`, kustomization,
			map[string]map[string]string{"auth": {"identity": "S3CR3T-k", "identity.pub": "x", "known_hosts": "git.example.com ssh-ed25519 AAAA\n"}}, []string{"identity.pub"}},
		"app": {"GitRepository", `url: "https://git.example.com/o/app", provider: github, secretRef: {name: auth}`, kustomization,
			map[string]map[string]string{"auth": {"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "S3CR3T-k", "githubAppBaseURL": "https://ghe/api/v3"}}, nil},
		"app of an owner": {"GitRepository", `url: "https://git.example.com/o/app", provider: github, secretRef: {name: auth}`, kustomization,
			map[string]map[string]string{"auth": {"githubAppID": "1", "githubAppInstallationOwner": "o", "githubAppPrivateKey": "S3CR3T-k"}}, nil},
		"helm": {"HelmRepository", `url: "https://charts.example.com", secretRef: {name: auth}, certSecretRef: {name: auth-tls}`, release,
			map[string]map[string]string{"auth": {"username": "S3CR3T-u", "password": "S3CR3T-p"}, "auth-tls": {"tls.crt": "S3CR3T-c", "tls.key": "S3CR3T-k", "ca.crt": authority}}, nil},
		"registry": {"OCIRepository", `url: "oci://registry.example.com/m", ref: {tag: v1}, secretRef: {name: auth}`, kustomization,
			map[string]map[string]string{"auth": {".dockerconfigjson": `{"auths":{"registry.example.com":{"username":"S3CR3T-u","password":"S3CR3T-p","auth":"UzNDUjNULXU6UzNDUjNULXA="}}}`}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			input := "apiVersion: source.toolkit.fluxcd.io/v1\nkind: " + c.kind + "\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, " + c.spec + "}\n"
			input += strings.ReplaceAll(c.user, "%K", c.kind)
			for name, values := range c.secrets {
				input += secretOf(name, "flux-system", "{}", values)
			}
			there := streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToArgo}))
			back := secretsIn(t, streams(t, outcomes(t, []convert.Input{{Name: "in.yaml", Data: there}}, convert.Options{To: convert.ToFlux})))
			for name, want := range c.secrets {
				want = maps.Clone(want)
				for _, key := range c.gone {
					delete(want, key)
				}
				if got := back["flux-system/"+name]; !maps.Equal(got, want) {
					t.Errorf("%s came back as %v, want %v; in between\n%s", name, got, want, there)
				}
			}
		})
	}
}

// secretsIn returns the decoded values of all Secrets, by namespace and name.
func secretsIn(t *testing.T, text []byte) map[string]map[string]string {
	t.Helper()
	docs, err := document.Split("out.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]string{}
	for i := range docs {
		root := parsed(t, docs[i].Raw)
		if node.Text(root, "kind") != secret.Kind.Name {
			continue
		}
		in, err := secret.Read(root, "out.yaml")
		if err != nil {
			t.Fatal(err)
		}
		values := map[string]string{}
		for _, key := range in.Keys() {
			values[key] = in.Text(key)
		}
		if found[in.Namespace()+"/"+in.Name()] != nil {
			t.Errorf("two Secrets are %s/%s", in.Namespace(), in.Name())
		}
		found[in.Namespace()+"/"+in.Name()] = values
	}
	return found
}

// TestValuesStayInSecrets: no value of a Secret is in any other object, in the ledger or in
// an error, whatever is done with it.
func TestValuesStayInSecrets(t *testing.T) {
	count := 0
	for _, file := range filesOf(t, "testdata/credentials/*.txtar") {
		sc := readScenario(t, file)
		o := sc.Options
		o.Preserve = true
		inputs := sc.Inputs()
		for _, broken := range []struct{ old, new string }{{"", ""}, {"UzNDUjNU", "S3CR3T-!"}, {`config: '{"`, `config: 'S3CR3T-"`}, {"current-context", "S3CR3T-context"}} {
			for i := range inputs {
				data := inputs[i].Data
				if broken.old != "" {
					data = []byte(strings.ReplaceAll(string(data), broken.old, broken.new))
				}
				for _, out := range outcomes(t, []convert.Input{{Name: "in.yaml", Data: data}}, o) {
					count += clean(t, file, out, o.RedactSecrets)
				}
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d values were seen in Secrets: the fixtures hold none", count)
	}
}

// TestWebhookInNoRecord: the address of a webhook is a credential as a whole, which no record
// keeps; a Provider that comes back without it says so.
func TestWebhookInNoRecord(t *testing.T) {
	const input = `apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: ops, namespace: flux-system}
spec: {type: msteams, address: "https://x.webhook.office.com/S3CR3T"}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: ops, namespace: flux-system}
spec: {providerRef: {name: ops}, eventSeverity: error, eventSources: [{kind: Kustomization, name: app}]}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: app, namespace: flux-system}
spec: {interval: 5m, prune: true, path: a, sourceRef: {kind: GitRepository, name: app}}
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: app, namespace: flux-system}
spec: {interval: 5m, url: "https://git.example.com/o/app"}
`
	there := outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(input)}}, convert.Options{To: convert.ToArgo, Preserve: true})
	for _, out := range there {
		clean(t, "in.yaml", out, true)
	}
	said := false
	for _, out := range outcomes(t, []convert.Input{{Name: "in.yaml", Data: streams(t, there)}}, convert.Options{To: convert.ToFlux}) {
		for _, e := range out.Entries {
			said = said || e.ID == "notification-secret" && strings.Contains(e.Note, "Provider ops came back without its address")
		}
	}
	if !said {
		t.Error("nothing tells that the Provider came back without its address")
	}
}

// clean counts the marked values in Secrets and reports those elsewhere.
func clean(t *testing.T, file string, out convert.Outcome, redacted bool) (count int) {
	t.Helper()
	holds := func(text string) int { return strings.Count(text, "S3CR3T") + strings.Count(text, "UzNDUjNU") }
	entries, err := json.Marshal(out.Entries)
	if err != nil {
		t.Fatal(err)
	}
	if holds(string(entries)) > 0 {
		t.Errorf("%s: the ledger of %s shows a value: %s", file, out.Object.Name, entries)
	}
	if out.Err != nil && holds(out.Err.Error()) > 0 {
		t.Errorf("%s: an error shows a value: %v", file, out.Err)
	}
	for _, o := range out.Out {
		n := holds(string(o.Data))
		if n > 0 && (o.Object.Kind != "Secret" || redacted) {
			t.Errorf("%s: %s %s shows a value:\n%s", file, o.Object.Kind, o.Object.Name, o.Data)
		}
		count += n
	}
	return count
}
