package credential

import (
	"encoding/json"
	"errors"

	"sigs.k8s.io/yaml"
)

// A kubeconfig is what Flux reads of one (k8s.io/client-go tools/clientcmd/api/v1). Data
// are in base64, as they stand there.
type kubeconfig struct {
	APIVersion string        `json:"apiVersion"`
	Kind       string        `json:"kind"`
	Clusters   []kubeCluster `json:"clusters"`
	Contexts   []kubeContext `json:"contexts"`
	Current    string        `json:"current-context"`
	Users      []kubeUser    `json:"users"`
}

type kubeCluster struct {
	Name    string     `json:"name"`
	Cluster kubeServer `json:"cluster"`
}

type kubeServer struct {
	CA         string `json:"certificate-authority-data,omitempty"`
	CAFile     string `json:"certificate-authority,omitempty"`
	Plain      bool   `json:"disable-compression,omitempty"`
	Insecure   bool   `json:"insecure-skip-tls-verify,omitempty"`
	Proxy      string `json:"proxy-url,omitempty"`
	Server     string `json:"server"`
	ServerName string `json:"tls-server-name,omitempty"`

	Extensions []kubeExtension `json:"extensions,omitempty"`
}

// execExtension is the name of what a cluster tells a command (client-go
// tools/clientcmd/api/types.go ExecConfig).
const execExtension = "client.authentication.k8s.io/exec"

type kubeExtension struct {
	Name      string          `json:"name"`
	Extension json.RawMessage `json:"extension"`
}

type kubeContext struct {
	Name    string  `json:"name"`
	Context kubeRef `json:"context"`
}

type kubeRef struct {
	Cluster string `json:"cluster"`
	User    string `json:"user"`
}

type kubeUser struct {
	Name string       `json:"name"`
	User kubeIdentity `json:"user"`
}

type kubeIdentity struct {
	Cert         string          `json:"client-certificate-data,omitempty"`
	CertFile     string          `json:"client-certificate,omitempty"`
	Key          string          `json:"client-key-data,omitempty"`
	KeyFile      string          `json:"client-key,omitempty"`
	Exec         *kubeExec       `json:"exec,omitempty"`
	AuthProvider json.RawMessage `json:"auth-provider,omitempty"`
	As           string          `json:"as,omitempty"`
	AsUID        string          `json:"as-uid,omitempty"`
	AsGroups     []string        `json:"as-groups,omitempty"`
	AsExtra      json.RawMessage `json:"as-user-extra,omitempty"`
	Password     string          `json:"password,omitempty"`
	Token        string          `json:"token,omitempty"`
	TokenFile    string          `json:"tokenFile,omitempty"`
	Username     string          `json:"username,omitempty"`
}

type kubeExec struct {
	APIVersion  string    `json:"apiVersion"`
	Args        []string  `json:"args,omitempty"`
	Command     string    `json:"command"`
	Env         []kubeEnv `json:"env,omitempty"`
	InstallHint string    `json:"installHint,omitempty"`
	Interactive string    `json:"interactiveMode,omitempty"`
	ClusterInfo bool      `json:"provideClusterInfo,omitempty"`
}

type kubeEnv struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// errKubeconfig hides what the parser says, as it may quote a value.
var errKubeconfig = errors.New("holds no kubeconfig whose current context leads to a cluster and a user")

// current reads the cluster and the user of the current context.
func current(text string) (kubeServer, kubeIdentity, error) {
	var k kubeconfig
	if yaml.Unmarshal([]byte(text), &k) != nil {
		return kubeServer{}, kubeIdentity{}, errKubeconfig
	}
	for _, context := range k.Contexts {
		if context.Name != k.Current {
			continue
		}
		for _, c := range k.Clusters {
			if c.Name == context.Context.Cluster && c.Cluster.Server != "" {
				return c.Cluster, k.user(context.Context.User), nil
			}
		}
	}
	return kubeServer{}, kubeIdentity{}, errKubeconfig
}

// user returns the user of a name, who is nobody where there is none (client-go
// tools/clientcmd/client_config.go getAuthInfo).
func (k *kubeconfig) user(name string) kubeIdentity {
	for _, u := range k.Users {
		if u.Name == name {
			return u.User
		}
	}
	return kubeIdentity{}
}

// newKubeconfig writes a kubeconfig with one context.
func newKubeconfig(name string, server kubeServer, user kubeIdentity) string {
	text, _ := yaml.Marshal( // strings always marshal
		kubeconfig{
			APIVersion: "v1", Kind: "Config", Current: name,
			Clusters: []kubeCluster{{name, server}},
			Contexts: []kubeContext{{name, kubeRef{name, name}}},
			Users:    []kubeUser{{name, user}},
		})
	return string(text)
}
