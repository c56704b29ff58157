package policy

// A rule is one row: how either tool's objects reduce to its aspects.
type rule struct {
	slug, title string
	argo, flux  func(*unit) []aspect
}

func (r rule) reduce(u *unit) []aspect {
	if u.app != nil {
		return r.argo(u)
	}
	return r.flux(u)
}

// rows are all policies, in the order in which they are shown: what starts a
// synchronisation, what it deletes, how it applies, what it waits for, what it leaves.
var rows = []rule{
	{"trigger", "Trigger", argoTrigger, fluxTrigger},
	{"revision", "Revision", argoRevision, fluxRevision},
	{"automation", "Automation", argoAutomation, fluxAutomation},
	{"prune", "Prune", argoPrune, fluxPrune},
	{"prune-method", "Prune method", argoPruneMethod, fluxPruneMethod},
	{"empty-source", "Empty source", argoEmptySource, fluxEmptySource},
	{"self-heal", "Self-heal", argoSelfHeal, fluxSelfHeal},
	{"drift-exceptions", "Drift exceptions", argoExceptions, fluxExceptions},
	{"apply-method", "Apply method", argoApply, fluxApply},
	{"namespace-creation", "Namespace creation", argoNamespaceCreation, fluxNamespaceCreation},
	{"namespace-placement", "Namespace placement", argoPlacement, fluxPlacement},
	{"destination-cluster", "Destination cluster", argoCluster, fluxCluster},
	{"ordering", "Ordering", argoOrdering, fluxOrdering},
	{"hooks", "Hooks", argoHooks, fluxHooks},
	{"health", "Wait and health", argoHealth, fluxHealth},
	{"retry", "Retry", argoRetry, fluxRetry},
	{"timeout", "Timeout", argoTimeout, fluxTimeout},
	{"deletion", "Deletion", argoDeletion, fluxDeletion},
	{"crds", "CRDs", argoCRDs, fluxCRDs},
	{"ownership", "Ownership", argoOwnership, fluxOwnership},
	{"processing", "Decryption and variables", argoProcessing, fluxProcessing},
}
