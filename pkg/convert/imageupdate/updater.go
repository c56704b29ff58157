package imageupdate

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Group is the API group of ImageUpdaters.
const Group = "argocd-image-updater.argoproj.io"

// An Updater is an ImageUpdater, which says what is to become of the images of many
// Applications (argocd-image-updater api/v1alpha1/imageupdater_types.go).
type Updater struct {
	Name, Namespace string
	spec            *yaml.Node
	refs            []*yaml.Node // the most special first
}

// ReadUpdater reads an ImageUpdater. Early versions name the namespace of the
// Applications in the spec.
func ReadUpdater(root *yaml.Node) *Updater {
	u := &Updater{Name: node.Text(root, "metadata", "name"), Namespace: node.Text(root, "metadata", "namespace"), spec: node.Get(root, "spec")}
	if namespace := node.Text(u.spec, "namespace"); namespace != "" {
		u.Namespace = namespace
	}
	u.refs = slices.Clone(node.Items(u.spec, "applicationRefs"))
	slices.SortStableFunc(u.refs, func(a, b *yaml.Node) int { return specificity(b) - specificity(a) })
	return u
}

// String returns the Updater as findings name it.
func (u *Updater) String() string {
	return "ImageUpdater " + strings.TrimPrefix(u.Namespace+"/"+u.Name, "/")
}

var sets = regexp.MustCompile(`\[[^\]]*\]`)

// specificity is that of pkg/argocd/argocd.go calculateSpecificity.
func specificity(ref *yaml.Node) (score int) {
	pattern := node.Text(ref, "namePattern")
	if !strings.ContainsAny(pattern, "*?[]") {
		score = 1_000_000
	}
	score += len(strings.NewReplacer("*", "", "?", "").Replace(sets.ReplaceAllString(pattern, "")))
	if selectors := node.Get(ref, "labelSelectors"); selectors != nil {
		score += 10_000 + 100*len(node.Items(selectors, "matchExpressions"))
		if labels := node.Get(selectors, "matchLabels"); labels != nil {
			score += 100 * len(labels.Content) / 2
		}
	}
	return score
}

// Plan returns what the Updater has to say of an Application; nil where that is nothing.
// annotated tells that the Application's own annotations say it. Where these list no
// image, the next reference counts (pkg/argocd/argocd.go FilterApplicationsForUpdate).
func (u *Updater) Plan(namespace, name string, labels *yaml.Node, listed bool) (p *Plan, annotated bool) {
	if u.Namespace != "" && namespace != "" && u.Namespace != namespace {
		return nil, false
	}
	for _, ref := range u.refs {
		if ok, err := path.Match(node.Text(ref, "namePattern"), name); err != nil || !ok || !Selects(node.Get(ref, "labelSelectors"), labels) {
			continue
		}
		switch annotated := node.True(ref, "useAnnotations"); {
		case annotated && listed:
			return nil, true
		case !annotated:
			return u.plan(ref), false
		}
	}
	return nil, false
}

func (u *Updater) plan(ref *yaml.Node) *Plan {
	write := func(keys ...string) string {
		keys = append([]string{"writeBackConfig"}, keys...)
		return orElse(node.Text(ref, keys...), node.Text(u.spec, keys...))
	}
	p := &Plan{
		Method: orElse(write("method"), live), Branch: write("gitConfig", "branch"),
		Repository: write("gitConfig", "repository"), Target: write("gitConfig", "writeBackTarget"),
	}
	for _, from := range []*yaml.Node{u.spec, ref} {
		if node.At(from, "writeBackConfig", "gitConfig", "pullRequest") != nil {
			p.lose("Flux makes no pull requests: it pushes to a branch")
		}
	}
	for _, item := range node.Items(ref, "images") {
		p.Images = append(p.Images, u.image(p, ref, item))
	}
	return p
}

func (p *Plan) lose(why string) {
	if !slices.Contains(p.Lost, why) {
		p.Lost = append(p.Lost, why)
	}
}

// image reads one image; its settings lie over those of its reference and of all.
func (u *Updater) image(p *Plan, ref, item *yaml.Node) *Image {
	i := parseImage(node.Text(item, "alias") + "=" + node.Text(item, "imageName"))
	for _, from := range []*yaml.Node{u.spec, ref, item} {
		i.common(node.Get(from, "commonUpdateSettings"))
		if verified := node.Get(from, "imagesVerification"); verified != nil && node.Text(verified, "enabled") != "false" {
			p.lose("Flux does not verify the signatures of the images that it finds")
		}
	}
	targets := node.Get(item, "manifestTargets")
	i.read(helmFields, func(key string) string { return node.Text(targets, "helm", key) })
	i.read([]field{{Kustomize, "name"}}, func(key string) string { return node.Text(targets, "kustomize", key) })
	if node.At(item, "manifestTargets", "plugin") != nil {
		p.lose("Flux has no plugins to tell of an image")
	}
	return i
}

// A field is one of an ImageUpdater that holds a setting.
type field struct{ setting, key string }

var (
	commonFields = []field{{Strategy, "updateStrategy"}, {Force, "forceUpdate"}, {AllowTags, "allowTags"}, {PullSecret, "pullSecret"}}
	listFields   = []field{{IgnoreTags, "ignoreTags"}, {Platforms, "platforms"}}
	helmFields   = []field{{HelmName, "name"}, {HelmTag, "tag"}, {HelmSpec, "spec"}}
)

// read takes the settings that are set.
func (i *Image) read(fields []field, text func(key string) string) {
	for _, f := range fields {
		if value := text(f.key); value != "" {
			i.Settings[f.setting] = value
		}
	}
}

func (i *Image) common(settings *yaml.Node) {
	i.read(commonFields, func(key string) string { return node.Text(settings, key) })
	for _, f := range listFields {
		if list := node.Items(settings, f.key); len(list) > 0 {
			var texts []string
			for _, item := range list {
				texts = append(texts, item.Value)
			}
			i.Settings[f.setting] = strings.Join(texts, ",")
		}
	}
}

// Selects evaluates a label selector; none selects all.
func Selects(selector, labels *yaml.Node) bool {
	if wanted := node.Get(selector, "matchLabels"); wanted != nil && wanted.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(wanted.Content); i += 2 {
			if label := node.Get(labels, wanted.Content[i].Value); label == nil || label.Value != wanted.Content[i+1].Value {
				return false
			}
		}
	}
	for _, e := range node.Items(selector, "matchExpressions") {
		label := node.Get(labels, node.Text(e, "key"))
		among := label != nil && slices.ContainsFunc(node.Items(e, "values"), func(v *yaml.Node) bool { return v.Value == label.Value })
		ok := map[string]bool{"In": among, "NotIn": !among, "Exists": label != nil, "DoesNotExist": label == nil}
		if !ok[node.Text(e, "operator")] {
			return false
		}
	}
	return true
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}
