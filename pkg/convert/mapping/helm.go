package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

const helm = "source.helm"

func helmRows() []Row {
	return append([]Row{
		{
			ID: "helm-release-name", Argo: []string{helm + ".releaseName"}, Flux: []string{"HelmRelease:spec.releaseName"},
			Back: backReleaseName, BackAlways: true,
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardReleaseName, Always: true,
		},
		{
			ID: "helm-namespace", Argo: []string{helm + ".namespace"}, Writes: []string{"HelmRelease:spec.targetNamespace"},
			ToFlux: Promise{Fidelity: ledger.Exact}, Forward: forwardHelmNamespace,
		},
		{
			ID: "helm-crds", Argo: []string{helm + ".skipCrds"}, Flux: []string{"HelmRelease:spec.install.crds", "HelmRelease:spec.upgrade.crds", "HelmRelease:spec.install.skipCRDs"},
			Back: backCRDs, BackAlways: true,
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Approximate, Note: "Skip for both becomes skipCrds; Argo CD has no form that creates CRDs once"},
			Forward: forwardCRDs, Always: true,
		},
		{
			ID: "helm-schema-validation", Argo: []string{helm + ".skipSchemaValidation"},
			Back:    backSchemaValidation,
			Flux:    []string{"HelmRelease:spec.install.disableSchemaValidation", "HelmRelease:spec.upgrade.disableSchemaValidation"},
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact, Note: "when set for both"},
			Forward: forwardSchemaValidation,
		},
	}, helmFlagRows()...)
}

// helmFlagRows are flags of the renderer.
func helmFlagRows() []Row {
	return []Row{
		{
			ID: "helm-tests", Argo: []string{helm + ".skipTests"},
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "Argo CD never runs tests, Flux only with test.enable", Implied: true},
			Forward: forwardTests,
		},
		{
			ID: "helm-version", Argo: []string{helm + ".version"},
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "one Helm in either tool", Implied: true},
			Forward: forwardHelmVersion,
		},
		{
			ID: "helm-capabilities", Argo: []string{helm + ".apiVersions[]", helm + ".kubeVersion"},
			ToFlux: Promise{Fidelity: ledger.Unsupported, Note: "a HelmRelease sees the cluster's own versions"},
		},
		{
			ID: "helm-pass-credentials", Argo: []string{helm + ".passCredentials"}, Flux: []string{"HelmRepository:spec.passCredentials"},
			Back: backPassCredentials, BackAlways: true, BackSource: spendPassCredentials,
			ToFlux:  Promise{Fidelity: ledger.Exact},
			ToArgo:  Promise{Fidelity: ledger.Exact},
			Forward: forwardPassCredentials,
		},
		{
			ID: "helm", Argo: []string{helm},
			ToFlux:  Promise{Fidelity: ledger.Equivalent, Note: "an empty block says Helm: a HelmRelease", Implied: true},
			Forward: func(c *Cell) { c.keep() },
		},
		{
			ID: "helm-real-release", PerSource: true, Always: true,
			ToFlux: Promise{Fidelity: ledger.Approximate, Note: "a real Helm release replaces templating: hooks run on the events that they name, those of deletion and rollback too, lookup sees the cluster, Release.IsUpgrade is true after the first, and dates and words such as yes and on are text where templates do not quote them"},
			ToArgo: Promise{Fidelity: ledger.Approximate, Note: "templating replaces a real Helm release: hooks run on every sync, lookup finds nothing, Release.IsInstall is always true, what the chart generates is new on every rendering, and its CRDs are never deleted"},
			Back:   backTemplated, BackAlways: true,
			Forward: func(c *Cell) {
				if c.part.release() != nil {
					c.absent(c.part.Source.At, Verdict{})
				}
			},
		},
	}
}

// releaseName is what Argo CD calls the release (reposerver/repository/repository.go
// helmTemplate).
func releaseName(a *argocd.App, s *argocd.Source) string {
	if name := node.Text(s.Node, "helm", "releaseName"); name != "" {
		return name
	}
	return a.Name
}

func releasePath(p *Part) string { return p.Source.At + ".helm.releaseName" }

func forwardReleaseName(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	name := releaseName(c.app(), c.part.Source)
	path := releasePath(c.part)
	if len(name) > flux.MaxRelease {
		to := c.set(r, "spec.releaseName", node.String(object.Fit(name, flux.MaxRelease)))
		v := blocking("Helm takes 53 characters at most: cut, which names a new release").as("release-name-too-long")
		v.To = []Target{to}
		c.about(path, v)
		return
	}
	to := c.set(r, "spec.releaseName", node.String(name))
	if c.sharesRelease(name) {
		v := blocking("another chart of the Application has the same release name: Argo CD only templates, but two Helm releases of one name replace each other").as("release-name-shared")
		v.To = []Target{to}
		c.about(path, v)
		return
	}
	if len(c.leaves) == 0 {
		c.absent(path, equivalent("Argo CD names the release after the Application", to))
		return
	}
	c.keep(to)
}

