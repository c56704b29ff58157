package mapping

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// forth gives a row about what lies at the path its way to Flux. It runs after the rows
// that decide what the source leaves out.
func (r Row) forth(f ledger.Fidelity, forward func(*Cell)) Row {
	r.ToFlux, r.Forward, r.PerSource, r.Always = Promise{Fidelity: f}, forward, true, true
	return r
}

// seenByFlux returns what the Kustomization builds of the path, which is nothing where
// nobody could look.
func (p *Part) seenByFlux() *checkout.FluxScan {
	switch {
	case p.flux != nil:
	case p.Scan == nil || p.kustomization() == nil:
		p.flux = &checkout.FluxScan{}
	default:
		p.flux = p.Repo.ScanFlux(checkout.FluxView{
			Path: p.Source.Dir(), Components: p.edits().Components, Ignore: node.Text(p.Origin.Root, "spec", "ignore"),
		})
	}
	return p.flux
}

// found records a verdict about what Flux makes of the path, if there is anything to say.
func (c *Cell) found(what []string, id string, v Verdict) {
	if len(what) > 0 {
		v.Note += ": " + each(what)
		c.absent(c.part.Source.At, v.as(id))
	}
}

// forwardTree tells what Flux makes of plain files in another way than Argo CD
// (fluxcd/pkg kustomize/kustomize_generator.go).
func forwardTree(c *Cell) {
	if c.part.Source.Renderer != argocd.Directory {
		return
	}
	scan := c.part.seenByFlux()
	nested := scan.Tree.Nested
	if scan.Root.Built {
		nested = append(nested, "the path itself")
	}
	c.found(nested, "directory-nested-kustomization", blocking("Flux builds the kustomization, where Argo CD reads its files and the kustomization file as they are: exclude it from the directory, or take the directory block away"))
	c.found(scan.Tree.Local, "directory-local-config", blocking("kustomize takes objects annotated config.kubernetes.io/local-config for its own, so Flux leaves out what Argo CD applies: take the annotation away"))
	c.found(slices.DeleteFunc(slices.Clone(scan.Tree.Refused), c.part.namelessHook), "directory-not-an-object", unsupported("no Kubernetes object with a name of its own: Flux refuses the whole path, Argo CD passes over it or refuses it: repair it, or move it away"))
}

// namelessHook tells whether the title is that of a hook without a name, of which the
// hooks' own finding tells.
func (p *Part) namelessHook(title string) bool {
	return slices.ContainsFunc(p.Scan.Hooks, func(h checkout.Hook) bool {
		return h.Nameless && title == h.Kind+"/ ("+h.File+")"
	})
}

func forwardOutside(c *Cell) {
	c.found(c.part.seenByFlux().Outside, c.row.ID, approximate("Flux builds a kustomization that names files beside its own directory; Argo CD does so only where kustomize.buildOptions of argocd-cm says --load-restrictor LoadRestrictionsNone"))
}

// forwardOrigins: see backOrigins; and what this conversion adds to the build is among
// what changed an object.
func forwardOrigins(c *Cell) {
	if c.part.Source.Renderer == argocd.Directory {
		return
	}
	root := c.part.seenByFlux().Root
	if root.Built && root.Empty {
		c.absent(c.part.Source.At, approximate("the kustomization lists no resources, so Flux annotates all objects with config.kubernetes.io/origin, and Argo CD does not"))
	}
	if root.Traced {
		c.absent(c.part.Source.At, approximate("buildMetadata of the kustomization asks for transformerAnnotations: these also list the patches of the Kustomization"))
	}
}

// forwardIgnored: Flux's artifact lacks what .sourceignore files and, where there is no
// pattern at all, its defaults name; Argo CD knows neither.
func forwardIgnored(c *Cell) {
	p := c.part
	if p.Scan == nil || p.kustomization() == nil {
		return
	}
	held := p.Repo.Artifact(node.Text(p.Origin.Root, "spec", "ignore"))
	ignored := slices.DeleteFunc(slices.Clone(p.Scan.Files), held)
	c.found(ignored, c.row.ID, blocking("a .sourceignore file, or Flux by default, leaves out manifests that Argo CD applies: take the pattern away, or add them to spec.ignore of the source with a ! before"))
}

// forwardCiphertext: see backCiphertext. Argo CD decrypts nothing either.
func forwardCiphertext(c *Cell) {
	c.found(c.part.seenByFlux().Encrypted, c.row.ID, unsupported("encrypted by SOPS: Argo CD applies the encrypted text, Flux refuses an encrypted Secret: set spec.decryption"))
}
