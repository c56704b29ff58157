package content

import (
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// What marks make the tools do with one object.
const (
	keeps    = "never deletes it"
	OnServer = "applies it on the server"
	OnClient = "applies it on the client"
)

// A Steering is what marks make the tools do with an object that both sides have, where
// that is not the same.
type Steering struct {
	// Row is the ID of the policy that the marks are about.
	Row    string
	Object ledger.Object
	// Left and Right complete a sentence that begins with the tool. They are empty where the tool treats it like all others.
	Left, Right []string
}

// A reader is what heeds marks.
type reader int

const (
	argo reader = iota
	kustomization
	release
)

// steers are the marks that make a reader treat one object in another way than the rest.
// An empty value is any. The places that prove them are those of [marks]; labels count
// for kustomize-controller alone, in any case.
var steers = []struct {
	by         reader
	key, value string
	row, does  string
}{
	{argo, argoGroup + "sync-options", "Prune=false", "prune", keeps},
	{argo, argoGroup + "sync-options", "Prune=confirm", "prune", "waits for a person before it deletes it"},
	{argo, argoGroup + "sync-options", "Delete=false", "deletion", keeps},
	{argo, argoGroup + "sync-options", "Delete=confirm", "deletion", "waits for a person before it deletes it"},
	{argo, "helm.sh/resource-policy", "keep", "deletion", keeps},
	{argo, argoGroup + "sync-options", "Replace=true", "apply-method", "replaces it as a whole"},
	{argo, argoGroup + "sync-options", "Force=true", "apply-method", "recreates it on any conflict"},
	{argo, argoGroup + "sync-options", "ServerSideApply=true", "apply-method", OnServer},
	{argo, argoGroup + "sync-options", "ServerSideApply=false", "apply-method", OnClient},
	{argo, argoGroup + "sync-options", "Validate=false", "apply-method", "does not validate it"},
	{argo, argoGroup + "sync-options", "SkipDryRunOnMissingResource=true", "apply-method", "applies it without a dry run while its kind is unknown"},
	{argo, argoGroup + "compare-options", "", "drift-exceptions", "compares it by options of its own"},
	{argo, argoGroup + "ignore-healthcheck", "true", "health", "does not wait for it"},
	{kustomization, fluxGroup + "prune", "disabled", "prune", keeps},
	{kustomization, fluxGroup + "prune", "disabled", "deletion", keeps},
	{kustomization, fluxGroup + "ssa", "IfNotPresent", "drift-exceptions", "only creates it"},
	{kustomization, fluxGroup + "ssa", "Merge", "drift-exceptions", "keeps what others added to it"},
	{kustomization, fluxGroup + "force", "enabled", "apply-method", "recreates it where fields are immutable"},
	{release, "helm.sh/resource-policy", "keep", "prune", keeps},
	{release, "helm.sh/resource-policy", "keep", "deletion", keeps},
}

// Steered tells which objects both sides have and treat differently because of marks. Hooks
// are not among them, nor the deletion of CRDs: both have policies of their own.
func Steered(left, right Side) (all []Steering) {
	c := comparison{left: left, right: right, clusterScoped: clusterScoped(left.Objects, right.Objects)}
	l, r := c.group(left), c.group(right)
	for _, id := range identities(l, r) {
		for i := range min(len(l.objects[id]), len(r.objects[id])) {
			all = append(all, steered(left, right, l.objects[id][i], r.objects[id][i])...)
		}
	}
	return all
}

func steered(left, right Side, l, r *manifest.Object) (all []Steering) {
	if isHook(l) || isHook(r) {
		return nil
	}
	for _, row := range []string{"prune", "deletion", "apply-method", "drift-exceptions", "health"} {
		if l.GetKind() == "CustomResourceDefinition" && (row == "prune" || row == "deletion") {
			continue
		}
		s := Steering{row, named(l), effects(left, l, row), effects(right, r, row)}
		if !slices.Equal(s.Left, s.Right) {
			all = append(all, s)
		}
	}
	return all
}

func isHook(o *manifest.Object) bool {
	annotations := o.GetAnnotations()
	return o.Part == manifest.Hook || annotations[hook.Annotation]+annotations[hook.HelmAnnotation] != ""
}

// effects are what a side does with an object by its marks in regard of a policy.
func effects(side Side, o *manifest.Object, row string) (does []string) {
	by := kustomization
	switch {
	case side.Tool == ArgoCD:
		by = argo
	case installed(side, o):
		by = release
	}
	for _, s := range steers {
		if s.by == by && s.row == row && marked(o, s.by, s.key, s.value) && !slices.Contains(does, s.does) {
			does = append(does, s.does)
		}
	}
	return does
}

func marked(o *manifest.Object, by reader, key, value string) bool {
	switch {
	case by == kustomization:
		return strings.EqualFold(o.GetAnnotations()[key], value) || strings.EqualFold(o.GetLabels()[key], value)
	case value == "":
		return o.GetAnnotations()[key] != ""
	default:
		return slices.Contains(o.AnnotationList(key), value)
	}
}
