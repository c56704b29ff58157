package policy

import (
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const (
	ownRights = "the tool's own rights"
	takesOver = "takes over from others"
	noRelease = "no release"
)

// argoOwnership: project default limits nothing unless somebody changed it (Argo CD types.go
// DefaultAppProjectName); objects of another Application are taken over unless
// FailOnSharedResource (controller/sync.go); the release has the Application's name
// (reposerver/repository/repository.go helmTemplate).
func argoOwnership(u *unit) []aspect {
	rights := u.ownRights("spec.project")
	if project := orElse(u.app.Project, argocd.DefaultProject); project != argocd.DefaultProject || u.limited(project) {
		rights = u.says("spec.project", "limits of AppProject "+project, "deploys within the limits of AppProject "+project, "What the project forbids is refused there.")
		rights = rights.open(ByCluster, "Whether AppProject "+project+" allows the same as the ServiceAccount is decided by the project and by RBAC: compare both.", "rights of ServiceAccount *")
	}
	shared := u.takes(syncOptions)
	if u.app.SyncOption("FailOnSharedResource=true") {
		shared = u.says(syncOptions, "refuses what another owns", "refuses to apply what another Application owns", "The sync fails there where two claim one object.").hidden()
	}
	return []aspect{rights, shared, u.argoRelease(), u.soleRelease(u.source.At)}
}

// limited tells whether the input has a project that does not allow everything.
func (u *unit) limited(project string) bool {
	for _, o := range u.of.Side.Objects.Kind("AppProject") {
		if o.Name == project {
			return argocd.Limited(o.Root)
		}
	}
	return false
}

func (u *unit) ownRights(path string) aspect {
	return u.says(path, ownRights, "deploys with the tool's own rights", "Nothing limits there what a commit can change in the cluster.")
}

func (u *unit) takes(path string) aspect {
	return u.says(path, takesOver, "takes over objects that exist already", "Two deployments that claim one object overwrite each other there.").hidden()
}

// argoRelease is what a chart is called; where the content decides whether it is one, the
// other side knows.
func (u *unit) argoRelease() aspect {
	path := u.source.At + ".helm.releaseName"
	name := orElse(node.Text(u.source.Node, "helm", "releaseName"), u.app.Name)
	switch u.source.Renderer {
	case argocd.Helm:
		return u.release(path, name)
	case argocd.Undecided:
		a := u.unreleased(path)
		a.also = []string{"release " + name}
		return a
	default:
		return u.unreleased(path)
	}
}

func (u *unit) release(path, name string) aspect {
	return u.says(path, "release "+name, "calls the Helm release "+name, "Names that the chart makes of the release's name are others there: a second copy of everything beside the first.")
}

func (u *unit) unreleased(path string) aspect {
	return u.says(path, noRelease, "has no Helm release", "").hidden()
}

// fluxOwnership: a ServiceAccount is impersonated (kustomize-controller docs, Role-based
// access control), objects that exist are taken over unless a release is told not to
// (helm-controller docs, disableTakeOwnership).
func fluxOwnership(u *unit) []aspect {
	rights := u.ownRights("spec.serviceAccountName")
	if name := orElse(node.Text(u.spec(), "serviceAccountName"), node.Text(u.spec("serviceAccount"), "name")); name != "" {
		rights = u.says("spec.serviceAccountName", "rights of ServiceAccount "+name, "deploys with the rights of ServiceAccount "+name, "What RBAC does not grant to it is refused there.")
	}
	if !u.applier.Release() {
		return []aspect{rights, u.takes("spec"), u.unreleased("spec"), u.soleRelease("spec")}
	}
	shared := u.takes("spec.install.disableTakeOwnership")
	for _, action := range []string{"install", "upgrade"} {
		if node.True(u.spec(action), "disableTakeOwnership") {
			shared = u.says("spec."+action+".disableTakeOwnership", "refuses what exists on "+action, "refuses objects that exist already on "+action,
				"The first deployment fails there where anything of it exists already.").hidden()
		}
	}
	return []aspect{rights, shared, u.release("spec.releaseName", u.applier.ReleaseName()), u.releaseTwin()}
}

func (u *unit) soleRelease(path string) aspect {
	return u.says(path, "shares no release", "shares its release with nothing else", "").hidden()
}

// releaseTwin looks for another HelmRelease that is the same release to Helm: one name in
// one storage namespace of one cluster (helm-controller api/v2/helmrelease_types.go
// GetStorageNamespace).
func (u *unit) releaseTwin() aspect {
	for _, m := range u.of.Side.Appliers {
		if other := (&unit{Member: m, applier: m.Applier()}); m != u.Member && other.applier.Release() && other.stored() == u.stored() {
			return u.says("spec.releaseName", "shares its release with "+m.Name, "is the same Helm release as HelmRelease "+m.Name,
				"Each of the two replaces what the other deployed, in turn.").hidden()
		}
	}
	return u.soleRelease("spec.releaseName")
}

// stored is where Helm keeps the release.
func (u *unit) stored() [3]string {
	namespace := orElse(node.Text(u.spec(), "storageNamespace"), u.Namespace)
	return [3]string{node.Text(u.spec("kubeConfig"), "secretRef", "name"), namespace, u.applier.ReleaseName()}
}

// argoProcessing: manifests are applied as they are rendered; only a plugin changes that
// (Argo CD reposerver/repository/repository.go).
func argoProcessing(u *unit) []aspect {
	if u.source.Renderer == argocd.Plugin {
		name := orElse(node.Text(u.source.Node, "plugin", "name"), "that claims the path")
		why := fmt.Sprintf("What the plugin %s does to the manifests is in the plugin: compare what both sides render.", name)
		a := u.says(u.source.At+".plugin", "", "", "").unknown(BySource, why)
		return []aspect{a, a}
	}
	return []aspect{u.asItIs(u.source.At), u.unsubstituted(u.source.At)}
}

func (u *unit) asItIs(path string) aspect {
	return u.says(path, "no decryption", "decrypts nothing", "Encrypted Secrets reach the cluster as cipher text there, and what uses them fails.")
}

func (u *unit) unsubstituted(path string) aspect {
	return u.says(path, "no variables", "replaces no variables", "").
		open(ByContent, "Whether the manifests hold variables such as ${NAME}, which only Flux replaces, is decided by the content of the repository: compare what both sides render.", "variables*")
}

// fluxProcessing: Secrets are decrypted and variables replaced after the build
// (kustomize-controller docs, Decryption; Post build variable substitution).
func fluxProcessing(u *unit) []aspect {
	decryption, variables := u.asItIs("spec.decryption"), u.unsubstituted("spec.postBuild")
	if provider := node.Text(u.spec("decryption"), "provider"); provider != "" {
		decryption = u.says("spec.decryption", "decryption with "+provider, "decrypts Secrets with "+provider, "")
	}
	if key := u.variables(); key != "" {
		variables = u.says("spec.postBuild", key, "replaces "+key, "")
	}
	return []aspect{decryption, variables}
}
