package flux

import (
	"context"
	"errors"

	"github.com/fluxcd/pkg/chartutil"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

var _ = chartutil.ChartValuesFromReferences

func (r *render) helmRelease(context.Context) ([]manifest.Object, error) {
	return nil, errors.New("later")
}
