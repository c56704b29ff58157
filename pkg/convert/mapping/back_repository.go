package mapping

import (
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

const editPatches = "source.kustomize.patches"

// backRepositoryRows are about what lies at the path of a Kustomization. They claim no
// field: each speaks where a local copy of the repository shows something.
func backRepositoryRows() []Row {
	return []Row{
		fromRepository("repository-unread", approximately, backUnread),
		fromRepository("flux-of-flux", not, backFluxObjects),
		fromRepository("kustomize-outside-directory", not, backOutside).forth(approximately, forwardOutside),
		fromRepository("origin-annotations", approximately, backOrigins).forth(approximately, forwardOrigins),
		fromRepository("directory-tree", not, backTree).forth(not, forwardTree),
		Row{ID: "source-ignored"}.forth(not, forwardIgnored),
		fromRepository("sops-without-decryption", not, backCiphertext).forth(not, forwardCiphertext),
		fromRepository("variables-verbatim", approximately, backVerbatim),
		fromRepository("manifest-hooks", equivalently, backManifestHooks),
		fromRepository("manifest-options", approximately, backSteered),
		fromRepository("object-marks", not, backMarks),
	}
}

func fromRepository(id string, f ledger.Fidelity, back func(*BackCell)) Row {
	r := Row{ID: id, ToArgo: Promise{Fidelity: f}, BackAlways: true}
	return r.back(back, editPatches+"[]")
}

// tree tells whether Argo CD reads the path as a directory.
func (u *BackUnit) tree() bool { return u.renderer == argocd.Directory }

func backUnread(c *BackCell) {
	c.found(c.unit.scanned().Unread, c.row.ID, approximate("not everything could be read, so more may differ"))
}

// backFluxObjects: a Kustomization of Flux objects is Flux's own app-of-apps.
func backFluxObjects(c *BackCell) {
	c.found(c.unit.scanned().Flux, c.row.ID, blocking("objects of Flux, which Argo CD would apply as they are: convert them, and point the path at the result"))
}

func backOutside(c *BackCell) {
	c.found(c.unit.scanned().Outside, c.row.ID, unsupported("Argo CD builds no kustomization that names files beside its own directory, unless kustomize.buildOptions of argocd-cm says --load-restrictor LoadRestrictionsNone"))
}

// backOrigins: so that kustomize builds a file without resources, Flux adds build
// metadata (fluxcd/pkg kustomize/kustomize_generator.go GenerateManifest).
func backOrigins(c *BackCell) {
	if c.unit.scanned().Root.Empty && !c.unit.tree() {
		c.absent("spec.path", approximate("the kustomization lists no resources, so Flux annotates all objects with config.kubernetes.io/origin, and Argo CD does not"))
	}
}

// backDecryption: decryption has no effect where nothing is encrypted.
func backDecryption(c *BackCell) {
	switch scan := c.unit.scan; {
	case scan == nil:
	case len(scan.Encrypted) > 0:
		c.say(blocking(c.promise.Note + ": " + each(scan.Encrypted)))
	case !scan.Complete():
		c.say(blocking(c.promise.Note + "; what could not be read may be encrypted: " + each(scan.Unread)))
	default:
		c.say(implied("nothing at the path is encrypted, so there is nothing to decrypt"))
	}
}

// backCiphertext: without decryption kustomize-controller refuses an encrypted Secret,
// and all that lies beside it (kustomization_controller.go apply).
func backCiphertext(c *BackCell) {
	if node.Empty(c.spec("decryption")) {
		c.found(c.unit.scanned().Encrypted, c.row.ID, blocking("encrypted, while spec.decryption is not set: Flux refuses encrypted Secrets unless a parent Kustomization patches spec.decryption in, Argo CD would apply the encrypted text"))
	}
}

func backSteered(c *BackCell) {
	c.found(c.unit.scanned().Steered, c.row.ID, approximate("annotations that Argo CD heeds and Flux does not, such as sync waves and options"))
}
