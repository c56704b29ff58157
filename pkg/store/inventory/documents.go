package inventory

import (
	"bytes"
	"iter"
	"runtime"
	"sync"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// batch bounds how many documents are in memory at once.
const batch = 256

// marks are texts of which one is in every document that is kept.
var marks = [][]byte{[]byte("argoproj.io"), []byte(".fluxcd.io"), []byte("fluxcd.controlplane.io")}

// Objects reads the objects of inputs, in order; an error is about one document or one
// file, and the next ones follow. Namespace stands in where an object names none.
func Objects(inputs []convert.Input, namespace string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for _, in := range inputs {
			if in.Context {
				continue
			}
			docs, err := document.Split(in.Name, in.Data)
			if err != nil && !yield(Object{}, err) {
				return
			}
			for len(docs) > 0 {
				n := min(batch, len(docs))
				if !some(docs[:n], namespace, yield) {
					return
				}
				docs = docs[n:]
			}
		}
	}
}

// A found is an object of a document, or why it cannot be read.
type found struct {
	Object
	err error
}

// some reads documents in parallel and yields what is in them in order.
func some(docs []document.Doc, namespace string, yield func(Object, error) bool) bool {
	lists := make([][]found, len(docs))
	next := make(chan int, len(docs))
	for i := range docs {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(docs)) {
		wg.Go(func() {
			for i := range next {
				lists[i] = in(&docs[i], namespace)
			}
		})
	}
	wg.Wait()
	for _, list := range lists {
		for _, f := range list {
			if !yield(f.Object, f.err) {
				return false
			}
		}
	}
	return true
}

// in returns the objects of a document, which may be a list of them.
func in(d *document.Doc, namespace string) []found {
	if !concerns(d) {
		return nil
	}
	root, err := d.Parse()
	if err != nil {
		return []found{{err: err}}
	}
	roots := []*yaml.Node{root}
	if items := node.Items(root, "items"); len(items) > 0 {
		roots = items
	}
	var list []found
	for _, root := range roots {
		if o, ok := Read(root, namespace); ok {
			list = append(list, found{Object: o})
		}
	}
	return list
}

func concerns(d *document.Doc) bool {
	for _, mark := range marks {
		if bytes.Contains(d.Raw, mark) {
			return true
		}
	}
	return false
}
