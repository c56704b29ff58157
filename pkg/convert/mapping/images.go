package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

func imageRows() []Row {
	return []Row{{
		ID: "image-updater", Argo: []string{annotation(imageupdate.Prefix + "*")},
		Writes:  []string{"ImageRepository:spec.**", "ImagePolicy:spec.**", "ImageUpdateAutomation:spec.**"},
		ToFlux:  Promise{Fidelity: ledger.Approximate, Note: "an ImageRepository, an ImagePolicy and an ImageUpdateAutomation, which changes files of Git at marks"},
		Forward: forwardImageUpdates, Always: true,
	}}
}

// watched is the interval of argocd-image-updater (cmd/run.go --interval).
const watched = "2m"

// An imager writes the objects of the images of one Application.
type imager struct {
	*Cell
	plan *imageupdate.Plan
	// written are the fields that a setting went to, by alias and setting; lost says
	// why it went nowhere.
	written map[[2]string][]Target
	lost    map[[2]string]string
	// marked tells that an object of the output has a mark, unmarked that files of the
	// repository need one.
	marked, unmarked bool
	// taken are the values that have a mark; disputed tells that the image at work would
	// have to mark one of them.
	taken    map[*yaml.Node]bool
	disputed bool
}

// forwardImageUpdates: an ImageUpdater says what becomes of the images, or that the
// Application's annotations do; without any, these do.
func forwardImageUpdates(c *Cell) {
	if c.unit.Settings.NoAddOns {
		return
	}
	meta := node.Get(c.app().Root, "metadata")
	listed := node.Text(meta, "annotations", imageupdate.Prefix+imageupdate.ImageList) != ""
	for _, u := range c.unit.Settings.Updaters {
		plan, annotated := u.Plan(c.app().Namespace, c.app().Name, node.Get(meta, "labels"), listed)
		switch {
		case annotated:
			c.annotatedImages()
			return
		case plan != nil:
			c.updaterImages(u, plan)
			return
		}
	}
	c.annotatedImages()
}

// annotatedImages takes the plan from the annotations.
func (c *Cell) annotatedImages() {
	if len(c.leaves) == 0 {
		return
	}
	annotations := node.At(c.app().Root, "metadata", "annotations")
	plan, err := imageupdate.ReadAnnotations(annotations)
	switch {
	case err != nil:
		c.say(unsupported(err.Error() + ": Argo CD Image Updater does nothing here"))
		return
	case plan == nil:
		c.say(unsupported("there is no image-list, so that Argo CD Image Updater does nothing here"))
		return
	}
	i := c.planned(plan)
	for n, key := range pairs(annotations) {
		if l := c.of(annotations.Content[2*n+1]); l != nil {
			i.settle(l, key.Value)
		}
	}
}

// planned writes the objects: for each image an ImageRepository and an ImagePolicy, and
// one ImageUpdateAutomation where Argo CD Image Updater writes to Git.
func (c *Cell) planned(plan *imageupdate.Plan) *imager {
	i := &imager{Cell: c, plan: plan, written: map[[2]string][]Target{}, lost: map[[2]string]string{}, taken: map[*yaml.Node]bool{}}
	for _, image := range plan.Images {
		i.image(image)
	}
	i.automation()
	return i
}

// updaterImages takes the plan of an ImageUpdater, beside which annotations are not read.
func (c *Cell) updaterImages(u *imageupdate.Updater, plan *imageupdate.Plan) {
	c.say(implied(u.String() + " says what becomes of the images, and reads no annotations"))
	i := c.planned(plan)
	lost := slices.Clone(plan.Lost)
	for _, key := range slices.SortedFunc(maps.Keys(i.lost), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
		lost = append(lost, strings.TrimPrefix(key[0]+"."+key[1], ".")+": "+i.lost[key])
	}
	v := approximate(u.String()+" says what becomes of the images: "+imageNotes[imageupdate.ImageList], i.written[[2]string{"", imageupdate.ImageList}]...)
	if len(lost) > 0 {
		v.Fidelity = ledger.Unsupported
		v.Note += ". Lost are: " + strings.Join(lost, "; ")
	}
	c.absent("metadata.name", v.as("image-updater-inherited"))
}

// settle gives an annotation its verdict.
func (i *imager) settle(l *leaf, annotation string) {
	alias, setting, ok := imageupdate.Key(annotation)
	key := [2]string{alias, setting}
	to, lost := i.written[key], i.lost[key]
	switch {
	case !ok:
		i.claim(l, unsupported("no setting that Argo CD Image Updater reads"))
	case lost != "":
		v := unsupported(lost)
		v.To = to
		i.claim(l, v)
	case len(to) == 0:
		i.claim(l, i.unwritten(alias, setting))
	default:
		i.claim(l, approximate(imageNotes[setting], to...))
	}
}

// unwritten is the verdict of a setting that is written nowhere.
func (i *imager) unwritten(alias, setting string) Verdict {
	listed := slices.ContainsFunc(i.plan.Images, func(image *imageupdate.Image) bool { return image.Alias == alias })
	switch setting {
	case imageupdate.Branch, imageupdate.Repository, imageupdate.Target:
		if method, _, _ := strings.Cut(i.plan.Method, ":"); method != "git" {
			return implied("Argo CD Image Updater reads it with the method git only")
		}
		return unsupported("there is no ImageUpdateAutomation to say it: see image-automation")
	case imageupdate.HelmName, imageupdate.HelmTag, imageupdate.HelmSpec, imageupdate.Kustomize:
		if listed {
			return unsupported("no Flux object holds it, so that there is nothing to mark: see image-marker")
		}
	}
	if !listed && alias != "" {
		return implied("of no image that the list names")
	}
	return implied("the default, or of no image")
}

