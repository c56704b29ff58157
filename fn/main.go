// Command gitops-convert is the KRM function: it converts Argo CD Applications in
// a ResourceList to Flux objects or the other way round, in place. It runs under
// kpt and kustomize.
package main

import (
	"os"

	"github.com/kubectl-gitops/kubectl-gitops/fn/function"
)

func main() {
	os.Exit(function.Main(os.Args[1:], os.Getenv, function.Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
	}))
}
