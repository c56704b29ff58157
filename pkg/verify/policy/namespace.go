package policy

import (
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/cluster"
)

// alwaysThere are namespaces that every cluster has.
var alwaysThere = []string{"", "default", "kube-system", "kube-public", "kube-node-lease"}

const createdBySync = "created by the first sync"

// argoNamespaceCreation: only on request, with the metadata of
// managedNamespaceMetadata, and never deleted (GitOps Engine pkg/sync/sync_context.go
// autoCreateNamespace; Argo CD controller/sync_namespace.go).
func argoNamespaceCreation(u *unit) []aspect {
	name := u.app.DestinationNamespace()
	if !u.app.SyncOption("CreateNamespace=true") {
		return u.givenNamespace(name, syncOptions)
	}
	metadata := metadataOf(u.spec("syncPolicy", "managedNamespaceMetadata"))
	if slices.Contains(alwaysThere, name) {
		return []aspect{u.noNamespace(syncOptions), u.namespaceMetadata(syncOptions, metadata)}
	}
	return []aspect{u.bySync(syncOptions, name), u.namespaceMetadata("spec.syncPolicy.managedNamespaceMetadata", metadata)}
}

func (u *unit) bySync(path, name string) aspect {
	return u.says(path, createdBySync, "creates namespace "+name+" with the first deployment", "")
}

func (u *unit) noNamespace(path string) aspect {
	return u.says(path, "not created", "creates no namespace", "Where the namespace is missing and the manifests do not hold it, everything fails there until somebody creates it.")
}

// givenNamespace: a Namespace object of the input is applied beside the others.
func (u *unit) givenNamespace(name, path string) []aspect {
	o := u.namespaceObject(name)
	if o == nil {
		return []aspect{u.noNamespace(path), u.namespaceMetadata(path, nil)}
	}
	made := aspect{
		key: "a Namespace object", does: "has a Namespace object of its own for " + name, where: elsewhere(o, "metadata.name"),
		night: "It is there as soon as that object is applied, even while nothing is deployed, and has to be applied first.",
	}
	metadata := u.namespaceMetadata(path, metadataOf(node.Get(o.Root, "metadata")))
	metadata.where = elsewhere(o, "metadata")
	return []aspect{made, metadata}
}

func (u *unit) namespaceObject(name string) *cluster.Object {
	for _, o := range u.of.Side.Objects.Kind("Namespace") {
		if o.Name == name && !slices.Contains(alwaysThere, name) {
			return o
		}
	}
	return nil
}

// metadataOf lists labels and annotations but for the marks that steer Flux.
func metadataOf(n *yaml.Node) (pairs []string) {
	for _, field := range []string{"labels", "annotations"} {
		values, _ := node.Value(node.Get(n, field)).(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if !strings.HasPrefix(key, "kustomize.toolkit.fluxcd.io/") {
				pairs = append(pairs, field+" "+key+"="+node.Text(n, field, key))
			}
		}
	}
	return pairs
}

func (u *unit) namespaceMetadata(path string, pairs []string) aspect {
	if len(pairs) == 0 {
		return u.says(path, "no metadata", "sets no labels or annotations of the namespace", "Labels of the namespace, such as those for pod security, are not kept there.").hidden()
	}
	text := strings.Join(pairs, ", ")
	return u.says(path, text, "sets "+text+" of the namespace", "").hidden()
}

// fluxNamespaceCreation: a Kustomization creates none; Helm does on install if told
// (helm-controller internal/action/install.go), where the release is not in the
// namespace of the HelmRelease itself.
func fluxNamespaceCreation(u *unit) []aspect {
	path := "spec.targetNamespace"
	if u.applier.Release() {
		path = "spec.install.createNamespace"
	}
	name := u.fluxNamespace()
	local := node.Null(u.spec("kubeConfig"))
	switch {
	case local && u.namespaceObject(name) != nil:
		return u.givenNamespace(name, path)
	case u.applier.Release() && node.True(u.spec("install"), "createNamespace") && !slices.Contains(alwaysThere, name):
		return []aspect{u.bySync(path, name), u.namespaceMetadata(path, nil)}
	default:
		return []aspect{u.noNamespace(path), u.namespaceMetadata(path, nil)}
	}
}

// fluxNamespace is the namespace that the unit deploys to, or "".
func (u *unit) fluxNamespace() string {
	if u.applier.Release() {
		return u.applier.ReleaseNamespace()
	}
	if name := u.filled(); u.applier.TargetNamespace() == "" {
		return name
	}
	return u.applier.TargetNamespace()
}

// filled returns the namespace that a patch gives objects which name none: kustomize
// takes none for "default" (kustomize api/resmap/reswrangler.go Select).
func (u *unit) filled() string {
	for _, item := range node.Items(u.spec(), "patches") {
		root, err := yaml.Parse(node.Text(item, "patch"))
		if err != nil || node.Text(item, "target", "namespace") != "default" {
			continue
		}
		for _, op := range root.YNode().Content {
			if node.Text(op, "op") == "add" && node.Text(op, "path") == "/metadata/namespace" {
				return node.Text(op, "value")
			}
		}
	}
	return ""
}
