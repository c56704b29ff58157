package convert

import (
	"fmt"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// covers tells whether an automation commits for a policy
// (image-automation-controller internal/controller/imageupdateautomation_controller.go
// getPolicies).
func (s *survey) covers(auto, policy *addOn) bool {
	tree, err := policy.entry.Load()
	return err == nil && auto.root != nil && auto.Namespace == policy.Namespace &&
		imageupdate.Selects(node.At(auto.root, "spec", "policySelector"), node.At(tree, "metadata", "labels"))
}

// unwritten says why Flux writes nothing of a policy to Git. That the input has no
// automation at all is no reason: it may be elsewhere.
func (s *survey) unwritten(policy *addOn) (why string) {
	for _, auto := range s.addOnsOf(flux.ImageUpdateAutomation.Name) {
		switch {
		case auto.root == nil || auto.Namespace != policy.Namespace:
		case !s.covers(auto, policy):
			why = orElse(why, "no ImageUpdateAutomation of its namespace selects it, so that Flux writes it nowhere")
		case node.True(auto.root, "spec", "suspend"):
			why = "ImageUpdateAutomation " + auto.Name + ", which writes it to Git, is suspended"
		default:
			return ""
		}
	}
	return why
}

// spendAutomations lets the Applications write to Git where an automation did.
func (s *survey) spendAutomations() {
	for _, auto := range s.addOnsOf(flux.ImageUpdateAutomation.Name) {
		if auto.root == nil {
			continue
		}
		if node.True(auto.root, "spec", "suspend") {
			auto.stay("suspended: Argo CD Image Updater has no such switch")
			continue
		}
		policies := 0
		for _, policy := range s.addOnsOf(flux.ImagePolicy.Name) {
			if !s.covers(auto, policy) {
				continue
			}
			policies++
			if policy.why != "" {
				auto.stay("ImagePolicy " + policy.Name + ", which stays, is written to Git by it")
			}
		}
		if policies == 0 {
			auto.stay("it writes no ImagePolicy of the input to Git")
		}
		s.writeBack(auto)
	}
}

// writeBack tells each Application with an image how to write: to its own repository
// where it has one. Branches count where that is the one of the automation. One record
// of it is enough, as there may be an automation for each Application.
func (s *survey) writeBack(auto *addOn) {
	kept := false
	for _, a := range s.appliers {
		if a.plan == nil || !s.commits(auto, a) {
			continue
		}
		if !kept {
			a.use(auto)
			kept = true
		}
		if a.origin == nil || a.origin.Kind != flux.GitRepository.Name || a.plan.Method == imageupdate.Git {
			continue
		}
		a.plan.Method, a.plan.Branch = imageupdate.Git, s.branches(auto, a)
		auto.take(s.imagesAt(a, imageupdate.Method, imageupdate.WritePath))
	}
}

// commits tells whether the automation commits for an image of the applier.
func (s *survey) commits(auto *addOn, a *applier) bool {
	for _, on := range a.addOns {
		if on.Kind == flux.ImagePolicy.Name && s.covers(auto, on) {
			return true
		}
	}
	return false
}

// branches are those to read and to push to, as git-branch has them.
func (s *survey) branches(auto *addOn, a *applier) string {
	ref := node.At(auto.root, "spec", "sourceRef")
	found := s.index.Find(flux.Ref{Kind: flux.GitRepository.Name, Namespace: orElse(node.Text(ref, "namespace"), auto.Namespace), Name: node.Text(ref, "name")}, auto.file)
	if len(found) != 1 {
		return ""
	}
	its, err := found[0].Load()
	own, failed := a.origin.Load()
	if err != nil || failed != nil || checkout.Normal(node.Text(its, "spec", "url")) != checkout.Normal(node.Text(own, "spec", "url")) {
		return ""
	}
	base := orElse(node.Text(auto.root, "spec", "git", "checkout", "ref", "branch"), branchOf(its))
	if push := node.Text(auto.root, "spec", "git", "push", "branch"); push != "" && push != base {
		return fmt.Sprintf("%s:%s", base, push)
	}
	return base
}

func branchOf(repository *yaml.Node) string { return node.Text(repository, "spec", "ref", "branch") }
