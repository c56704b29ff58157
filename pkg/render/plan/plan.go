// Package plan says how the rendered objects would be applied with kubectl so that
// the same happens as when the tool applies them.
//
// The order and the options of Argo CD are those of gitops-engine v3.6
// (pkg/sync/sync_tasks.go, sync_context.go), of Flux those of fluxcd/pkg ssa
// (manager_apply.go ApplyAllStaged, sort.go), kustomize-controller 1.9 and
// helm-controller 1.6. Pruning is kubectl's own, by ApplySets (KEP-3659).
package plan

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/hook"
)

// APIVersion and Kind of a plan that is written as YAML.
const (
	APIVersion = "plan.kubectl-gitops.io/v1alpha1"
	Kind       = "ApplyPlan"
)

// A Plan is the apply plan of all apps.
type Plan struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	// Owners are the Applications, Kustomizations and HelmReleases, in the order in
	// which they are applied.
	Owners []*Owner `json:"owners,omitempty"`
	// Stages are applied one after the other. The next one begins when what a stage
	// waits for is there.
	Stages []*Stage `json:"stages,omitempty"`
}

// An Owner is an object that deploys others.
type Owner struct {
	ledger.Object
	// Cluster is the destination: empty for the cluster of the owner itself, else the
	// server or name that Argo CD knows, or the Secret of Flux's kubeConfig.
	Cluster string `json:"cluster,omitempty"`
	// As is the user that Flux impersonates: a service account.
	As string `json:"as,omitempty"`
	// ProjectAccount is the user that has the rights of the AppProject; see Projects.
	ProjectAccount string `json:"projectAccount,omitempty"`
	// DependsOn names owners that are applied before.
	DependsOn []ledger.Object `json:"dependsOn,omitempty"`
	// Skipped says why the stages are not applied.
	Skipped string `json:"skipped,omitempty"`
	// ApplySets are what pruning goes by: none where the tool does not prune, and two
	// where some objects are applied on the server and others are not.
	ApplySets []*ApplySet `json:"applySets,omitempty"`
}

// An ApplySet is a set of objects that kubectl prunes.
type ApplySet struct {
	// Ref is the value of kubectl's --applyset.
	Ref string `json:"ref"`
	// Parent is the object that stands for the set, as kubectl leaves it.
	Parent map[string]any `json:"parent"`
}

// Action is what is done with the objects of a stage.
type Action string

// The actions.
const (
	// Apply is kubectl apply. Objects of an ApplySet are labelled before.
	Apply Action = "apply"
	// Prune is kubectl apply --prune --applyset, with the objects of the stage, or of
	// all stages that Of names. What is in the set and not among them is deleted.
	Prune Action = "prune"
	// ApplyMissing applies the objects that do not exist, and leaves the others.
	ApplyMissing Action = "apply-missing"
	// Replace is kubectl replace, or kubectl create for what does not exist.
	Replace Action = "replace"
	// Recreate is kubectl apply; what cannot be changed so is deleted and made anew.
	Recreate Action = "recreate"
	// RunHook applies hooks, after deleting what was left of an earlier run where the
	// hook's delete policy says so.
	RunHook Action = "run-hook"
	// Release takes the label of an ApplySet from the objects of the stages in Of, so
	// that they are not pruned.
	Release Action = "release"
	// Leave does nothing: the tool leaves the objects alone, and does not prune them.
	Leave Action = "leave"
	// Delete deletes hooks that have done their work.
	Delete Action = "delete"
)

// A Stage is one step of the plan, and a directory with the manifests of its objects.
type Stage struct {
	// Name is that of the directory: a number, which gives the order, and what it is.
	Name  string         `json:"name"`
	Owner *ledger.Object `json:"owner,omitempty"`
	// Phase is the part of the owner's sync: see the constants.
	Phase Phase `json:"phase"`
	// Wave is the sync wave of Argo CD, or the weight of a hook of Helm.
	Wave   int    `json:"wave,omitempty"`
	Action Action `json:"action"`
	// Flags are those of the kubectl command.
	Flags []string `json:"flags,omitempty"`
	// ApplySet is the Ref of the set that the objects belong to.
	ApplySet string `json:"applySet,omitempty"`
	// Of are the names of earlier stages whose objects are meant.
	Of      []string  `json:"of,omitempty"`
	Objects []*Object `json:"objects,omitempty"`
	// Wait is waited for after the stage.
	Wait []Wait `json:"wait,omitempty"`
	// Skipped says why the stage is not applied.
	Skipped string `json:"skipped,omitempty"`

	of      []*Stage
	tasks   []*task
	release []string // the labels that a Release stage takes away
	set     *set
	cluster string
}

// Phase is a part of the plan.
type Phase string

// The phases. PreSync to SyncFail are Argo CD's; the others' owners use the same
// names: hooks before and after an install or upgrade are PreSync and PostSync.
const (
	Namespaces Phase = "Namespaces"
	ApplySets  Phase = "ApplySets"
	// Projects stages give a service account the rights that an AppProject gives. They are
	// applied, and the account is impersonated for the project's Applications, where
	// apply.sh runs with PROJECT_ACCOUNTS set. Argo CD checks by itself, with its own account.
	Projects Phase = "Projects"
	PreSync  Phase = hook.PreSync
	Sync     Phase = hook.Sync
	PostSync Phase = hook.PostSync
	// SyncFail stages run only where another stage of the owner fails.
	SyncFail Phase = hook.SyncFail
	// Cleanup deletes the hooks that are to be deleted after a good sync.
	Cleanup Phase = "Cleanup"
)

// An Object is an object of a stage.
type Object struct {
	ledger.Object
	GenerateName string `json:"generateName,omitempty"`
	// File is the name of the manifest in the stage's directory.
	File string `json:"file,omitempty"`
	// DeletePolicy is that of a hook, in Argo CD's terms.
	DeletePolicy []string `json:"deletePolicy,omitempty"`

	index   int            // in all of the app
	content map[string]any // of objects that no app renders
}

// A Wait is a condition of an object.
type Wait struct {
	ledger.Object
	// For is "rollout" (kubectl rollout status), "completion" (a Job or Pod that ends,
	// and fails where it fails), or what kubectl wait --for takes.
	For string `json:"for"`
	// Seconds is how long at most; 0 is without end.
	Seconds int `json:"seconds,omitempty"`
}
