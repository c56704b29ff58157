package policy

// A Reason names what decides about an aspect that the objects leave open.
type Reason string

// The reasons. Rendering both sides answers the first three.
const (
	// ByContent: what the manifests say, which does not matter where both sides deploy the
	// same objects.
	ByContent Reason = "content"
	// ByWaves and ByHooks: whether the manifests have sync waves or hooks.
	ByWaves Reason = "waves"
	ByHooks Reason = "hooks"
	// ByCRDs: whether a chart has CRDs among its templates, which matters even where both
	// sides deploy the same objects.
	ByCRDs Reason = "crds"
	// ByRefs: the branches and tags of a repository, or the versions in a registry.
	ByRefs Reason = "refs"
	// BySource: a source that is not in the input, or that nobody can read.
	BySource Reason = "source"
	// ByCluster: what only the cluster holds, such as Secrets and RBAC.
	ByCluster Reason = "cluster"
)

// A doubt is what keeps an aspect from being compared.
type doubt struct {
	by Reason
	// text is a sentence that says so, and where to look.
	text string
}
