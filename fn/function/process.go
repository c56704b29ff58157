package function

import (
	"errors"
	"fmt"
	"iter"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

var errFailed = errors.New("the items are unchanged: see the results")

// A processor converts the items of one ResourceList.
type processor struct {
	list    *kio.ByteReadWriter
	results framework.Results
}

// Process replaces the items that a conversion takes. On error the items stay as
// they came, and the results say why.
func (p *processor) Process(rl *framework.ResourceList) error {
	p.unwrap(rl)
	p.list.Results = nil // of an earlier run
	items, err := p.convert(rl)
	if err != nil && !errors.Is(err, errFailed) {
		p.results = append(p.results, &framework.Result{Message: err.Error(), Severity: framework.Error})
	}
	rl.Results = p.results
	if err != nil {
		return errFailed
	}
	rl.Items = items
	return nil
}

// unwrap takes a ResourceList without items and functionConfig for what it is:
// kyaml reads it as an item.
func (p *processor) unwrap(rl *framework.ResourceList) {
	if p.list.NoWrap || p.list.WrappingKind != "" || len(rl.Items) != 1 {
		return
	}
	if only := rl.Items[0]; only.GetKind() == kio.ResourceListKind {
		p.list.WrappingKind, p.list.WrappingAPIVersion = only.GetKind(), only.GetApiVersion()
		rl.Items = nil
	}
}

// convert returns the new items. It changes none of the old ones before it is
// certain to succeed.
func (p *processor) convert(rl *framework.ResourceList) ([]*yaml.RNode, error) {
	if !p.list.NoWrap && p.list.WrappingKind != kio.ResourceListKind {
		return nil, errors.New("the input is not a ResourceList: this is a KRM function, see --help")
	}
	config, err := parseConfig(rl.FunctionConfig)
	if err != nil {
		return nil, fmt.Errorf("functionConfig: %w", err)
	}
	inputs, err := inputs(rl.Items)
	if err != nil {
		return nil, err
	}
	outcomes, err := convert.Convert(inputs, config.options)
	if err != nil {
		return nil, fmt.Errorf("functionConfig: %w", err)
	}
	results := store.NewResults(config.options.To, false)
	defer results.Close()
	if config.record {
		outcomes = noted(outcomes, results)
	}
	slots, err := p.slots(rl.Items, outcomes, config)
	if err != nil {
		return nil, err
	}
	if p.results.ExitCode() != 0 {
		return nil, errFailed
	}
	placed, err := place(slots, config.perApp)
	if err == nil && config.record {
		p.record(inputs, results, config)
	}
	return placed, err
}

// slots pairs each item with its outcome. An item without an outcome would be
// lost, so it is an error.
func (p *processor) slots(
	items []*yaml.RNode, outcomes iter.Seq[convert.Outcome], c config,
) ([]slot, error) {
	var slots []slot
	for o := range outcomes {
		if len(slots) == len(items) {
			return nil, fmt.Errorf("internal error: more outcomes than the %d items", len(items))
		}
		item := items[len(slots)]
		p.results = append(p.results, results(o, item, c)...)
		s, err := newSlot(item, o)
		if err != nil {
			return nil, err
		}
		if c.options.RedactSecrets && !s.converted {
			s.item = masked(item)
		}
		slots = append(slots, s)
	}
	if len(slots) != len(items) {
		return nil, fmt.Errorf("internal error: %d outcomes for %d items", len(slots), len(items))
	}
	return slots, nil
}

// inputs makes each item an input of its own, named after its file.
func inputs(items []*yaml.RNode) ([]convert.Input, error) {
	list := make([]convert.Input, len(items))
	for i, item := range items {
		bare := item.Copy()
		if err := stripAnnotations(bare); err != nil {
			return nil, err
		}
		text, err := bare.String()
		if err != nil {
			return nil, err
		}
		list[i] = convert.Input{Name: pathOf(item), Data: []byte(text)}
	}
	return list, nil
}
