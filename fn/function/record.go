package function

import (
	"context"
	"iter"
	"runtime/debug"
	"time"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
)

// recordTimeout bounds how long a database may keep a pipeline waiting.
const recordTimeout = 5 * time.Minute

// noted passes outcomes on and keeps what a record needs of them.
func noted(outcomes iter.Seq[convert.Outcome], results *store.Results) iter.Seq[convert.Outcome] {
	return func(yield func(convert.Outcome) bool) {
		for o := range outcomes {
			results.Note(o)
			if !yield(o) {
				return
			}
		}
	}
}

// record writes the run to the database. The items are converted already and stay so:
// a failure is a result, and makes the exit code 1.
func (p *processor) record(inputs []convert.Input, results *store.Results, c config) {
	if err := recordRun(inputs, results, c); err != nil {
		p.results = append(p.results, &framework.Result{
			Message:  "the items are converted, but nothing was recorded: " + err.Error(),
			Severity: framework.Error,
		})
	}
}

func recordRun(inputs []convert.Input, results *store.Results, c config) error {
	ctx, cancel := context.WithTimeout(context.Background(), recordTimeout)
	defer cancel()
	address, err := store.Config("")
	if err != nil {
		return err
	}
	conn, err := store.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = store.Record(ctx, conn, store.Run{
		Cluster: c.cluster, Verb: "convert", Version: version(), Results: results,
		Objects: inventory.Objects(inputs, c.options.Namespace),
	})
	return err
}

func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
