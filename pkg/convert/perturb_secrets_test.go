package convert_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// A using is a Secret with what uses it, so that its keys mean something.
type using struct {
	to     convert.Direction
	labels string
	values map[string]string
	users  string
}

const (
	pemOne = "-----BEGIN CERTIFICATE-----\nT05F\n-----END CERTIFICATE-----\n"
	pemTwo = "-----BEGIN CERTIFICATE-----\nVFdP\n-----END CERTIFICATE-----\n"
	docker = `{"auths":{"registry.example.com":{"username":"u","password":"p"}}}`
)

func forApplication(kind, source, destination string, values map[string]string) using {
	return using{convert.ToFlux, "{argocd.argoproj.io/secret-type: " + kind + "}", values, `---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: app, namespace: argocd}
spec: {project: default, source: ` + source + `, destination: ` + destination + `}
`}
}

func forSource(kind, spec string, values map[string]string) using {
	user := "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, prune: true, path: a, sourceRef: {kind: " + kind + ", name: app}}\n"
	if kind == "HelmRepository" {
		user = "---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, chart: {spec: {chart: c, version: 1.0.0, sourceRef: {kind: HelmRepository, name: app}}}}\n"
	}
	return using{convert.ToArgo, "{}", values, user + "---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: " + kind + "\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, " + spec + "}\n"}
}

