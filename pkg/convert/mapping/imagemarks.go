package mapping

import (
	"fmt"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/imageupdate"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// mark puts marks behind what the Flux objects say of the image, and tells which lines
// of the repository need one where they say nothing.
func (i *imager) mark(image *imageupdate.Image, policy imageupdate.Policy, o *object.Object) {
	marked := false
	i.disputed = false
	if i.target() == "" {
		for _, p := range i.unit.works() {
			marked = i.markValues(p, image, policy, o) || marked
			marked = i.markImages(p, image, policy, o) || marked
		}
	}
	if marked {
		i.marked = true
		return
	}
	if i.disputed {
		i.absent("metadata.annotations", unsupported("where the tag of "+image.Name+" goes there is the mark of another image already: give each image settings of its own").as("image-marker"))
		return
	}
	i.unmarked = true
	text := marker(o.Namespace(), "")(o.Name())
	i.absent("metadata.annotations", unsupported(fmt.Sprintf(
		"nothing of the Flux objects holds the tag of %s: %s", image.Name, i.lines(image, text))).as("image-marker"))
}

// take marks a value, unless it is that of an earlier image: two images whose settings
// name one field would each write half of it.
func (i *imager) take(value *yaml.Node, o *object.Object, part string) bool {
	if i.taken[value] {
		i.disputed = true
		return false
	}
	i.taken[value] = true
	o.Mark(value, marker(o.Namespace(), part))
	return true
}

// target is where Argo CD Image Updater writes to, but for its own file, which only
// Argo CD reads.
func (i *imager) target() string {
	if target := i.plan.Target; strings.HasPrefix(target, "kustomization") || strings.HasPrefix(target, "helmvalues") {
		return target
	}
	return ""
}

// markValues marks values of a HelmRelease.
func (i *imager) markValues(p *Part, image *imageupdate.Image, policy imageupdate.Policy, o *object.Object) (marked bool) {
	if p.release() == nil {
		return false
	}
	for _, field := range image.Values() {
		keys := strings.Split(field.Key, ".")
		value := p.Work.Get(append([]string{"spec", "values"}, keys...)...)
		if value == nil || value.Kind != yaml.ScalarNode || policy.Digest && field.Part != imageupdate.Whole {
			continue // a tag with a digest is no part that a policy sets, and a name without it is of no use
		}
		taken := i.take(value, o, field.Part)
		marked = marked || taken && field.Part != imageupdate.NamePart
		for _, setting := range []string{imageupdate.HelmSpec, imageupdate.HelmName, imageupdate.HelmTag} {
			switch {
			case image.Settings[setting] != field.Key:
			case taken:
				i.note(image, setting, Target{Object: p.Work, Path: "spec.values." + field.Key})
			default:
				i.lose(image.Alias, setting, "another image has the mark there: see image-marker")
			}
		}
	}
	return marked
}

// markImages marks the item of a Kustomization's images.
func (i *imager) markImages(p *Part, image *imageupdate.Image, policy imageupdate.Policy, o *object.Object) (marked bool) {
	if p.kustomization() == nil {
		return false
	}
	name := orElse(image.Settings[imageupdate.Kustomize], image.Name)
	for n, item := range node.Items(p.Work.Root, "spec", "images") {
		if node.Text(item, "name") != name {
			continue
		}
		key, part := "newTag", imageupdate.TagPart
		if policy.Digest {
			key, part = "digest", imageupdate.DigestPart
		}
		if value := node.Get(item, key); value != nil && i.take(value, o, part) {
			marked = true
			i.note(image, imageupdate.Kustomize, Target{Object: p.Work, Path: fmt.Sprintf("spec.images[%d].%s", n, key)})
		}
	}
	return marked
}

// lines says which lines to mark.
func (i *imager) lines(image *imageupdate.Image, text string) string {
	var found []string
	seen := false
	for _, p := range i.unit.Parts {
		if p.Repo == nil {
			continue
		}
		seen = true
		for _, l := range p.Repo.ImageLines(i.directory(p.Source), image.Name) {
			found = append(found, describe(l))
		}
	}
	switch {
	case len(found) > 0:
		return "put the comment " + text + " behind " + some(found) + " of the repository, with :tag behind the name of the policy where the line holds the tag alone"
	case seen:
		return "no line of the repository does either: write it where " + text + " can stand behind it, such as spec.images of a Kustomization or values of a HelmRelease"
	default:
		return "put the comment " + text + " behind the lines of the repository that do, with :tag behind the name of the policy where one holds the tag alone. With --source they are named"
	}
}

func describe(l checkout.ImageLine) string {
	if l.Tag {
		return fmt.Sprintf("%s:%d (tag alone)", l.File, l.Line)
	}
	return fmt.Sprintf("%s:%d", l.File, l.Line)
}

// automation writes the ImageUpdateAutomation.
func (i *imager) automation() {
	if !i.marked && !i.unmarked {
		i.lose("", imageupdate.Method, "no image has a policy")
		return
	}
	if method, _, _ := strings.Cut(i.plan.Method, ":"); method != "git" {
		i.lose("", imageupdate.Method, "Argo CD Image Updater changes the live Application, and Flux only Git")
		i.absent("metadata.annotations", unsupported("no ImageUpdateAutomation is written, as Argo CD Image Updater changes the live Application and Flux only Git: write one for the repository with the marks, or nothing is updated").as("image-automation"))
		return
	}
	origin, dir, why := i.writeTo()
	if why != "" {
		i.lose("", imageupdate.Method, why)
		i.absent("metadata.annotations", unsupported("no ImageUpdateAutomation is written: "+why).as("image-automation"))
		return
	}
	o := i.unit.addOn(flux.ImageUpdateAutomation, object.Fit(i.unit.App.Name, object.MaxName))
	o.Shared = true
	i.set(o, "spec.interval", node.String(watched))
	i.set(o, "spec.update", node.Map("path", "./"+dir, "strategy", "Setters"))
	i.commit(o)
	i.from(o, origin)
	to := Target{Object: o, Path: "spec.sourceRef"}
	own := &imageupdate.Image{}
	i.note(own, imageupdate.Method, to)
	i.note(own, imageupdate.Repository, to)
	i.note(own, imageupdate.Target, Target{Object: o, Path: "spec.update.path"})
	if _, credentials, ok := strings.Cut(i.plan.Method, ":"); ok && credentials != "repocreds" {
		i.lose("", imageupdate.Method, "Flux pushes with the credentials of the GitRepository, which need the right to write; others are named here")
	}
}

// commit names the author that Argo CD Image Updater has by default (cmd/run.go), and
// says the branches. There is no default in Flux.
func (i *imager) commit(o *object.Object) {
	i.set(o, "spec.git.commit.author", node.Map("email", "noreply@argoproj.io", "name", "argocd-image-updater"))
	base, push, _ := strings.Cut(i.plan.Branch, ":")
	own := &imageupdate.Image{}
	switch {
	case i.marked:
		if i.plan.Branch != "" {
			i.lose("", imageupdate.Branch, "a branch of the repository of manifests; the marks are on the Flux objects, in a repository of their own")
		}
	case strings.Contains(push, "{{"):
		i.lose("", imageupdate.Branch, "Flux pushes to one branch, and makes no names")
		push = ""
	}
	if i.marked {
		return
	}
	if base != "" {
		i.note(own, imageupdate.Branch, i.set(o, "spec.git.checkout.ref.branch", node.String(base)))
	}
	if push != "" {
		i.note(own, imageupdate.Branch, i.set(o, "spec.git.push.branch", node.String(push)))
	}
}

// writeTo returns the repository with the marks and the directory that holds them; no
// repository means the one of the Flux objects.
func (i *imager) writeTo() (origin *object.Object, dir, why string) {
	if i.marked && i.unmarked {
		return nil, "", "some images have their marks on Flux objects, and others in the repository of manifests: write an ImageUpdateAutomation for each"
	}
	if i.marked {
		return nil, "", ""
	}
	p := i.unit.works()[0]
	base, _, _ := strings.Cut(i.plan.Branch, ":")
	switch {
	case p.Origin.Kind != flux.GitRepository:
		return nil, "", "the manifests are in no Git repository: write it for the one that has the marks"
	case i.plan.Repository != "" && checkout.Normal(i.plan.Repository) != checkout.Normal(p.Source.RepoURL):
		return nil, "", "git-repository names another repository: write a GitRepository and an ImageUpdateAutomation for it"
	case base == "" && p.Origin.Get("spec", "ref", "branch") == nil:
		return nil, "", "neither git-branch nor the Application names a branch to push to: write one with spec.git.checkout and spec.git.push"
	}
	if dir = i.directory(p.Source); strings.HasPrefix(dir, "..") {
		return nil, "", "write-back-target leads out of the repository"
	}
	return p.Origin, dir, ""
}

// directory is what write-back-target means (argocd-image-updater pkg/argocd/update.go
// parseKustomizeBase, parseTarget): an absolute path is one from the root.
func (i *imager) directory(s *argocd.Source) string {
	_, target, ok := strings.Cut(i.target(), ":")
	if strings.HasPrefix(i.target(), "helmvalues") {
		target = path.Dir(target)
	}
	switch {
	case !ok:
		return s.Dir()
	case strings.HasPrefix(target, "/"):
		return strings.TrimPrefix(target, "/")
	}
	return strings.TrimPrefix(path.Join(s.Dir(), target), "./")
}

// from names the repository; flux bootstrap calls that of the Flux objects flux-system.
func (i *imager) from(o, origin *object.Object) {
	if origin != nil {
		i.set(o, "spec.sourceRef", node.Map("kind", "GitRepository", "name", origin.NameNode()))
		return
	}
	ref := node.Map("kind", "GitRepository", "name", "flux-system")
	if namespace := i.unit.Settings.FluxNamespace; namespace != o.Namespace() {
		node.Put(ref, "namespace", node.String(namespace))
	}
	i.set(o, "spec.sourceRef", ref)
	i.absent("metadata.annotations", approximate("the marks are on the Flux objects, which are taken to be in the repository of the GitRepository flux-system, as flux bootstrap calls it: name another one where they are not, and let it write",
		Target{Object: o, Path: "spec.sourceRef"}).as("image-automation"))
}
