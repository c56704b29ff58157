package imageupdate

import (
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// Kind is that of the objects that are written: they are for Argo CD Image Updater from
// version 1.1.1 on, to which the namespace of an ImageUpdater is that of the Applications.
var Kind = object.Kind{APIVersion: Group + "/v1alpha1", Name: "ImageUpdater"}

// Where an ImageUpdater that is written lists its images, and says how they are written
// back.
const (
	ImagesPath = "spec.applicationRefs[0].images"
	WritePath  = "spec.applicationRefs[0].writeBackConfig"
)

// Spec is that of an ImageUpdater that says the plan of one Application.
func (p *Plan) Spec(application string) *yaml.Node {
	var images []*yaml.Node
	for _, i := range p.Images {
		images = append(images, i.config())
	}
	ref := node.Map("namePattern", application, "images", node.List(images...))
	if p.Method != live {
		write, git := node.Map("method", p.Method), node.Map()
		for _, f := range []struct{ key, text string }{{"branch", p.Branch}, {"repository", p.Repository}, {"writeBackTarget", p.Target}} {
			if f.text != "" {
				node.Put(git, f.key, node.String(f.text))
			}
		}
		if !node.Empty(git) {
			node.Put(write, "gitConfig", git)
		}
		node.Put(ref, "writeBackConfig", write)
	}
	return node.Map("applicationRefs", node.List(ref))
}

// config is the item of the list of images.
func (i *Image) config() *yaml.Node {
	config := node.Map("alias", i.Alias, "imageName", i.identifier(i.Constraint))
	settings := i.fields(commonFields)
	for _, f := range listFields {
		if text := i.Settings[f.setting]; text != "" {
			node.Put(settings, f.key, node.Strings(strings.Split(text, ",")))
		}
	}
	if !node.Empty(settings) {
		node.Put(config, "commonUpdateSettings", settings)
	}
	helm := i.fields(helmFields)
	switch name := i.Settings[Kustomize]; {
	case name != "":
		node.Put(config, "manifestTargets", node.Map("kustomize", node.Map("name", name)))
	case !node.Empty(helm):
		node.Put(config, "manifestTargets", node.Map("helm", helm))
	}
	return config
}

func (i *Image) fields(fields []field) *yaml.Node {
	m := node.Map()
	for _, f := range fields {
		switch text := i.Settings[f.setting]; {
		case f.setting == Force:
			if force, err := strconv.ParseBool(text); err == nil {
				node.Put(m, f.key, node.Bool(force))
			}
		case text != "":
			node.Put(m, f.key, node.String(text))
		}
	}
	return m
}

func (i *Image) identifier(constraint string) string {
	return strings.TrimSuffix(i.Name+":"+constraint, ":")
}

// An Annotation is one that Argo CD Image Updater reads.
type Annotation struct{ Key, Value string }

// Annotations are those that say the plan, which some ImageUpdater reads.
func (p *Plan) Annotations() (all []Annotation) {
	add := func(key, value string) {
		if value != "" {
			all = append(all, Annotation{Prefix + key, value})
		}
	}
	var list []string
	for _, i := range p.Images {
		// A comma parts the images of the list; to Masterminds/semver a space is the same.
		constraint := strings.Join(strings.Fields(strings.ReplaceAll(i.Constraint, ",", " ")), " ")
		list = append(list, i.Alias+"="+i.identifier(constraint))
	}
	add(ImageList, strings.Join(list, ", "))
	for _, i := range p.Images {
		for _, setting := range Settings() {
			add(i.Alias+"."+setting, i.Settings[setting])
		}
	}
	if p.Method != live {
		add(Method, p.Method)
	}
	add(Branch, p.Branch)
	add(Repository, p.Repository)
	add(Target, p.Target)
	return all
}

// maxKey is how long the name of an annotation may be (apimachinery
// pkg/util/validation).
const maxKey = 63

// Annotated says why the image has no annotations.
func (i *Image) Annotated() (why string) {
	if len(i.Alias)+len("."+Kustomize) > maxKey {
		return "its name is too long for the annotations that an ImageUpdater of the input reads: give the ImagePolicy one of 42 characters at most"
	}
	return ""
}
