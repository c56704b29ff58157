// Package appset makes the Applications that the ApplicationSet controller of Argo CD
// makes: it expands generators whose answers are at hand, and refuses the others. It
// follows applicationset/ of Argo CD v3.6.1, and is pure: what is in repositories and
// which clusters there are, the caller says.
package appset

import (
	"errors"
	"fmt"
	"text/template"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/bounded"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Kind is the kind of the objects that this package expands.
const Kind = "ApplicationSet"

// Bounds on one ApplicationSet, far above what people write.
const (
	maxApps = 10_000
	maxSets = 100_000  // sets of parameters, those between generators included
	maxText = 64 << 20 // bytes of all Applications
)

func newBudget() bounded.Budget {
	return bounded.Budget{Read: 256 << 20, Steps: 2_000_000, Work: 4 << 30}
}

// A World is what generators ask for besides the ApplicationSet itself.
type World struct {
	// Clusters are those that Argo CD has Secrets for; nil where nobody knows.
	Clusters []Cluster
	// Unread says which cluster Secrets cannot be read and why; empty where all can.
	Unread string
	// Checkout returns a local copy of a repository at a revision, or nil.
	Checkout func(url, revision string) *checkout.Repo
	// Functions are what templates may call besides the functions of Go and of Argo CD
	// itself; those of package functions make them complete.
	Functions template.FuncMap
}

// A Problem is why an ApplicationSet is not expanded.
type Problem struct {
	// ID is that of the finding, see pkg/finding/text/appset.md.
	ID   string
	Path string
	Line int
	Msg  string
}

func (p *Problem) Error() string { return p.Msg }

// Expand returns the Applications that the controller makes of an ApplicationSet, with
// the lines of what they are made of: all of them, or the reasons why there are none.
func Expand(root *yaml.Node, w World) ([]*yaml.Node, []*Problem) {
	if problems := partial(root); len(problems) > 0 {
		return nil, problems
	}
	if problems := wanted(root, &w); len(problems) > 0 {
		return nil, problems
	}
	x := &expansion{root: root, world: &w, names: map[string]bool{}, trees: map[string]*tree{}}
	x.engine = newEngine(root, w.Functions)
	if err := x.run(); err != nil {
		return nil, []*Problem{locate(err, root, "spec")}
	}
	return x.apps, nil
}

// partial lists what another tool, such as kustomize, has to add first.
func partial(root *yaml.Node) (problems []*Problem) {
	for _, keys := range [][]string{{"spec", "generators"}, {"spec", "template"}} {
		if node.Empty(node.At(root, keys...)) {
			problems = append(problems, &Problem{"incomplete-object", keys[0] + "." + keys[1], root.Line,
				"missing: convert behind kustomize, with -k or as a transformer"})
		}
	}
	return problems
}

// invalid is what the controller refuses, too.
func invalid(format string, args ...any) error {
	return &Problem{ID: "appset-invalid", Msg: fmt.Sprintf(format, args...)}
}

// locate makes a problem of an error, at n unless it says where it is.
func locate(err error, n *yaml.Node, path string) *Problem {
	var p *Problem
	if !errors.As(err, &p) {
		p = &Problem{ID: "appset-template", Msg: err.Error()}
	}
	if p.Path == "" {
		p.Path = path
	}
	if p.Line == 0 {
		p.Line = n.Line
	}
	return p
}
