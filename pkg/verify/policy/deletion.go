package policy

import (
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// argoDeletion: only with the resources finalizer deleting the Application deletes what
// it deployed, in the foreground unless it says background (Argo CD types.go
// CascadedDeletion; controller/appcontroller.go finalizeApplicationDeletion).
func argoDeletion(u *unit) []aspect {
	path := "metadata.finalizers"
	switch {
	case u.app.Cascades() && u.app.SyncOption("Delete=confirm"):
		confirmed := u.says(syncOptions, "deletes when confirmed", "deletes what it deployed once a person confirms it", "The deletion hangs there until somebody confirms it.")
		return append([]aspect{confirmed}, u.deletionRest(u.noPropagation(path))...)
	case u.app.Cascades() && !u.app.SyncOption("Delete=false"):
		policy := "foreground"
		if slices.ContainsFunc(node.Items(u.Root, "metadata", "finalizers"), func(n *yaml.Node) bool { return strings.HasSuffix(n.Value, "/background") }) {
			policy = "background"
		}
		return append([]aspect{u.deletes(path)}, u.deletionRest(u.propagation(path, policy).hidden())...)
	default:
		return append([]aspect{u.leaves(path)}, u.deletionRest(u.noPropagation(path))...)
	}
}

func (u *unit) deletes(path string) aspect {
	return u.says(path, "deletes all", "deletes what it deployed when it is deleted itself", "Whoever deletes that object takes the workload down.")
}

const leavesAll = "leaves all"

func (u *unit) leaves(path string) aspect {
	return u.says(path, leavesAll, "leaves what it deployed running when it is deleted itself", "What nobody manages any more runs on there until somebody deletes it by hand.")
}

// noPropagation is like any, as nothing is deleted.
func (u *unit) noPropagation(path string) aspect {
	a := u.says(path, nothingPruned, "deletes nothing", "").hidden()
	a.anything = true
	return a
}

// deletionRest are the aspects after what is deleted and how: the finalizers of others,
// the object in the eyes of its parent, and objects that are never deleted.
func (u *unit) deletionRest(how aspect) []aspect {
	return []aspect{how, u.finalizers(), u.asChild(), u.spared()}
}

// finalizers: those of delete hooks are Argo CD's own (Argo CD types.go), others belong
// to whoever set them.
func (u *unit) finalizers() aspect {
	var names []string
	for _, item := range node.Items(u.Root, "metadata", "finalizers") {
		if !strings.HasPrefix(item.Value, argocd.ResourcesFinalizer) && item.Value != "finalizers.fluxcd.io" {
			names = appendNew(names, item.Value)
		}
	}
	if slices.Sort(names); len(names) > 0 {
		list := strings.Join(names, ", ")
		return u.says("metadata.finalizers", "finalizers "+list, "waits for "+list+" before it is deleted", "").hidden()
	}
	return u.says("metadata.finalizers", "no other finalizers", "waits for no other controller", "What such a finalizer would have done on deletion is not done there.").hidden()
}

// asChild: both options of Argo CD together are what prune: disabled is in Flux
// (GitOps Engine pkg/sync/sync_context.go; kustomize-controller deleteObjects).
func (u *unit) asChild() aspect {
	const options, prune = "argocd.argoproj.io/sync-options", "kustomize.toolkit.fluxcd.io/prune"
	annotations := node.At(u.Root, "metadata", "annotations")
	kept := u.says("metadata.annotations", "kept by its parent", "is kept when its own manifest leaves the source of its parent", "").hidden()
	if u.app == nil {
		if node.Text(annotations, prune) == "disabled" {
			return kept
		}
		return u.plainChild()
	}
	list := strings.FieldsFunc(node.Text(annotations, options), func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(list)
	switch text := strings.Join(list, ","); text {
	case "":
		return u.plainChild()
	case "Delete=false,Prune=false":
		return kept
	default:
		return u.says(`metadata.annotations["`+options+`"]`, "treated by its parent with "+text, "asks its parent for "+text, "").hidden()
	}
}

func (u *unit) plainChild() aspect {
	return u.says("metadata.annotations", "deleted by its parent", "goes when its own manifest leaves the source of its parent", "").hidden()
}

const (
	someSpared = "some objects never deleted"
	noneSpared = "no object spared"
)

// spared are objects that patches mark as never to be deleted; CRDs have a row.
func (u *unit) spared() aspect {
	var targets []string
	path := "spec.patches"
	if u.app != nil {
		path = u.source.At + ".kustomize.patches"
		targets = u.annotated("argocd.argoproj.io/sync-options", "Prune=false")
	} else if !u.applier.Release() {
		targets = slices.DeleteFunc(u.marked("prune", "disabled"), func(t string) bool { return strings.Contains(t, "kind "+crd) })
	}
	if u.app != nil && len(targets) == 0 && u.followsMarks() {
		a := u.says(path, "what Flux marks is never deleted", "never deletes what has Flux's mark for that", "").hidden()
		a.also = []string{someSpared, noneSpared}
		return a
	}
	if len(targets) > 0 {
		return u.says(path, someSpared, "never deletes objects that patches mark", "").hidden()
	}
	return u.says(path, noneSpared, "spares no object", "Objects that were never to be deleted can be there.").hidden()
}

// fluxDeletion: a suspended object leaves all; a Kustomization follows deletionPolicy,
// by default prune (kustomize-controller internal/controller finalize); a release is
// uninstalled, in the background by default (helm-controller internal/action/uninstall.go).
func fluxDeletion(u *unit) []aspect {
	path, policy := "spec.deletionPolicy", node.Text(u.spec(), "deletionPolicy")
	if u.applier.Release() {
		return u.releaseDeletion()
	}
	gone := policy == "Delete" || policy == "WaitForTermination" || policy != "Orphan" && node.True(u.spec(), "prune")
	switch {
	case gone && u.applier.Suspended():
		return u.leavesUntilResumed()
	case gone:
		return append([]aspect{u.deletes(path)}, u.deletionRest(u.propagation(path, "background").hidden())...)
	default:
		return append([]aspect{u.leaves(path)}, u.deletionRest(u.noPropagation(path))...)
	}
}

// leavesUntilResumed is like neither of the others: who resumes it arms the deletion.
func (u *unit) leavesUntilResumed() []aspect {
	a := u.says("spec.suspend", "leaves all until resumed", "leaves what it deployed as long as it is suspended, and deletes it once it is resumed",
		"Deleting that object takes the workload down there as soon as somebody has resumed it.")
	return append([]aspect{a}, u.deletionRest(u.noPropagation("spec.suspend"))...)
}

func (u *unit) releaseDeletion() []aspect {
	path := "spec.uninstall.deletionPropagation"
	switch {
	case u.keepsRelease():
		return append([]aspect{u.leaves("spec.postRenderers")}, u.deletionRest(u.noPropagation(path))...)
	case u.applier.Suspended():
		return u.leavesUntilResumed()
	}
	policy := orElse(node.Text(u.spec("uninstall"), "deletionPropagation"), "background")
	return append([]aspect{u.deletes("spec.uninstall")}, u.deletionRest(u.propagation(path, policy).hidden())...)
}
