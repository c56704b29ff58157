package convert

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/mapping"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

var markKey = []byte(imageupdate.MarkKey)

// countMarks notes which policies the marks of a document name.
func (s *survey) countMarks(raw []byte) map[string]int {
	if !bytes.Contains(raw, markKey) {
		return nil
	}
	return imageupdate.Marks(raw)
}

// A marked is an applier with the marks of one policy.
type marked struct {
	app   *applier
	marks []imageupdate.Mark
}

// spendImages turns image policies whose marks are all on appliers into annotations of
// their Applications. What chooses tags for other files stays.
func (s *survey) spendImages() {
	byPolicy, known := s.marked()
	for _, policy := range s.addOnsOf(flux.ImagePolicy.Name) {
		key := policy.Namespace + "/" + policy.Name
		switch {
		case policy.root == nil:
		case s.marks[key] == 0:
			policy.stay("nothing of the input carries a mark that names it: its marks are in manifests, which Argo CD Image Updater does not change")
		case s.marks[key] != known[key]:
			policy.stay("a mark that names it is neither in the values of a HelmRelease nor in the images of a Kustomization")
		default:
			s.spendPolicy(policy, byPolicy[key])
		}
	}
	s.keepImages()
	s.spendAutomations()
}

// marked returns who carries the marks of each policy, and how many there are.
func (s *survey) marked() (byPolicy map[string][]marked, known map[string]int) {
	byPolicy, known = map[string][]marked{}, map[string]int{}
	for _, a := range s.appliers {
		for _, m := range a.marks {
			key := m.Namespace + "/" + m.Name
			known[key]++
			all := byPolicy[key]
			if len(all) == 0 || all[len(all)-1].app != a {
				all = append(all, marked{app: a})
			}
			all[len(all)-1].marks = append(all[len(all)-1].marks, m)
			byPolicy[key] = all
		}
	}
	return byPolicy, known
}

func (s *survey) spendPolicy(policy *addOn, users []marked) {
	ref := node.At(policy.root, "spec", "imageRepositoryRef")
	repository := s.addOn(flux.ImageRepository.Name, orElse(node.Text(ref, "namespace"), policy.Namespace), node.Text(ref, "name"))
	if repository == nil || repository.root == nil {
		policy.stay("its ImageRepository is not in the input, or stays")
		return
	}
	alias := strings.ReplaceAll(policy.Name, ".", "-")
	item, settings, why := imageupdate.FromPolicy(policy.root, repository.root, alias)
	policy.stay(why)
	targets := make([][]imageupdate.Setting, len(users))
	for i, u := range users {
		if u.app.problem != nil {
			policy.stay(u.app.String() + ", which is not converted, carries its mark")
		}
		targets[i], why = u.settings(alias, node.Text(repository.root, "spec", "image"))
		policy.stay(why)
	}
	if policy.why != "" {
		return
	}
	for i, u := range users {
		u.app.use(repository)
		u.app.use(policy)
		u.app.update(item, append(slices.Clone(settings), targets[i]...))
		for _, on := range []*addOn{policy, repository} {
			on.take(u.app.at(ledger.Key("metadata.annotations", imageupdate.Prefix+imageupdate.ImageList)))
		}
	}
}

// settings say where the image is in the Application.
func (u marked) settings(alias, image string) (settings []imageupdate.Setting, why string) {
	keys := map[string]string{imageupdate.Whole: imageupdate.HelmSpec, imageupdate.NamePart: imageupdate.HelmName, imageupdate.TagPart: imageupdate.HelmTag}
	seen := map[string]bool{}
	for _, m := range u.marks {
		key, value := keys[m.Part], strings.Join(m.Path, ".")
		if m.Item != "" {
			key, value = imageupdate.Kustomize, m.Item
		}
		switch {
		case key == "":
			return nil, "a mark for the digest alone is on values of a chart, to which Argo CD Image Updater writes tag and digest together"
		case m.Item == "" && slices.ContainsFunc(m.Path, func(key string) bool { return strings.ContainsAny(key, ".[]") }):
			return nil, "a mark is on a value whose path is no name of a Helm parameter"
		case m.Item == "" && seen[key]:
			return nil, "two values of a HelmRelease carry its mark, and Argo CD Image Updater writes to one"
		case seen[key] || m.Item != "" && value == image:
			continue
		}
		seen[key] = true
		settings = append(settings, imageupdate.Setting{Key: alias + "." + key, Value: value})
	}
	if name := u.nameField(image); seen[imageupdate.HelmTag] && !seen[imageupdate.HelmName] && name != "" {
		settings = append(settings, imageupdate.Setting{Key: alias + "." + imageupdate.HelmName, Value: name})
	}
	return settings, ""
}

