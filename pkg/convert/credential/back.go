package credential

import (
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/configmap"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/secret"
)

// A Repository is what a source of Flux is in Argo CD.
type Repository struct {
	// URL and Type are as a repository Secret has them, Type git, helm or oci.
	URL, Type string
	// Name is that of the source.
	Name string
	// OCI tells that charts come from a registry, PlainHTTP that it speaks no TLS, Azure
	// that the source gets its credential from the identity of the pod.
	OCI, PlainHTTP, Azure bool
}

// A Back holds the Secrets of Argo CD that those of Flux become.
type Back struct {
	masked    bool
	namespace string
	names     map[string]bool
	made      map[[2]string]*repositorySecret // by normal URL and type
	clusters  map[clusterKey]*object.Object
	// given are the ConfigMaps of what Argo CD trusts that the input has, trusted those that
	// are made, by name.
	given   map[string]*configmap.Merged
	trusted map[string]*object.Object
}

// A repositorySecret is made of up to three Secrets of Flux.
type repositorySecret struct {
	object *object.Object
	from   [3]*Unit
}

// NewBack returns an empty Back, whose Secrets go to a namespace.
func NewBack(masked bool, namespace string) *Back {
	return &Back{
		masked: masked, namespace: namespace, names: map[string]bool{}, made: map[[2]string]*repositorySecret{},
		clusters: map[clusterKey]*object.Object{}, given: map[string]*configmap.Merged{}, trusted: map[string]*object.Object{},
	}
}

// NewUnit returns the unit of a Secret of Flux; masked makes it write placeholders.
func NewUnit(in *secret.Secret, masked bool) *Unit {
	u := newUnit(in, fluxRules, masked)
	u.flux = true
	return u
}

// Repository makes the Secret of a repository out of those that a source names; any of
// them may be nil, but not all. writer is the one whose document writes it. It returns nil
// where the same URL has other credentials already: Argo CD finds them by URL alone.
func (b *Back) Repository(r Repository, auth, cert, proxy, writer *Unit) *object.Object {
	from := [3]*Unit{auth, cert, proxy}
	key := [2]string{normal(r.URL), r.Type}
	if before := b.made[key]; before != nil {
		if before.from != from {
			return nil
		}
		return before.object
	}
	name := b.name(writer.Name(), writer.Name()+"-"+r.Name)
	o := secret.New(b.namespace, name, secret.Opaque)
	b.made[key] = &repositorySecret{o, from}
	writer.made = append(writer.made, o)
	o.Set(node.String(roleRepository), "metadata", "labels", Label)
	b.settings(o, r)
	w := backWriter{b, o, b.masked, r}
	w.auth(auth)
	w.certificates(auth)
	if cert != auth {
		w.certificates(cert)
	}
	w.proxy(proxy)
	for i, u := range from {
		if u != nil && (i == 0 || u != from[0]) {
			u.carriedBy(o)
		}
	}
	return o
}

// settings writes what the source says.
func (b *Back) settings(o *object.Object, r Repository) {
	secret.Put(o, "url", r.URL, b.masked)
	secret.Put(o, "type", r.Type, b.masked)
	if r.Type == "helm" {
		secret.Put(o, "name", r.Name, b.masked)
	}
	for key, on := range map[string]bool{"enableOCI": r.OCI, "insecureOCIForceHttp": r.PlainHTTP, "useAzureWorkloadIdentity": r.Azure} {
		if on {
			secret.Put(o, key, "true", b.masked)
		}
	}
}

// name returns the first of the names that no other Secret has.
func (b *Back) name(names ...string) string {
	last := names[len(names)-1]
	for _, name := range names {
		if name = object.Fit(name, maxName); !b.names[name] {
			b.names[name] = true
			return name
		}
	}
	return b.name(last + "-" + object.Hash(last))
}

// Cluster makes the cluster Secret of the kubeconfig that a unit has below a key, which
// may be empty for the default, once for all that deploy to it.
func (b *Back) Cluster(u *Unit, key string) (*object.Object, error) {
	text := u.Text(key)
	if key == "" {
		key, text = u.First("value", "value.yaml") // kustomize-controller docs, KubeConfig
	}
	if made := b.clusters[clusterKey{u, key}]; made != nil {
		return made, nil
	}
	server, user, err := current(text)
	if err != nil {
		return nil, err
	}
	short := strings.TrimSuffix(u.Name(), kubeconfigEnd)
	if short == localName {
		short = u.Name()
	}
	name := b.name(short, strings.Trim(u.Namespace()+"-"+short, "-"))
	o := secret.New(b.namespace, name, secret.Opaque)
	b.clusters[clusterKey{u, key}] = o
	o.Set(node.String(roleCluster), "metadata", "labels", Label)
	secret.Put(o, "name", name, b.masked)
	u.carry(o, key, "server", server.Server, b.masked)
	u.carry(o, key, "config", fromKube(server, user).text(), b.masked)
	u.instead[key] = kubeconfigRule(server, user)
	u.write(o)
	return o, nil
}

type clusterKey struct {
	unit *Unit
	key  string
}

// localName is the short name of Argo CD's own cluster.
const localName = "in-cluster"
