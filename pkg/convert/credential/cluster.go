package credential

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// A cluster is a cluster Secret of Argo CD.
type cluster struct {
	*Unit
	config      clusterConfig
	used, stays bool
	names       map[string]string // of kubeconfig Secrets by namespace
}

func newCluster(in *secret.Secret, masked bool) (*cluster, error) {
	c := &cluster{Unit: newUnit(in, argoClusterRules, masked), names: map[string]string{}}
	c.nameless = true
	if text := in.Text("config"); text != "" && json.Unmarshal([]byte(text), &c.config) != nil {
		return nil, fmt.Errorf("%s:%d: Secret %q: config is not the JSON of a cluster's configuration: correct it",
			in.File, in.Root.Line, in.Name())
	}
	return c, nil
}

func (c *cluster) server() string { return strings.TrimRight(c.Text("server"), "/") }

// Outcome implements Given.
func (c *cluster) Outcome() (unit *Unit, stays bool) {
	if !c.used {
		return nil, true
	}
	c.twinned()
	return c.Unit, c.stays
}

// A ClusterRef is how a destination is reached.
type ClusterRef struct {
	// Secret is the name of the kubeconfig's, Local that it is the cluster of Argo CD.
	Secret string
	Local  bool
	// From is the Secret of Argo CD; empty where it is not in the input.
	From string
	// Lost tells that the identity does not cross.
	Lost bool
	// Of tells clusters apart that are not in the input, Names are those that the Secret of
	// one may have, in order.
	Of    string
	Names []string
}

// KubeconfigName is the name of the Secret with the kubeconfig of a cluster, which the
// destination names, or whose server it is; without what may be a password in the URL of it.
func KubeconfigName(name, server string) string {
	if name == "" {
		_, name, _ = strings.Cut(server, "://")
		name, _, _ = strings.Cut(name[strings.LastIndexByte(name, '@')+1:], "?")
	}
	slug := object.Slug(name)
	if slug == "" {
		slug = object.Hash(name)
	}
	return object.Fit(slug, object.MaxName-len(kubeconfigEnd)) + kubeconfigEnd
}

const kubeconfigEnd = "-kubeconfig"

// cluster returns the Secret of a destination, or nil where there is none, or several have
// the name, which Argo CD refuses (Argo CD util/db/cluster.go GetCluster,
// GetClusterServersByName, util/argo/argo.go GetDestinationCluster).
func (s *Store) cluster(name, server string) (found *cluster) {
	if s == nil {
		return nil
	}
	for _, c := range s.clusters {
		switch {
		case name == "" && c.server() == strings.TrimRight(server, "/"):
			return c
		case name != "" && c.Text("name") == name && found == nil:
			found = c
		case name != "" && c.Text("name") == name && c.server() != found.server():
			return nil
		}
	}
	return found
}

// Cluster returns how a destination is reached from a namespace of Flux objects.
func (s *Store) Cluster(name, server, namespace string) ClusterRef {
	c := s.cluster(name, server)
	switch {
	case c == nil:
		return s.absent(name, server, namespace)
	case c.server() == argocd.InCluster:
		return ClusterRef{Local: true, From: c.Name()}
	}
	return ClusterRef{Secret: c.names[namespace], From: c.Name(), Lost: c.lost()}
}

// absent returns how a cluster is reached that the input lacks: by another Secret than that
// of a cluster whose kubeconfig is written, or the objects would deploy there.
func (s *Store) absent(name, server, namespace string) ClusterRef {
	plain, of := KubeconfigName(name, server), name+" "+strings.TrimRight(server, "/")
	hashed := object.Fit(strings.TrimSuffix(plain, kubeconfigEnd), object.MaxName-len(kubeconfigEnd)-9) + "-" + object.Hash(of) + kubeconfigEnd
	r := ClusterRef{Of: of, Names: []string{plain, hashed}}
	if s != nil && s.names[namespace+"/"+plain] {
		r.Names = r.Names[1:]
	}
	r.Secret = r.Names[0]
	return r
}

// Local tells whether a cluster Secret makes the destination of an Application the cluster
// that Argo CD runs in.
func (s *Store) Local(a *argocd.App, namespace string) bool {
	name, server := a.Cluster()
	return s.Cluster(name, server, namespace).Local
}

func (c *cluster) lost() bool { return c.config.AWS != nil || c.config.Exec != nil }

// KeepCluster tells that Argo CD goes on deploying to a cluster.
func (s *Store) KeepCluster(name, server string) {
	if c := s.cluster(name, server); c != nil {
		c.stays = true
	}
}

// WantCluster tells that Flux objects of a namespace deploy to a cluster, and makes the
// Secret that they need, where kept says that they look for it.
func (s *Store) WantCluster(name, server, namespace string, kept Kept) {
	c := s.cluster(name, server)
	if c == nil || c.server() == argocd.InCluster || c.names[namespace] != "" {
		return
	}
	label := c.Text("name")
	if label == "" {
		_, label, _ = strings.Cut(c.server(), "://")
	}
	host, user := c.config.toKube(c.server())
	text := newKubeconfig(label, host, user)
	where, key := orElse(kept.Namespace, namespace), orElse(kept.Key, "value")
	o := secret.New(where, "", secret.Opaque)
	path := secret.Put(o, key, text, s.masked)
	for _, from := range []string{"name", "server", "config"} {
		c.wrote(from, o, path)
	}
	c.write(o)
	s.rename(o, kept.Secret, KubeconfigName(c.Text("name"), c.server()))
	c.used, c.names[namespace] = true, o.Name()
	c.judge()
}

// judge says what of the configuration does not cross as it is.
func (c *cluster) judge() {
	identity := func(note string) {
		c.instead["config"] = rule{id: "cluster-identity", fidelity: ledger.Unsupported, note: note}
	}
	switch {
	case c.config.AWS != nil:
		identity("awsAuthConfig: Flux takes an EKS cluster by kubeConfig.configMapRef, with provider aws, the cluster's ARN and a ServiceAccount: write one, as the kubeconfig has no user")
	case c.config.Exec != nil:
		identity("execProviderConfig: Flux runs no commands but with --insecure-kubeconfig-exec and an image that has them: use kubeConfig.configMapRef with the provider of the cloud, or a token")
	case c.config.TLS.Insecure:
		c.instead["config"] = rule{id: "cluster-insecure", fidelity: ledger.Approximate, note: "tlsClientConfig.insecure: Flux skips the check of certificates only with --insecure-kubeconfig-tls: add the CA"}
	}
}