// usings are, for each kind of Secret, the ways in which it is used.
func usings() map[string][]using {
	const inCluster = "{name: in-cluster, namespace: a}"
	const git, ssh = `{repoURL: "https://git.example.com/o/app", path: a, targetRevision: main, kustomize: {}}`, `{repoURL: "git@git.example.com:o/app", path: a, targetRevision: main, kustomize: {}}`
	const chart, registry = `{repoURL: "https://charts.example.com", chart: c, targetRevision: 1.0.0}`, `{repoURL: registry.example.com/charts, chart: c, targetRevision: 1.0.0}`
	const artifact = `{repoURL: "oci://registry.example.com/m", path: ., targetRevision: v1, kustomize: {}}`
	app := map[string]string{"url": "https://git.example.com/o/app", "githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "k"}
	basic := func(url string) map[string]string {
		return map[string]string{"url": url, "username": "u", "password": "p", "tlsClientCertData": "c", "tlsClientCertKey": "k"}
	}
	return map[string][]using{
		credential.RepositoryKind: {
			forApplication("repository", git, inCluster, basic("https://git.example.com/o/app")),
			forApplication("repo-creds", git, inCluster, basic("https://git.example.com")),
			forApplication("repository", git, inCluster, map[string]string{"url": "https://git.example.com/o/app", "bearerToken": "t"}),
			forApplication("repository", git, inCluster, map[string]string{"url": "https://git.example.com/o/app"}),
			forApplication("repository", git, inCluster, app),
			forApplication("repo-creds", git, inCluster, app),
			forApplication("repository", ssh, inCluster, map[string]string{"url": "git@git.example.com:o/app", "sshPrivateKey": "k"}),
			forApplication("repository", chart, inCluster, basic("https://charts.example.com")),
			forApplication("repository", registry, inCluster, basic("registry.example.com/charts")),
			forApplication("repository", artifact, inCluster, basic("oci://registry.example.com/m")),
			forApplication("repository", artifact, inCluster, map[string]string{"url": "oci://registry.example.com/m"}),
		},
		credential.ClusterKind: {
			forApplication("cluster", git, "{name: prod, namespace: a}", map[string]string{"name": "prod", "server": "https://prod.example.com", "config": `{"bearerToken":"t"}`}),
			forApplication("cluster", git, `{server: "https://prod.example.com", namespace: a}`, map[string]string{"server": "https://prod.example.com", "config": `{}`}),
		},
		credential.SourceKind: {
			forSource("GitRepository", `url: "https://git.example.com/o/app", secretRef: {name: it}`, map[string]string{"username": "u", "password": "p"}),
			forSource("GitRepository", `url: "https://git.example.com/o/app", secretRef: {name: it}`, map[string]string{}),
			forSource("GitRepository", `url: "https://git.example.com/o/app", secretRef: {name: other}, proxySecretRef: {name: it}`, map[string]string{"address": "http://proxy:3128"}),
			forSource("GitRepository", `url: "ssh://git@git.example.com/o/app", secretRef: {name: it}`, map[string]string{"identity": "k"}),
			forSource("GitRepository", `url: "https://git.example.com/o/app", provider: github, secretRef: {name: it}`, map[string]string{"githubAppID": "1", "githubAppPrivateKey": "k"}),
			forSource("HelmRepository", `url: "https://charts.example.com", secretRef: {name: it}`, map[string]string{"username": "u", "password": "p"}),
			forSource("HelmRepository", `url: "https://charts.example.com", certSecretRef: {name: it}`, map[string]string{"tls.crt": "c", "tls.key": "k"}),
			forSource("OCIRepository", `url: "oci://registry.example.com/m", ref: {tag: v1}, secretRef: {name: it}`, map[string]string{".dockerconfigjson": docker}),
		},
	}
}

// samples are two values of a key that is more than any text.
var samples = map[string][2]string{
	"ca.crt": {pemOne, pemTwo}, "caFile": {pemOne, pemTwo},
	"known_hosts":       {"git.example.com ssh-rsa AAAA", "git.example.com ssh-rsa BBBB"},
	".dockerconfigjson": {docker, strings.Replace(docker, `"p"`, `"q"`, 1)},
	"config":            {`{"bearerToken":"t"}`, `{"bearerToken":"other"}`},
	"address":           {"http://proxy:3128", "http://other:3128"}, "proxy": {"http://proxy:3128", "http://other:3128"},
	"clusterResources": {"true", "false"},
}

// TestSecretPerturbation changes every key that has a rule, in every Secret that may have
// it: either the output changes, or the ledger says why not. A key that nothing changes in
// any of them is claimed as what needs no counterpart.
func TestSecretPerturbation(t *testing.T) {
	for kind, all := range usings() {
		for _, f := range credential.Fields(kind) {
			matters := false
			for _, one := range all {
				matters = one.perturb(t, f) || matters
			}
			silent := f.Fidelity == ledger.Unsupported || f.Note != ""
			if !matters && !silent {
				t.Errorf("%s: %s is %s by %s, and no output depends on it", kind, f.Key, f.Fidelity, f.ID)
			}
		}
	}
}

// perturb gives a key one value and then another, and tells whether the output changes.
func (one using) perturb(t *testing.T, f credential.Field) (changed bool) {
	t.Helper()
	key := f.Key
	was, is := "one", "two"
	if pair, ok := samples[key]; ok {
		was, is = pair[0], pair[1]
	} else if own := one.values[key]; own != "" {
		was, is = own, own+"x"
	}
	if f.Switch {
		was, is = "false", "true"
	}
	before, entry := one.convert(t, key, was)
	after, now := one.convert(t, key, is)
	changed = !bytes.Equal(before, after)
	for _, e := range []*ledger.Entry{entry, now} {
		switch {
		case e == nil:
			if !changed {
				t.Errorf("%s of %v: the ledger has no entry for %s, and nothing depends on it", f.Kind, slices.Sorted(maps.Keys(one.values)), key)
			}
		case !changed && len(e.To) > 0 && e.Fidelity <= ledger.Equivalent:
			t.Errorf("%s of %v: %s is %s by %s, but the output does not depend on it", f.Kind, slices.Sorted(maps.Keys(one.values)), key, e.Fidelity, e.ID)
		case !changed && e.Note == "":
			t.Errorf("%s of %v: nothing says why the output does not depend on %s", f.Kind, slices.Sorted(maps.Keys(one.values)), key)
		}
	}
	return changed
}

// convert returns the output for a value of a key, and the entry about the key.
func (one using) convert(t *testing.T, key, value string) ([]byte, *ledger.Entry) {
	t.Helper()
	values := maps.Clone(one.values)
	values[key] = value
	namespace := "flux-system"
	if one.to == convert.ToFlux {
		namespace = "argocd"
	}
	outs := outcomes(t, []convert.Input{{Name: "in.yaml", Data: []byte(secretOf("it", namespace, one.labels, values) + one.users)}}, convert.Options{To: one.to})
	for _, e := range outs[0].Entries {
		if e.From.Path == ledger.Key("stringData", key) && !e.Absent {
			return streams(t, outs), &e
		}
	}
	return streams(t, outs), nil
}

const clusterConfigs = `{"username": "u", "password": "p", "bearerToken": "t", "disableCompression": true, "proxyUrl": "http://proxy",
"tlsClientConfig": {"insecure": true, "serverName": "s", "certData": "Yw==", "keyData": "aw==", "caData": "Y2E="},
"awsAuthConfig": {"clusterName": "c", "roleARN": "r", "profile": "p"},
"execProviderConfig": {"command": "c", "args": ["a"], "env": {"E": "v"}, "apiVersion": "v", "installHint": "h", "provideClusterInfo": true, "config": {"audience": "x"}}}`

const kubeconfigs = `{"apiVersion": "v1", "kind": "Config", "current-context": "x", "preferences": {"colors": true},
"contexts": [{"name": "x", "context": {"cluster": "c", "user": "u", "namespace": "n"}}, {"name": "y", "context": {"cluster": "d", "user": "v"}}],
"clusters": [{"name": "c", "cluster": {"server": "https://a", "certificate-authority-data": "Y2E=", "insecure-skip-tls-verify": true, "tls-server-name": "s", "proxy-url": "http://proxy", "disable-compression": true,
"extensions": [{"name": "client.authentication.k8s.io/exec", "extension": {"audience": "x"}}]}}],
"users": [{"name": "u", "user": {"username": "u", "password": "p", "token": "t", "client-certificate-data": "Yw==", "client-key-data": "aw==",
"as": "a", "as-uid": "1", "as-groups": ["g"], "as-user-extra": {"e": ["v"]}, "auth-provider": {"name": "oidc"},
"exec": {"apiVersion": "v", "command": "c", "args": ["a"], "env": [{"name": "E", "value": "v"}], "installHint": "h", "interactiveMode": "Never", "provideClusterInfo": true}}}]}`

// filed is a kubeconfig that names files, which count where there are no data.
const filed = `{"current-context": "x", "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
"clusters": [{"name": "c", "cluster": {"server": "https://a", "certificate-authority": "/ca"}}],
"users": [{"name": "u", "user": {"tokenFile": "/t", "client-certificate": "/c", "client-key": "/k"}}]}`

// beside are parts of a kubeconfig that change nothing about its cluster and its user: Argo
// CD lets no command ask anybody (types.go RawRestConfig).
var beside = []string{"apiVersion", "kind", "preferences.colors", "contexts[0].context.namespace",
	"contexts[1].name", "contexts[1].context.cluster", "contexts[1].context.user", "users[0].user.exec.interactiveMode"}

// TestClusterPerturbation changes each leaf of a cluster's configuration and of a kubeconfig:
// the output changes, or the ledger says what of it does not cross.
func TestClusterPerturbation(t *testing.T) {
	cluster := usings()[credential.ClusterKind][0]
	user := "---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, prune: true, path: a, sourceRef: {kind: GitRepository, name: app}, kubeConfig: {secretRef: {name: it}}}\n" +
		"---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: flux-system}\nspec: {interval: 5m, url: https://git.example.com/o/app}\n"
	kube := using{to: convert.ToArgo, labels: "{}", values: map[string]string{}, users: user}
	for _, c := range []struct {
		one       using
		key, text string
	}{
		{cluster, "config", clusterConfigs},
		{kube, "value", kubeconfigs},
		{kube, "value", filed},
	} {
		root := parsed(t, []byte(c.text))
		before, was := c.one.convert(t, c.key, c.text)
		leaves := scalars(root, "")
		for _, path := range slices.Sorted(maps.Keys(leaves)) {
			leaf := leaves[path]
			original := *leaf
			mutate(leaf)
			text, err := yaml.NewRNode(root).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			*leaf = original
			after, e := c.one.convert(t, c.key, string(text))
			if slices.Contains(beside, path) || e != nil && e.Note != was.Note {
				continue
			}
			if bytes.Equal(before, after) && (e == nil || e.Fidelity <= ledger.Equivalent || !strings.Contains(e.Note, said(path))) {
				t.Errorf("%s: nothing depends on %s, and the ledger does not say so: %+v", c.key, path, e)
			}
		}
	}
}

// said is how the ledger calls a leaf that does not cross.
func said(path string) string {
	steps := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune(`.[]"`, r) })
	for _, whole := range []string{"awsAuthConfig", "as-groups", "as-user-extra", "auth-provider"} {
		if slices.Contains(steps, whole) {
			return whole
		}
	}
	return steps[len(steps)-1]
}
