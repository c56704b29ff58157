package credential

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// A backWriter fills a repository Secret of Argo CD.
type backWriter struct {
	back   *Back
	object *object.Object
	masked bool
	r      Repository
}

// carry writes the value of the first of the keys that has one.
func (w backWriter) carry(u *Unit, as string, keys ...string) {
	if key, text := u.First(keys...); key != "" {
		u.carry(w.object, key, as, text, w.masked)
	}
}

func (w backWriter) auth(u *Unit) {
	switch {
	case u == nil:
	case u.Text(dockerConfigKey) != "":
		w.registry(u)
	case u.Text("identity") != "":
		w.carry(u, "sshPrivateKey", "identity")
		w.back.trustKeys(u, w.r)
		if u.Text("password") != "" {
			u.instead["password"] = rule{id: "ssh-passphrase", fidelity: ledger.Unsupported, note: "the passphrase of the key: Argo CD takes keys without one only"}
		}
	default:
		for _, key := range []string{"username", "password", "bearerToken", "githubAppID", "githubAppInstallationID", "githubAppPrivateKey"} {
			w.carry(u, key, key)
		}
		w.carry(u, "githubAppEnterpriseBaseUrl", "githubAppBaseURL")
	}
}

// registry takes user and password of the repository's registry out of a Docker
// configuration.
func (w backWriter) registry(u *Unit) {
	var config dockerConfig
	if json.Unmarshal([]byte(u.Text(dockerConfigKey)), &config) != nil {
		u.instead[dockerConfigKey] = rule{id: "credential-registry", fidelity: ledger.Unsupported, note: "not the JSON of a Docker configuration: correct it"}
		return
	}
	user, password, ok := config.find(registryOf(w.r.URL))
	if !ok {
		u.instead[dockerConfigKey] = rule{id: "credential-registry", fidelity: ledger.Unsupported, note: "no user and password of the repository's registry: a helper of Docker has them, or none"}
		return
	}
	u.carry(w.object, dockerConfigKey, "username", user, w.masked)
	u.carry(w.object, dockerConfigKey, "password", password, w.masked)
}

// find returns the user and password of a registry, whose address may be written with
// scheme and path.
func (c dockerConfig) find(registry string) (user, password string, ok bool) {
	auth, ok := c.Auths[registry]
	for _, address := range slices.Sorted(maps.Keys(c.Auths)) {
		if !ok && plainRegistry(address) == plainRegistry(registry) {
			auth, ok = c.Auths[address], true
		}
	}
	if auth.Username != "" {
		return auth.Username, auth.Password, true
	}
	pair, err := base64.StdEncoding.DecodeString(auth.Auth)
	user, password, ok = strings.Cut(string(pair), ":")
	return user, password, ok && err == nil
}

func plainRegistry(address string) string {
	host, port := hostOf(address)
	if strings.HasSuffix(host, "docker.io") {
		host = "docker.io"
	}
	return host + ":" + port
}

func (w backWriter) certificates(u *Unit) {
	if u == nil {
		return
	}
	w.carry(u, "tlsClientCertData", "tls.crt", "certFile")
	w.carry(u, "tlsClientCertKey", "tls.key", "keyFile")
	if key, _ := u.First("ca.crt", "caFile"); key != "" && !sshURL.MatchString(w.r.URL) {
		w.back.trustAuthority(u, key, w.r)
	}
}

// proxy makes one URL of an address and its credentials.
func (w backWriter) proxy(u *Unit) {
	if u == nil || u.Text("address") == "" {
		return
	}
	text := withUser(u.Text("address"), u.Text("username"), u.Text("password"))
	for _, key := range []string{"address", "username", "password"} {
		if u.Text(key) != "" && (key != "password" || u.Text("username") != "") { // Flux, too, wants a user with it
			u.carry(w.object, key, "proxy", text, w.masked)
		}
	}
}

// kubeconfigRule says what of a kubeconfig Argo CD cannot use.
func kubeconfigRule(server kubeServer, user kubeIdentity) rule {
	var lost []string
	for name, is := range map[string]bool{
		"certificate-authority": server.CAFile != "" && server.CA == "", "client-certificate": user.CertFile != "" && user.Cert == "",
		"client-key": user.KeyFile != "" && user.Key == "", "tokenFile": user.TokenFile != "" && user.Token == "",
		"auth-provider": len(user.AuthProvider) > 0, "as": user.As != "", "as-uid": user.AsUID != "",
		"as-groups": len(user.AsGroups) > 0, "as-user-extra": len(user.AsExtra) > 0,
	} {
		if is {
			lost = append(lost, name)
		}
	}
	if len(lost) > 0 {
		return rule{id: "cluster-identity", fidelity: ledger.Unsupported, note: "Argo CD has nothing like " + list(lost) + ": put the data or a token into the kubeconfig"}
	}
	return rule{id: "cluster-credential", fidelity: ledger.Equivalent, note: "the current context as server and config"}
}
