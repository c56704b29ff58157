package convert

import (
	"reflect"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// update adds an image to the plan of the Application.
func (a *applier) update(image *imageupdate.Image) {
	if a.plan == nil {
		a.plan = imageupdate.NewPlan()
	}
	a.plan.Images = append(a.plan.Images, image)
}

// alias is the policy's name, with its namespace where another policy has that name.
func (a *applier) alias(policy *addOn) string {
	same := func(on *addOn) bool { return on.Kind == policy.Kind && on.Name == policy.Name && on != policy }
	if slices.ContainsFunc(a.addOns, same) {
		return policy.Namespace + "." + policy.Name
	}
	return policy.Name
}

// updater is the ImageUpdater of the input that names the Application: two would undo
// what the other does. annotated tells that it reads the Application's annotations, else
// its plan is said.
func (s *survey) updater(a *applier) (found *imageupdate.Updater, plan *imageupdate.Plan, annotated bool) {
	if a.record != nil && a.record.Mentions(imageupdate.Prefix) {
		return nil, nil, true // which were there before, with what read them
	}
	if len(s.updaters) == 0 {
		return nil, nil, false
	}
	var labels *yaml.Node
	if root, err := s.cache.load(a.site); err == nil {
		labels = node.At(root, "metadata", "labels")
	}
	for _, u := range s.updaters {
		if plan, annotated = u.Plan(a.namespace, a.name, labels, true); plan != nil || annotated {
			return u, plan, annotated
		}
	}
	return nil, nil, false
}

// fits says why an ImageUpdater of the input leaves no place for an image.
func (s *survey) fits(a *applier, image *imageupdate.Image) (why string) {
	u, plan, annotated := s.updater(a)
	switch {
	case u == nil:
		return ""
	case annotated:
		return image.Annotated()
	}
	wanted, _ := image.Policy()
	for _, i := range plan.Images {
		if its, _ := i.Policy(); i.Name == image.Name && reflect.DeepEqual(its, wanted) {
			return ""
		}
	}
	return u.String() + " of the input names the Application " + a.name + " and says something else of the image: add it there"
}

// imagesAt is where it is said of the Application which images it has and how they are
// written back: in an ImageUpdater or its annotations.
func (s *survey) imagesAt(a *applier, annotation, path string) ledger.To {
	at := ledger.Object{APIVersion: imageupdate.Kind.APIVersion, Kind: imageupdate.Kind.Name, Namespace: a.namespace, Name: s.updaterName(a)}
	switch u, _, annotated := s.updater(a); {
	case annotated:
		return a.at(ledger.Key("metadata.annotations", imageupdate.Prefix+annotation))
	case u != nil:
		at.Namespace, at.Name, path = u.Namespace, u.Name, "spec.applicationRefs"
	}
	return ledger.To{Object: at, Path: path}
}

// updaterName is that of an ImageUpdater to write: one that the input has not.
func (s *survey) updaterName(a *applier) string {
	name := a.name
	for slices.ContainsFunc(s.updaters, func(u *imageupdate.Updater) bool { return u.Name == name && sameNamespace(u.Namespace, a.namespace) }) {
		name = object.Fit(name+"-images", object.MaxName)
	}
	return name
}

// writeImages writes the plans of all Applications: as an ImageUpdater each, as
// annotations where one of the input reads these, and not where one says the same.
func (s *survey) writeImages() {
	for _, a := range s.appliers {
		if a.plan == nil {
			continue
		}
		switch u, _, annotated := s.updater(a); {
		case annotated:
			for _, one := range a.plan.Annotations() {
				a.taken = append(a.taken, mapping.Taken{Key: one.Key, Value: one.Value, Recorded: true})
			}
		case u == nil:
			s.writeUpdater(a)
		}
	}
}

// writeUpdater writes the ImageUpdater of an Application, which its first policy brings.
func (s *survey) writeUpdater(a *applier) {
	o := object.New(imageupdate.Kind, a.namespace, s.updaterName(a))
	o.Set(a.plan.Spec(a.name), "spec")
	first := a.addOns[slices.IndexFunc(a.addOns, func(on *addOn) bool { return on.Kind == flux.ImagePolicy.Name })]
	first.objects = append(first.objects, o)
	note := "ImageUpdater " + a.namespace + "/" + o.Name() + " needs Argo CD Image Updater 1.1.1 or later, and that no other ImageUpdater names the Application"
	switch fromGit := a.origin != nil && a.origin.Kind == flux.GitRepository.Name; {
	case a.plan.Method == imageupdate.Git:
	case fromGit:
		note += ". It changes the live Application, and Flux, without an ImageUpdateAutomation for it in the input, would change nothing: remove it where there is none"
	default:
		note += ". It changes the live Application, and nothing in Git: whatever applies the Application must leave that alone"
	}
	first.findings = append(first.findings, mapping.Finding{Path: "metadata.name", Verdict: mapping.Verdict{
		ID: "image-updater-written", Promise: mapping.Promise{Fidelity: ledger.Approximate, Note: note},
	}})
}
