package mapping

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/table"
)

// A Table is the rows and the index that finds them.
type Table struct {
	Rows []Row
	argo *table.Trie
	flux map[string]*table.Trie // of other kinds, by kind
	// empty is the row of containers that set nothing.
	empty int
}

// Default returns the field table. It is built once.
var Default = sync.OnceValues(func() (*Table, error) { return build(allRows()) })

// allRows lists the rows in the order in which they run.
func allRows() []Row {
	return slices.Concat(
		metaRows(), annotationRows(), destinationRows(), originRows(), revisionRows(), pathRows(),
		directoryRows(), fluxOldRows(), kustomizeRows(), labelRows(), helmRows(), valueFileRows(), valuesRows(), fileParameterRows(),
		policyRows(), optionRows(), ignoreRows(), credentialRows(), repositoryRows(), projectRows(), notificationRows(), multiRows(), hydratorRows(), pluginRows(),
		defaultRows(), imageRows(), fluxOnlyRows(), fluxAddOnRows(), backSubscriptionRows(), backRepositoryRows(), setRows(), []Row{emptyRow()},
	)
}

func build(rows []Row) (*Table, error) {
	t := &Table{Rows: rows, argo: table.NewTrie(), flux: map[string]*table.Trie{}, empty: len(rows) - 1}
	ids := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if ids[r.ID] {
			return nil, fmt.Errorf("two rows have the ID %q", r.ID)
		}
		ids[r.ID] = true
		if err := t.addArgo(r, i); err != nil {
			return nil, fmt.Errorf("row %s: %w", r.ID, err)
		}
		if err := t.addProject(r, i); err != nil {
			return nil, fmt.Errorf("row %s: %w", r.ID, err)
		}
		if err := t.addFlux(r, i); err != nil {
			return nil, fmt.Errorf("row %s: %w", r.ID, err)
		}
		for _, pattern := range r.Sets {
			if err := t.of(SetKind).Add(pattern, i); err != nil {
				return nil, fmt.Errorf("row %s: %w", r.ID, err)
			}
		}
	}
	return t, nil
}

func (t *Table) addArgo(r *Row, i int) error {
	for _, pattern := range r.Argo {
		rest, perSource := strings.CutPrefix(pattern, "source.")
		if !perSource {
			if err := t.argo.Add(pattern, i); err != nil {
				return err
			}
			r.PerSource = r.PerSource || strings.HasPrefix(pattern, "spec.sourceHydrator.syncSource.")
			continue
		}
		r.PerSource = true
		for _, prefix := range []string{"spec.source.", "spec.sources[]."} {
			if err := t.argo.Add(prefix+rest, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// addProject indexes the fields of an AppProject.
func (t *Table) addProject(r *Row, i int) error {
	for _, pattern := range r.Project {
		if t.flux[project.Name] == nil {
			t.flux[project.Name] = table.NewTrie()
		}
		if err := t.flux[project.Name].Add(pattern, i); err != nil {
			return err
		}
	}
	return nil
}

// addFlux indexes the Flux side.
func (t *Table) addFlux(r *Row, i int) error {
	for _, field := range r.Flux {
		kind, pattern, ok := strings.Cut(field, ":")
		if !ok {
			return fmt.Errorf("field %q names no kind", field)
		}
		if err := t.of(kind).Add(pattern, i); err != nil {
			return err
		}
	}
	return nil
}

// of is the index of a kind that is no Application, made where it is missing.
func (t *Table) of(kind string) *table.Trie {
	if t.flux[kind] == nil {
		t.flux[kind] = table.NewTrie()
	}
	return t.flux[kind]
}

// Check reports the leaves of a kind that no row claims. leaves are as
// schema.Leaves lists them.
func (t *Table) Check(kind string, leaves []string) (missing []string) {
	trie := t.trie(kind)
	for _, leaf := range leaves {
		if trie == nil {
			missing = append(missing, leaf)
			continue
		}
		if row, err := trie.Find(leaf); err != nil || row == table.None {
			missing = append(missing, leaf)
		}
	}
	return missing
}

// trie is the index of a kind, or nil.
func (t *Table) trie(kind string) *table.Trie {
	if kind == application.Name {
		return t.argo
	}
	return t.flux[kind]
}

// Kinds lists the kinds whose leaves the table claims.
func Kinds() []string {
	names := []string{application.Name, project.Name}
	for _, k := range append(flux.Kinds(), flux.AddOns()...) {
		names = append(names, k.Name)
	}
	return names
}