// nameField is the value beside a tag that names the image: Argo CD Image Updater writes
// that, too, and to image.name where nothing says otherwise.
func (u marked) nameField(image string) string {
	for _, m := range u.marks {
		for _, text := range m.Beside {
			if m.Part == imageupdate.TagPart && text.Value == image {
				return strings.Join(append(slices.Clone(m.Path[:len(m.Path)-1]), text.Key), ".")
			}
		}
	}
	return ""
}

// update adds an image to the annotations of the Application.
func (a *applier) update(item string, settings []imageupdate.Setting) {
	list := imageupdate.Prefix + imageupdate.ImageList
	i := slices.IndexFunc(a.taken, func(t mapping.Taken) bool { return t.Key == list })
	if i < 0 {
		a.taken = append(a.taken, mapping.Taken{Key: list, Value: item, Recorded: true})
	} else {
		a.taken[i].Value += ", " + item
	}
	for _, s := range settings {
		a.taken = append(a.taken, mapping.Taken{Key: imageupdate.Prefix + s.Key, Value: s.Value, Recorded: true})
	}
}

// keepImages keeps repositories that a policy which stays, or none, reads.
func (s *survey) keepImages() {
	used := map[*addOn]bool{}
	for _, policy := range s.addOnsOf(flux.ImagePolicy.Name) {
		tree, err := policy.entry.Load()
		if err != nil {
			continue
		}
		ref := node.At(tree, "spec", "imageRepositoryRef")
		if r := s.addOn(flux.ImageRepository.Name, orElse(node.Text(ref, "namespace"), policy.Namespace), node.Text(ref, "name")); r != nil {
			used[r] = true
			if policy.why != "" {
				r.stay("an ImagePolicy that stays reads it")
			}
		}
	}
	for _, r := range s.addOnsOf(flux.ImageRepository.Name) {
		if !used[r] {
			r.stay("no ImagePolicy of the input reads it")
		}
	}
}

// spendAutomations lets the Applications write to Git where an automation did, which
// commits for all policies of its namespace.
func (s *survey) spendAutomations() {
	for _, auto := range s.addOnsOf(flux.ImageUpdateAutomation.Name) {
		if auto.root == nil {
			continue
		}
		if node.True(auto.root, "spec", "suspend") {
			auto.stay("suspended: Argo CD Image Updater has no such switch")
		}
		policies := 0
		for _, policy := range s.addOnsOf(flux.ImagePolicy.Name) {
			if policy.Namespace != auto.Namespace {
				continue
			}
			policies++
			if policy.why != "" {
				auto.stay("ImagePolicy " + policy.Name + ", which stays, is written to Git by it")
			}
		}
		if policies == 0 {
			auto.stay("no ImagePolicy of the input is in its namespace")
		}
		if auto.why == "" {
			s.writeBack(auto)
		}
	}
}

// writeBack tells each Application with an image how to write: to its own repository
// where it has one. Branches count where that is the one of the automation. One record
// of it is enough, as there may be an automation for each Application.
func (s *survey) writeBack(auto *addOn) {
	method, kept := imageupdate.Prefix+imageupdate.Method, false
	for _, a := range s.appliers {
		has := func(t mapping.Taken) bool { return t.Key == method }
		mine := slices.ContainsFunc(a.addOns, func(on *addOn) bool { return on.Kind == flux.ImagePolicy.Name && on.Namespace == auto.Namespace })
		if !mine || a.problem != nil {
			continue
		}
		if !kept {
			a.use(auto)
			kept = true
		}
		if a.origin == nil || a.origin.Kind != flux.GitRepository.Name || slices.ContainsFunc(a.taken, has) {
			continue
		}
		a.taken = append(a.taken, mapping.Taken{Key: method, Value: "git", Recorded: true})
		auto.take(a.at(ledger.Key("metadata.annotations", method)))
		if branch := s.branches(auto, a); branch != "" {
			a.taken = append(a.taken, mapping.Taken{Key: imageupdate.Prefix + imageupdate.Branch, Value: branch, Recorded: true})
		}
	}
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
