package checkout

import (
	"regexp"
	"slices"
)

// argoGroup is the API group of Argo CD, which Argo Workflows and others share.
const argoGroup = "argoproj.io"

// childKinds are the kinds that deploy more, argoKinds those that mean something to
// Argo CD alone.
var (
	childKinds = []string{"Application", "ApplicationSet"}
	argoKinds  = append([]string{"AppProject"}, childKinds...)
)

// makesApplications matches a template of a chart that is one of childKinds.
var makesApplications = regexp.MustCompile(`(?m)^\s*kind:\s*["']?Application(Set)?["']?\s*$`)

// A Child is an Application or ApplicationSet that an Application deploys.
type Child struct {
	Object
	// File is where it stands in the repository.
	File string
}

// ArgoCD tells whether the object is one of Argo CD's own, which Flux would apply as
// any other.
func (o Object) ArgoCD() bool { return o.Group == argoGroup && slices.Contains(argoKinds, o.Kind) }

// child notes an object of Argo CD.
func (s *scanner) child(file string, o Object) {
	if !o.ArgoCD() {
		return
	}
	s.Applications = append(s.Applications, o.String())
	if slices.Contains(childKinds, o.Kind) {
		s.Children = append(s.Children, Child{o, file})
	}
}
