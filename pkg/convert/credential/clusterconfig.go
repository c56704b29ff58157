package credential

import (
	"encoding/json"
	"maps"
	"slices"
)

// A clusterConfig is the key config of a cluster Secret (Argo CD types.go ClusterConfig).
type clusterConfig struct {
	Username    string       `json:"username,omitempty"`
	Password    string       `json:"password,omitempty"`
	BearerToken string       `json:"bearerToken,omitempty"`
	TLS         clusterTLS   `json:"tlsClientConfig"`
	AWS         *clusterAWS  `json:"awsAuthConfig,omitempty"`
	Exec        *clusterExec `json:"execProviderConfig,omitempty"`
	Plain       bool         `json:"disableCompression,omitempty"`
	Proxy       string       `json:"proxyUrl,omitempty"`
}

type clusterTLS struct {
	Insecure   bool   `json:"insecure"`
	ServerName string `json:"serverName,omitempty"`
	Cert       string `json:"certData,omitempty"`
	Key        string `json:"keyData,omitempty"`
	CA         string `json:"caData,omitempty"`
}

type clusterAWS struct {
	ClusterName string `json:"clusterName,omitempty"`
	RoleARN     string `json:"roleARN,omitempty"`
	Profile     string `json:"profile,omitempty"`
}

type clusterExec struct {
	Command     string            `json:"command,omitempty"`
	Args        []string          `json:"args,omitempty"`
	Env         map[string]string `json:"env,omitempty"`
	APIVersion  string            `json:"apiVersion,omitempty"`
	InstallHint string            `json:"installHint,omitempty"`
	ClusterInfo bool              `json:"provideClusterInfo,omitempty"` // read by Argo CD 3.6
	Config      json.RawMessage   `json:"config,omitempty"`             // likewise
}

// toKube returns the same in the terms of a kubeconfig.
func (c clusterConfig) toKube(server string) (kubeServer, kubeIdentity) {
	s := kubeServer{
		Server: server, CA: c.TLS.CA, Insecure: c.TLS.Insecure, ServerName: c.TLS.ServerName,
		Proxy: c.Proxy, Plain: c.Plain,
	}
	u := kubeIdentity{Username: c.Username, Password: c.Password, Token: c.BearerToken, Cert: c.TLS.Cert, Key: c.TLS.Key}
	if e := c.Exec; e != nil {
		u.Exec = &kubeExec{APIVersion: e.APIVersion, Command: e.Command, Args: e.Args, InstallHint: e.InstallHint, Interactive: "Never", ClusterInfo: e.ClusterInfo}
		for _, name := range slices.Sorted(maps.Keys(e.Env)) {
			u.Exec.Env = append(u.Exec.Env, kubeEnv{name, e.Env[name]})
		}
		if len(e.Config) > 0 {
			s.Extensions = []kubeExtension{{execExtension, e.Config}}
		}
	}
	return s, u
}

// fromKube is toKube the other way.
func fromKube(s kubeServer, u kubeIdentity) clusterConfig {
	c := clusterConfig{
		Username: u.Username, Password: u.Password, BearerToken: u.Token, Proxy: s.Proxy, Plain: s.Plain,
		TLS: clusterTLS{Insecure: s.Insecure, ServerName: s.ServerName, Cert: u.Cert, Key: u.Key, CA: s.CA},
	}
	if e := u.Exec; e != nil {
		c.Exec = &clusterExec{APIVersion: e.APIVersion, Command: e.Command, Args: e.Args, InstallHint: e.InstallHint, ClusterInfo: e.ClusterInfo}
		for _, env := range e.Env {
			if c.Exec.Env == nil {
				c.Exec.Env = map[string]string{}
			}
			c.Exec.Env[env.Name] = env.Value
		}
		for _, x := range s.Extensions {
			if x.Name == execExtension {
				c.Exec.Config = x.Extension
			}
		}
	}
	return c
}

func (c clusterConfig) text() string {
	text, _ := json.Marshal(c) // strings always marshal
	return string(text)
}
