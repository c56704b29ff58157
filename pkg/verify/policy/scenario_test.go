package policy

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-gitops/kubectl-gitops/internal/scenario"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/deployment"
)

// A conversion is one object of a scenario with what it became.
type conversion struct {
	name        string
	left, right *deployment.Deployment
	entries     []ledger.Entry
	// inspected tells that a checkout answered what the objects leave open.
	inspected, allowBlocking bool
}

// conversions converts every scenario of package convert and pairs the objects that
// deploy by the ledger.
func conversions(t *testing.T) (all []conversion) {
	t.Helper()
	files, err := filepath.Glob("../../convert/testdata/*/*.txtar")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d scenarios: %v", len(files), err)
	}
	for _, file := range files {
		sc, err := scenario.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		inputs, options := sc.Inputs(), sc.Plain()
		out, err := convert.Convert(inputs, options)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		all = append(all, pairsOf(t, name, inputs, options, slices.Collect(out))...)
	}
	return all
}

func pairsOf(t *testing.T, name string, inputs []convert.Input, o convert.Options, out []convert.Outcome) (all []conversion) {
	t.Helper()
	left, err := deployment.Read(inputs, o.Namespace, "")
	if errors.Is(err, deployment.ErrNothing) {
		return nil
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var outputs []convert.Input
	for _, one := range out {
		for _, doc := range one.Out {
			if one.Status == convert.Passed && deploys(doc.Object.Kind) {
				continue // stays with the other tool
			}
			outputs = append(outputs, convert.Input{Name: "out.yaml", Data: slices.Concat([]byte("---\n"), doc.Data)})
		}
	}
	right, err := deployment.Read(outputs, o.Namespace, "")
	if errors.Is(err, deployment.ErrNothing) {
		return nil
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, m := range left.Appliers {
		c := conversion{
			name: name + " " + m.Kind + " " + m.Name, inspected: len(o.Checkouts) > 0, allowBlocking: o.AllowBlocking,
			left: &deployment.Deployment{Side: left, Appliers: []*deployment.Member{m}},
		}
		var made []ledger.Object
		for _, one := range out {
			for _, e := range one.Entries {
				if e.From.File == m.File && e.From.Kind == m.Kind && e.From.Name == m.Name && (e.From.Namespace == m.Namespace || e.From.Namespace == "") {
					c.entries = append(c.entries, e)
					for _, to := range e.To {
						made = append(made, to.Object)
					}
				}
			}
		}
		for _, r := range right.Appliers {
			if slices.ContainsFunc(made, func(o ledger.Object) bool { return o.Kind == r.Kind && o.Name == r.Name && o.Namespace == r.Namespace }) {
				if c.right == nil {
					c.right = &deployment.Deployment{Side: right}
				}
				c.right.Appliers = append(c.right.Appliers, r)
			}
		}
		if c.right != nil {
			c.entries = append(c.entries, ofSources(c.left, m, out)...)
			all = append(all, c)
		}
	}
	return all
}

func deploys(kind string) bool {
	return kind == "Application" || kind == "Kustomization" || kind == "HelmRelease"
}

// ofSources is what the ledger says of the sources that a Flux object deploys from.
func ofSources(left *deployment.Deployment, m *deployment.Member, out []convert.Outcome) (entries []ledger.Entry) {
	for _, source := range left.Objects() {
		for _, one := range out {
			for _, e := range one.Entries {
				if source.Root != m.Root && e.From.Object == source.Object {
					entries = append(entries, e)
				}
			}
		}
	}
	return entries
}
