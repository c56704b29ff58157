package credential

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// accessTokenUser is the user that Argo CD sends with a password alone (util/git/creds.go).
const accessTokenUser = "x-access-token"

// git takes what Argo CD would authenticate with, in its order (repository_types.go
// GetGitCreds), and returns the provider of the source.
func (d *draft) git(n Need, e effective) (provider string) {
	password, token := e.text("password") != "", e.text("bearerToken") != ""
	switch {
	case token && !(password && e.on("forceHttpBasicAuth")):
		d.take(e, "bearerToken", "bearerToken")
	case password:
		d.basic(e, accessTokenUser)
	case e.text("sshPrivateKey") != "":
	case e.text("githubAppPrivateKey") != "" && e.text("githubAppID") != "":
		d.app(n, e)
		return "github"
	case e.on("useAzureWorkloadIdentity"):
		return "azure"
	}
	return ""
}

// basic takes user and password. Flux wants both (fluxcd/pkg runtime/secrets
// BasicAuthFromSecret).
func (d *draft) basic(e effective, user string) {
	if e.text("username") == "" && e.text("password") == "" {
		return
	}
	for _, key := range []string{"username", "password"} {
		if e.text(key) != "" {
			d.take(e, key, key)
			continue
		}
		other := e.with(map[string]string{"username": "password", "password": "username"}[key])
		text := ""
		if key == "username" {
			text = user
		}
		d.fields = append(d.fields, field{key, text, []origin{{other, key}}})
	}
}

// app takes a GitHub app. Argo CD finds an installation that is not named by the owner in
// the URL; Flux wants to be told the one or the other.
func (d *draft) app(n Need, e effective) {
	d.take(e, "githubAppID", "githubAppID")
	d.take(e, "githubAppPrivateKey", "githubAppPrivateKey")
	d.take(e, "githubAppEnterpriseBaseUrl", "githubAppBaseURL")
	if id := e.text("githubAppInstallationID"); id != "" && id != "0" {
		d.take(e, "githubAppInstallationID", "githubAppInstallationID")
		return
	}
	d.fields = append(d.fields, field{"githubAppInstallationOwner", ownerOf(n.Source.RepoURL), []origin{{e.with("githubAppID"), "url"}}})
}

// ssh takes a key, and what is known of the host.
func (d *draft) ssh(s *Store, n Need, e effective) {
	d.take(e, "sshPrivateKey", "identity")
	if len(d.fields) > 0 {
		d.trust("known_hosts", s.hosts.known(hostOf(n.Source.RepoURL)))
	}
}

// certificates takes those of client and server. A pair must be whole.
func (d *draft) certificates(s *Store, n Need, e effective) {
	if e.text("tlsClientCertData") != "" && e.text("tlsClientCertKey") != "" {
		d.take(e, "tlsClientCertData", "tls.crt")
		d.take(e, "tlsClientCertKey", "tls.key")
	}
	d.trust("ca.crt", s.hosts.authorities[n.host()])
}

// proxy takes the address of a proxy apart.
func (d *draft) proxy(e effective) {
	c := e.with("proxy")
	if c == nil {
		return
	}
	address, user, password := splitUser(c.Text("proxy"))
	from := []origin{{c, "proxy"}}
	d.fields = append(d.fields, field{"address", address, from})
	if user != "" {
		d.fields = append(d.fields, field{"username", user, from})
	}
	if password != "" {
		d.fields = append(d.fields, field{"password", password, from})
	}
}

// dockerConfig is the JSON of a Secret for registries (k8s.io/kubernetes
// pkg/credentialprovider).
type dockerConfig struct {
	Auths map[string]dockerAuth `json:"auths"`
}

type dockerAuth struct {
	Username string `json:"username,omitempty"`
	Password string `json:"password,omitempty"`
	Auth     string `json:"auth,omitempty"`
}

const dockerConfigKey = ".dockerconfigjson"

// registry makes a Docker configuration of user and password.
func (d *draft) registry(n Need, e effective) {
	user, password := e.with("username"), e.with("password")
	if user == nil || password == nil {
		return
	}
	name, secret := user.Text("username"), password.Text("password")
	text, err := json.Marshal(dockerConfig{map[string]dockerAuth{registryOf(n.Source.RepoURL): {
		Username: name, Password: secret, Auth: base64.StdEncoding.EncodeToString([]byte(name + ":" + secret)),
	}}})
	if err != nil {
		return // strings always marshal
	}
	d.fields = append(d.fields, field{dockerConfigKey, string(text), []origin{{user, "username"}, {password, "password"}}})
}

// dockerHub is the key of Docker Hub in a Docker configuration (google/go-containerregistry
// pkg/authn).
const dockerHub = "https://index.docker.io/v1/"

// registryOf is the key of a registry in a Docker configuration.
func registryOf(url string) string {
	host, _, _ := strings.Cut(strings.TrimPrefix(url, "oci://"), "/")
	switch host {
	case "docker.io", "index.docker.io", "registry-1.docker.io":
		return dockerHub
	}
	return host
}