// imageNotes say how Flux differs.
var imageNotes = map[string]string{
	imageupdate.ImageList:  "Flux looks at every image by itself, and changes lines of Git that carry a mark",
	imageupdate.Strategy:   "the same order; of versions Flux takes only those of three numbers",
	imageupdate.AllowTags:  "a filter of tags before the policy",
	imageupdate.IgnoreTags: "tags that the ImageRepository leaves out, for every policy that uses it",
	imageupdate.PullSecret: "the Secret has to be of type kubernetes.io/dockerconfigjson",
	imageupdate.HelmName:   "a mark behind the value", imageupdate.HelmTag: "a mark behind the value",
	imageupdate.HelmSpec: "a mark behind the value", imageupdate.Kustomize: "a mark behind the tag of the image",
	imageupdate.Method:     "Flux commits to Git with the credentials of the GitRepository, which need the right to write",
	imageupdate.Repository: "the repository of the Application's source, as here",
	imageupdate.Branch:     "branches to read and to push to", imageupdate.Target: "Flux changes every line with a mark below a path",
}

// note remembers where a setting of the image went; the Application's own is at an empty alias.
func (i *imager) note(image *imageupdate.Image, setting string, to ...Target) {
	key := [2]string{image.Alias, setting}
	if image.Wide[setting] {
		key[0] = ""
	}
	i.written[key] = append(i.written[key], to...)
}

// loseOf says why a setting of the image went nowhere.
func (i *imager) loseOf(image *imageupdate.Image, setting, why string) {
	if image.Wide[setting] {
		i.lose("", setting, why)
		return
	}
	i.lose(image.Alias, setting, why)
}

func (i *imager) lose(alias, setting, why string) {
	key := [2]string{alias, setting}
	if !strings.Contains(i.lost[key], why) {
		i.lost[key] = strings.TrimPrefix(i.lost[key]+"; "+why, "; ")
	}
}

// image writes the objects of one image, and marks where its tag is.
func (i *imager) image(image *imageupdate.Image) {
	if image.Settings[imageupdate.Platforms] != "" {
		i.loseOf(image, imageupdate.Platforms, "Flux does not look at the platforms of an image")
	}
	if image.Settings[imageupdate.Force] != "" {
		i.loseOf(image, imageupdate.Force, "Flux changes lines of Git whether the image is deployed or not")
	}
	policy, why := image.Policy()
	if why != "" {
		i.lose("", imageupdate.ImageList, image.Name+": "+why)
		for _, setting := range imageupdate.Settings() {
			if image.Settings[setting] != "" {
				i.loseOf(image, setting, why)
			}
		}
		return
	}
	repository := i.repository(image, policy)
	i.mark(image, policy, i.policy(image, policy, repository))
}

func (i *imager) repository(image *imageupdate.Image, policy imageupdate.Policy) *object.Object {
	base := object.Slug(image.Name[lastSlash(image.Name)+1:])
	o := i.unit.addOn(flux.ImageRepository, object.Fit(base, object.MaxName))
	o.Shared = true
	i.note(&imageupdate.Image{}, imageupdate.ImageList, i.set(o, "spec.image", node.String(image.Name)))
	i.set(o, "spec.interval", node.String(watched))
	if len(policy.Exclude) > 0 {
		i.note(image, imageupdate.IgnoreTags, i.set(o, "spec.exclusionList", node.Strings(policy.Exclude)))
	}
	secret, why := image.Secret(i.unit.place())
	if secret != "" {
		i.note(image, imageupdate.PullSecret, i.set(o, "spec.secretRef", node.Map("name", secret)))
	}
	if why != "" {
		i.loseOf(image, imageupdate.PullSecret, why)
	}
	return o
}

func (i *imager) policy(image *imageupdate.Image, policy imageupdate.Policy, repository *object.Object) *object.Object {
	name := orElse(object.Slug(image.Alias), object.Slug(image.Name[lastSlash(image.Name)+1:]))
	o := i.unit.addOn(flux.ImagePolicy, object.Fit(i.unit.App.Name+"-"+name, object.MaxName))
	i.set(o, "spec.imageRepositoryRef", node.Map("name", repository.NameNode()))
	chosen := node.Map("alphabetical", node.Map("order", "asc"))
	if policy.Range != "" {
		chosen = node.Map("semver", node.Map("range", policy.Range))
	}
	to := i.set(o, "spec.policy", chosen)
	i.note(&imageupdate.Image{}, imageupdate.ImageList, to)
	i.note(image, imageupdate.Strategy, to)
	if policy.Digest {
		i.set(o, "spec.digestReflectionPolicy", node.String("Always"))
		i.set(o, "spec.interval", node.String(watched))
	}
	if policy.Pattern != "" {
		i.note(image, imageupdate.AllowTags, i.set(o, "spec.filterTags", node.Map("pattern", policy.Pattern)))
	}
	return o
}

// marker is the comment at which an ImageUpdateAutomation changes a line
// (image-automation-controller docs, ImageUpdateAutomation, Setters).
func marker(namespace, part string) func(name string) string {
	return func(name string) string {
		return fmt.Sprintf(`# {"$imagepolicy": "%s"}`, strings.TrimSuffix(namespace+":"+name+":"+part, ":"))
	}
}
