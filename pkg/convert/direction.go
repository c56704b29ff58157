package convert

import (
	"errors"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
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

// direct settles the direction.
func (o *Options) direct(inputs []Input) error {
	switch o.To {
	case ToFlux, ToArgo:
		return nil
	case ToAuto:
	default:
		return fmt.Errorf("unknown direction %q: use flux or argocd", o.To)
	}
	argo, fluxcd := false, false
	for _, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			continue // the conversion reports it
		}
		for i := range docs {
			head := docs[i].Peek()
			argo = argo || isArgo(head.APIVersion)
			fluxcd = fluxcd || flux.Ours(head.APIVersion)
		}
	}
	if argo && fluxcd {
		return ErrMixed
	}
	o.To = ToFlux
	if fluxcd {
		o.To = ToArgo
	}
	return nil
}