// sharesRelease tells whether another chart of the Application is the same release.
func (c *Cell) sharesRelease(name string) bool {
	for _, p := range c.unit.works() {
		if p != c.part && p.release() != nil && releaseName(c.app(), p.Source) == name &&
			releaseNamespace(c.app(), p.Source) == releaseNamespace(c.app(), c.part.Source) {
			return true
		}
	}
	return false
}

func forwardHelmNamespace(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	namespace := node.Text(c.part.Source.Node, "helm", "namespace")
	to := c.set(r, "spec.targetNamespace", node.String(releaseNamespace(c.app(), c.part.Source)))
	if namespace == "" || namespace == c.app().DestinationNamespace() {
		c.say(equivalent("the destination namespace", to))
		return
	}
	v := blocking("differs from destination.namespace: Argo CD renders for one and deploys to the other, Flux knows one only").as("helm-namespace-split")
	v.To = []Target{to}
	c.say(v)
}

// forwardCRDs: Argo CD applies CRDs on every sync unless skipCrds
// (util/helm/cmd.go --include-crds); Flux would create them once.
func forwardCRDs(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	policy := "CreateReplace"
	if node.True(c.part.Source.Node, "helm", "skipCrds") {
		policy = "Skip"
	}
	to := []Target{
		c.set(r, "spec.install.crds", node.String(policy)),
		c.set(r, "spec.upgrade.crds", node.String(policy)),
	}
	c.about(c.part.Source.At+".helm.skipCrds", c.crdVerdict(policy, to))
}

// crdVerdict: neither tool deletes a CRD of the crds directory, but Helm deletes those among
// the templates unless its resource policy keeps them; Argo CD never does
// (reposerver/repository/repository.go). Helm's manifest, in which helm-controller looks for
// drift, lacks those of the directory.
func (c *Cell) crdVerdict(policy string, to []Target) Verdict {
	kept, heals := c.unit.keepsRelease(), node.True(c.app().Spec("syncPolicy", "automated"), "selfHeal")
	switch {
	case kept && policy == "Skip":
		return exact(to...)
	case kept && heals:
		return approximate("crds: those of the chart's crds directory are updated on every upgrade, but nobody undoes their drift", to...)
	case kept:
		return equivalent("crds: those of the chart's crds directory are updated on every upgrade; none is ever deleted", to...)
	case policy == "Skip":
		return approximate("crds: those of the chart's crds directory are left out, as in Argo CD; those among its templates are deleted with the release", to...)
	default:
		return approximate("crds: those of the chart's crds directory are updated on every upgrade and kept on delete, as Argo CD does; those among its templates are deleted with the release", to...)
	}
}

// forwardTests: `helm template --skip-tests` leaves out every hook of which one type is a
// test (helm pkg/cmd/template.go).
func forwardTests(c *Cell) {
	if c.part.release() != nil && node.True(c.part.Source.Node, "helm", "skipTests") {
		c.say(approximate("Argo CD also leaves out hooks that are tests among other types; Flux runs them for the others"))
		return
	}
	c.keep()
}

// forwardHelmVersion: Argo CD refuses what it has no Helm of (util/helm/cmd.go
// NewCmdWithVersion), and so deploys nothing.
func forwardHelmVersion(c *Cell) {
	switch version := node.Text(c.part.Source.Node, "helm", "version"); version {
	case "", "v3", "v4":
		c.keep()
	default:
		c.say(blocking("Argo CD refuses Helm " + version + " and deploys nothing; Flux would"))
	}
}

func forwardSchemaValidation(c *Cell) {
	r := c.part.release()
	if r == nil {
		c.say(implied("not deployed by Helm"))
		return
	}
	value := node.At(c.part.Source.Node, "helm", "skipSchemaValidation")
	c.keep(c.set(r, "spec.install.disableSchemaValidation", node.Clone(value)),
		c.set(r, "spec.upgrade.disableSchemaValidation", node.Clone(value)))
}

func forwardPassCredentials(c *Cell) {
	if c.part.Origin == nil || c.part.Origin.Kind != flux.HelmRepository || c.part.Source.Origin != argocd.HelmHTTP {
		c.say(implied("has a meaning for HTTP chart repositories only"))
		return
	}
	value := node.At(c.part.Source.Node, "helm", "passCredentials")
	c.keep(c.set(c.part.Origin, "spec.passCredentials", node.Clone(value)))
}
