package convert

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Direction is the tool that a conversion writes for.
type Direction string

// The directions.
const (
	// ToAuto: the tool of which the input holds no objects. The default.
	ToAuto Direction = ""
	ToFlux Direction = "flux"
	ToArgo Direction = "argocd"
)

// ErrMixed tells that the input holds objects of both tools, so that the direction
// has to be said.
var ErrMixed = errors.New("the input holds objects of Argo CD and of Flux: say --to flux or --to argocd")

// DirectionOf returns what ToAuto means for the inputs.
func DirectionOf(inputs []Input) (Direction, error) {
	var argo, fluxcd string // where the first object of each is
	for _, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			continue // the conversion reports it
		}
		for i := range docs {
			for _, o := range objectsIn(&docs[i]) {
				switch {
				case argo == "" && ofArgoCD(o):
					argo = at(&docs[i], o)
				case fluxcd == "" && flux.Ours(o.APIVersion):
					fluxcd = at(&docs[i], o)
				}
			}
		}
	}
	switch {
	case argo != "" && fluxcd != "":
		return ToAuto, fmt.Errorf("%w (%s, %s)", ErrMixed, argo, fluxcd)
	case fluxcd != "":
		return ToArgo, nil
	default:
		return ToFlux, nil
	}
}

// direct settles the direction.
func (o *Options) direct(inputs []Input) (err error) {
	if o.ExpandOnly && o.To == ToAuto {
		o.To = ToFlux
	}
	switch o.To {
	case ToFlux, ToArgo:
		return nil
	case ToAuto:
		o.To, err = DirectionOf(inputs)
		return err
	default:
		return fmt.Errorf("unknown direction %q: use flux or argocd", o.To)
	}
}

// objectsIn tells what a document holds, parsing it only where it must.
func objectsIn(d *document.Doc) (objects []ledger.Object) {
	head := d.Peek()
	if head.OK && !isList(head.Kind) {
		return []ledger.Object{{APIVersion: head.APIVersion, Kind: head.Kind}}
	}
	if !bytes.Contains(d.Raw, argoGroup) && !bytes.Contains(d.Raw, fluxGroup) {
		return nil
	}
	root, err := d.Parse()
	if err != nil {
		return nil // the conversion reports it
	}
	for _, item := range node.Items(root, "items") {
		objects = append(objects, objectOf(item))
	}
	return append(objects, objectOf(root))
}

// ofArgoCD tells Argo CD's kinds from those of Argo Workflows, Rollouts and Events,
// which share its API group and lie in the repositories of either tool.
func ofArgoCD(o ledger.Object) bool {
	if flux.Group(o.APIVersion) != flux.Group(argocd.APIVersion) {
		return false
	}
	switch o.Kind {
	case "Application", "ApplicationSet", "AppProject", "ApplicationList", "ApplicationSetList":
		return true
	}
	return false
}

func at(d *document.Doc, o ledger.Object) string {
	return fmt.Sprintf("%s:%d: %s", d.File, d.Line, o.Kind)
}
