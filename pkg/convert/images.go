package convert

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
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

// spendImages turns image policies whose marks are all on appliers into ImageUpdaters of
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
	s.writeImages()
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
	repository := s.repositoryOf(policy)
	if repository == nil || repository.root == nil {
		policy.stay("its ImageRepository is not in the input, or stays")
		return
	}
	policy.stay(s.unwritten(policy))
	images := make([]*imageupdate.Image, len(users))
	for i, u := range users {
		if u.app.problem != nil {
			policy.stay(u.app.String() + ", which is not converted, carries its mark")
		}
		image, why := imageupdate.FromPolicy(policy.root, repository.root, repository.Namespace, u.app.alias(policy))
		if why == "" {
			why = u.target(image)
		}
		if why == "" {
			why = s.fits(u.app, image)
		}
		policy.stay(why)
		images[i] = image
	}
	if policy.why != "" {
		return
	}
	for i, u := range users {
		u.app.use(repository)
		u.app.use(policy)
		u.app.update(images[i])
		for _, on := range []*addOn{policy, repository} {
			on.take(s.imagesAt(u.app, imageupdate.ImageList, imageupdate.ImagesPath))
		}
	}
}

// repositoryOf is the ImageRepository of a policy, or nil.
func (s *survey) repositoryOf(policy *addOn) *addOn {
	tree, err := policy.entry.Load()
	if err != nil {
		return nil
	}
	ref := node.At(tree, "spec", "imageRepositoryRef")
	return s.addOn(flux.ImageRepository.Name, orElse(node.Text(ref, "namespace"), policy.Namespace), node.Text(ref, "name"))
}

// target says where the image is in the Application, or why it cannot be said.
func (u marked) target(image *imageupdate.Image) (why string) {
	keys := map[string]string{imageupdate.Whole: imageupdate.HelmSpec, imageupdate.NamePart: imageupdate.HelmName, imageupdate.TagPart: imageupdate.HelmTag}
	for _, m := range u.marks {
		key, value := keys[m.Part], strings.Join(m.Path, ".")
		if m.Item != "" {
			key, value = imageupdate.Kustomize, m.Item
		}
		was, seen := image.Settings[key]
		switch {
		case key == "":
			return "a mark for the digest alone is on values of a chart, to which Argo CD Image Updater writes tag and digest together"
		case m.Item == "" && slices.ContainsFunc(m.Path, func(key string) bool { return strings.ContainsAny(key, ".[]") }):
			return "a mark is on a value whose path is no name of a Helm parameter"
		case seen && was != value:
			return "two places of " + u.app.String() + " carry its mark, and Argo CD Image Updater writes to one"
		case m.Item != "" && !u.named(m, image.Name):
			return "a mark is on the tag of " + orElse(m.Beside["newName"], m.Item) + " alone, and Argo CD Image Updater would write the name " + image.Name + " with it: write that into newName"
		}
		image.Settings[key] = value
	}
	if image.Settings[imageupdate.Kustomize] == image.Name {
		delete(image.Settings, imageupdate.Kustomize)
	}
	if name := u.nameField(image.Name); image.Settings[imageupdate.HelmTag] != "" && image.Settings[imageupdate.HelmName] == "" && name != "" {
		image.Settings[imageupdate.HelmName] = name
	}
	return ""
}

// named tells whether the item with the mark deploys the image: by its name, or by that
// which it gets from another mark.
func (u marked) named(m imageupdate.Mark, image string) bool {
	for _, other := range u.marks {
		if other.Item == m.Item && other.Part == imageupdate.NamePart {
			return true
		}
	}
	return imageupdate.Same(orElse(m.Beside["newName"], m.Item), image)
}

// nameField is the value beside a tag that names the image: Argo CD Image Updater writes
// that, too, and to image.name where nothing says otherwise.
func (u marked) nameField(image string) string {
	for _, m := range u.marks {
		for _, key := range slices.Sorted(maps.Keys(m.Beside)) {
			if m.Part == imageupdate.TagPart && m.Beside[key] == image {
				return strings.Join(append(slices.Clone(m.Path[:len(m.Path)-1]), key), ".")
			}
		}
	}
	return ""
}

// keepImages keeps repositories that a policy which stays, or none, reads.
func (s *survey) keepImages() {
	used := map[*addOn]bool{}
	for _, policy := range s.addOnsOf(flux.ImagePolicy.Name) {
		if r := s.repositoryOf(policy); r != nil {
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
