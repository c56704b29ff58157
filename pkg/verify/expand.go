package verify

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// expanded adds to the inputs the Applications of their ApplicationSets, as Argo CD would
// make them, each set's under a name of its own. What cannot be expanded stays a generator.
func expanded(inputs []convert.Input, o convert.Options) (all []convert.Input, sets []ledger.Object, err error) {
	if !slices.ContainsFunc(inputs, func(in convert.Input) bool { return bytes.Contains(in.Data, []byte("ApplicationSet")) }) {
		return inputs, nil, nil
	}
	o.To, o.ExpandOnly, o.Preserve = convert.ToFlux, true, false
	outcomes, err := convert.Convert(inputs, o)
	if err != nil {
		return nil, nil, err
	}
	all = slices.Clone(inputs)
	for outcome := range outcomes {
		if outcome.Object.Kind != "ApplicationSet" || outcome.Status != convert.Converted {
			continue
		}
		var out bytes.Buffer
		stream := convert.NewStream(&out)
		for _, o := range outcome.Out {
			if err := stream.Write(o); err != nil {
				return nil, nil, err
			}
		}
		name := fmt.Sprintf("%s (of ApplicationSet %s)", outcome.File, outcome.Object.Name)
		all = append(all, convert.Input{Name: name, Data: out.Bytes()})
		sets = append(sets, outcome.Object)
	}
	return all, sets, nil
}

// read reads a side with what its ApplicationSets make.
func (r *Run) read(inputs []convert.Input, tool deployment.Tool) (*deployment.Side, []convert.Input, error) {
	inputs, sets, err := expanded(inputs, r.options.Convert)
	if err != nil {
		return nil, nil, err
	}
	side, err := deployment.Read(inputs, r.options.Convert.Namespace, tool)
	if err != nil {
		return nil, nil, err
	}
	side.Generators = slices.DeleteFunc(side.Generators, func(m *deployment.Member) bool { return slices.Contains(sets, m.Object) })
	return side, inputs, nil
}
