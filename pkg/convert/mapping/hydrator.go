package mapping

import "github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"

func hydratorRows() []Row {
	return []Row{
		{
			ID: "hydrator-dry-source", Argo: []string{"spec.sourceHydrator.drySource.**"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "Flux renders no branch: keep the hydration in CI; what it pushed is deployed from the sync source"},
		},
		{
			ID: "hydrator-target", Argo: []string{"spec.sourceHydrator.hydrateTo.targetBranch"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "a staging branch of the hydration, without effect on what is deployed"},
		},
	}
}

func pluginRows() []Row {
	return []Row{{
		ID:     "plugin",
		Argo:   []string{"source.plugin", "source.plugin.name", "source.plugin.env[].**", "source.plugin.parameters[].**"},
		ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "config management plugins have no Flux counterpart: render in CI to Git or OCI, or keep the Application on Argo CD"},
	}}
}

const emptyNote = "empty: sets nothing"

// emptyRow owns containers and nulls that set nothing.
func emptyRow() Row {
	return Row{
		ID:     "empty",
		ToFlux: Promise{Fidelity: ledger.Equivalent, Note: emptyNote, Implied: true},
		ToArgo: Promise{Fidelity: ledger.Equivalent, Note: emptyNote, Implied: true},
	}
}
