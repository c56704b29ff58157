// Package cluster stands for the cluster that a tool works in, as far as the input
// tells: the objects that others refer to, and the versions that charts ask for.
package cluster

import (
	"fmt"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
)

// An Object is an object of the input.
type Object struct {
	flux.Ref
	Root *yaml.Node
	File string
	Line int
}

// Objects are the objects of the input, in input order.
type Objects struct {
	all    []*Object
	index  *flux.Index
	byRoot map[*flux.Entry]*Object
}

// NewObjects returns a set of no objects.
func NewObjects() *Objects {
	return &Objects{index: flux.NewIndex(), byRoot: map[*flux.Entry]*Object{}}
}

// Add makes an object known.
func (s *Objects) Add(o *Object) {
	s.all = append(s.all, o)
	e := &flux.Entry{Ref: o.Ref, File: o.File}
	s.byRoot[e] = o
	s.index.Add(e)
}

// Find returns the object that ref means, seen from file: flux.Index.Find says how.
// Where several may be meant that is an error; nil is returned where there is none.
func (s *Objects) Find(ref flux.Ref, file string) (*Object, error) {
	found := s.index.Find(ref, file)
	switch len(found) {
	case 0:
		return nil, nil
	case 1:
		return s.byRoot[found[0]], nil
	}
	a, b := s.byRoot[found[0]], s.byRoot[found[1]]
	return nil, fmt.Errorf("%s may be that of %s:%d or of %s:%d: leave one out of the input", ref, a.File, a.Line, b.File, b.Line)
}

// Has tells whether there is an object of the very reference.
func (s *Objects) Has(ref flux.Ref) bool {
	return slices.ContainsFunc(s.index.Find(ref, ""), func(e *flux.Entry) bool { return e.Ref == ref })
}

// Kind returns the objects of a kind, in input order.
func (s *Objects) Kind(kind string) (objects []*Object) {
	for _, o := range s.all {
		if o.Kind == kind {
			objects = append(objects, o)
		}
	}
	return objects
}
