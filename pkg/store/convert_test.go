package store_test

import (
	"context"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/inventory"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/storetest"
)

// inputs is a file with manifests.
func inputs(manifests string) []convert.Input {
	return []convert.Input{{Name: "in.yaml", Data: []byte(manifests)}}
}

// read returns what the inventory keeps of the documents of inputs.
func read(inputs []convert.Input) (objects []inventory.Object) {
	for _, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			continue // the conversion says so
		}
		for i := range docs {
			if docs[i].Empty() {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				continue
			}
			if o, ok := inventory.Read(root, "default"); ok {
				objects = append(objects, o)
			}
		}
	}
	return objects
}

// conversion returns the run of a conversion.
func conversion(t testing.TB, in []convert.Input, o convert.Options, every bool) store.Run {
	t.Helper()
	outcomes := must(convert.Convert(in, o))(t)
	results := store.NewResults(o.To, every)
	t.Cleanup(func() { results.Close() })
	for out := range outcomes {
		if err := results.Write(out); err != nil {
			t.Fatal(err)
		}
	}
	run := snapshot(sequence(read(in)))
	run.Verb, run.Results = "convert", results
	return run
}

// convertInto records a conversion of manifests.
func convertInto(t testing.TB, dsn, manifests string, to convert.Direction, every bool) store.Summary {
	t.Helper()
	conn := storetest.Connect(t, dsn)
	defer conn.Close(context.Background())
	return must(store.Record(context.Background(), conn, conversion(t, inputs(manifests), convert.Options{To: to}, every)))(t)
}

func parse(manifest string) (*yaml.Node, error) {
	return (&document.Doc{Raw: []byte(manifest)}).Parse()
}
