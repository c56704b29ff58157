// Package imageupdate knows what Argo CD Image Updater is told to do with the images of
// an Application (argocd-image-updater pkg/argocd/annotations.go, registry-scanner/pkg/
// image), and what the image controllers of Flux can do of it.
package imageupdate

import (
	"fmt"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Prefix begins the annotations.
const Prefix = "argocd-image-updater.argoproj.io/"

// The settings of an image. In annotations they stand behind the alias and a dot, or
// alone for images without an alias.
const (
	Strategy   = "update-strategy"
	AllowTags  = "allow-tags"
	IgnoreTags = "ignore-tags"
	PullSecret = "pull-secret"
	Platforms  = "platforms"
	Force      = "force-update"
	HelmName   = "helm.image-name"
	HelmTag    = "helm.image-tag"
	HelmSpec   = "helm.image-spec"
	Kustomize  = "kustomize.image-name"
)

// The settings of the Application.
const (
	ImageList  = "image-list"
	Method     = "write-back-method"
	Branch     = "git-branch"
	Repository = "git-repository"
	Target     = "write-back-target"
)

// The methods to write back: live changes the Application, Git a file of its repository.
const (
	live = "argocd"
	Git  = "git"
)

// NewPlan returns a plan without images that changes the Application.
func NewPlan() *Plan { return &Plan{Method: live} }

// A Plan is what is to become of the images of one Application.
type Plan struct {
	Images []*Image
	// Method is "argocd", which changes the live Application, or "git", with
	// credentials behind a colon.
	Method, Branch, Repository, Target string
	// Lost is what an ImageUpdater says besides, and Flux cannot do.
	Lost []string
}

// An Image is one that is watched.
type Image struct {
	// Alias is empty where the list names none.
	Alias string
	// Name is that of the image without tag; Constraint is what stands behind the colon.
	Name, Constraint string
	// Settings are by their name; those that are not set are missing.
	Settings map[string]string
	// Wide are the settings that are the Application's.
	Wide map[string]bool
}

// ReadAnnotations returns the plan of an Application's annotations, or nil where they
// list no image. The error is about the list.
func ReadAnnotations(annotations *yaml.Node) (*Plan, error) {
	text := node.Text(annotations, Prefix+ImageList)
	if text == "" {
		return nil, nil
	}
	get := func(key string) string { return strings.TrimSpace(node.Text(annotations, Prefix+key)) }
	p := &Plan{Method: get(Method), Branch: get(Branch), Repository: get(Repository), Target: get(Target)}
	p.Method = orElse(p.Method, live)
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item == "" {
			continue
		}
		i := parseImage(item)
		if i.Name == "" {
			return nil, fmt.Errorf("an item of the list names no image")
		}
		i.readAnnotations(get)
		p.Images = append(p.Images, i)
	}
	return p, nil
}

// readAnnotations takes the settings: an image's own, which only one with an alias can have, before
// those of the Application (pkg/argocd/argocd.go parseImageList).
func (i *Image) readAnnotations(get func(key string) string) {
	for _, setting := range Settings() {
		value := ""
		if i.Alias != "" {
			value = get(i.Alias + "." + setting)
		}
		if value == "" && wide(setting) {
			value = get(setting)
			i.Wide[setting] = value != ""
		}
		if value != "" {
			i.Settings[setting] = value
		}
	}
}

// Settings lists the settings of an image.
func Settings() []string {
	return []string{Strategy, AllowTags, IgnoreTags, PullSecret, Force, Platforms, HelmName, HelmTag, HelmSpec, Kustomize}
}

// wide tells whether a setting is one of the whole Application, too.
func wide(setting string) bool {
	switch setting {
	case Strategy, AllowTags, IgnoreTags, PullSecret, Force:
		return true
	}
	return false
}

// parseImage reads [ALIAS=]IMAGE[:CONSTRAINT]. A colon with a slash behind it is that of
// a registry's port.
func parseImage(item string) *Image {
	i := &Image{Settings: map[string]string{}, Wide: map[string]bool{}}
	alias, name, ok := strings.Cut(item, "=")
	if ok && !strings.ContainsAny(alias, ":/") {
		i.Alias, item = strings.TrimSpace(alias), strings.TrimSpace(name)
	}
	item, _, _ = strings.Cut(item, "@")
	i.Name = item
	if at := strings.LastIndexByte(item, ':'); at >= 0 && !strings.Contains(item[at:], "/") {
		i.Name, i.Constraint = item[:at], item[at+1:]
	}
	return i
}

// Key cuts an annotation's key into the alias and the setting; the alias is empty for
// those of the Application. ok is false for keys that mean nothing.
func Key(annotation string) (alias, setting string, ok bool) {
	key := strings.TrimPrefix(annotation, Prefix)
	for _, setting := range Settings() {
		if key == setting && wide(setting) {
			return "", setting, true
		}
		if alias, found := strings.CutSuffix(key, "."+setting); found && alias != "" {
			return alias, setting, true
		}
	}
	switch key {
	case ImageList, Method, Branch, Repository, Target:
		return "", key, true
	}
	return "", "", false
}
