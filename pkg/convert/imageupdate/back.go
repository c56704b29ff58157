package imageupdate

import (
	"regexp"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Mark is a comment at which an ImageUpdateAutomation changes a line
// (image-automation-controller docs, ImageUpdateAutomation, Setters).
type Mark struct {
	// Namespace and Name are the ImagePolicy's.
	Namespace, Name string
	// Part is one of the parts.
	Part string
	// Path are the keys that lead to the value. Item is the name of the item where it is
	// in the list of a Kustomization's images.
	Path []string
	Item string
	// Beside are the texts that stand beside a value, by their keys.
	Beside map[string]string
}

var markText = regexp.MustCompile(`\{\s*"\$imagepolicy"\s*:\s*"([^":\s]+):([^":\s]+)(?::(name|tag|digest))?"\s*\}`)

// MarkKey is in every mark.
const MarkKey = "$imagepolicy"

// Marks counts the marks of a text by NAMESPACE/NAME of the policy.
func Marks(text []byte) map[string]int {
	found := map[string]int{}
	for _, m := range markText.FindAllSubmatch(text, -1) {
		found[string(m[1])+"/"+string(m[2])]++
	}
	return found
}

// FindMarks returns the marks of a HelmRelease's values and of a Kustomization's images.
func FindMarks(root *yaml.Node) (marks []Mark) {
	marks = below(marks, node.At(root, "spec", "values"), nil)
	for _, item := range node.Items(root, "spec", "images") {
		for i := 0; i+1 < len(item.Content); i += 2 {
			if m, ok := parseMark(item.Content[i+1]); ok && item.Kind == yaml.MappingNode {
				m.Path, m.Item, m.Beside = []string{item.Content[i].Value}, node.Text(item, "name"), texts(item)
				marks = append(marks, m)
			}
		}
	}
	return marks
}

func below(marks []Mark, n *yaml.Node, path []string) []Mark {
	if n == nil || n.Kind != yaml.MappingNode {
		return marks
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		at := append(slices.Clone(path), n.Content[i].Value)
		if m, ok := parseMark(n.Content[i+1]); ok {
			m.Path, m.Beside = at, texts(n)
			marks = append(marks, m)
		}
		marks = below(marks, n.Content[i+1], at)
	}
	return marks
}

func texts(n *yaml.Node) map[string]string {
	all := map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if value := n.Content[i+1]; value.Kind == yaml.ScalarNode {
			all[n.Content[i].Value] = value.Value
		}
	}
	return all
}

func parseMark(n *yaml.Node) (Mark, bool) {
	if n.Kind != yaml.ScalarNode || !strings.Contains(n.LineComment, MarkKey) {
		return Mark{}, false
	}
	m := markText.FindStringSubmatch(n.LineComment)
	if m == nil {
		return Mark{}, false
	}
	return Mark{Namespace: m[1], Name: m[2], Part: m[3]}, true
}

// FromPolicy returns the image that says the same as an ImagePolicy and its
// ImageRepository, which is in a namespace, or why there is none.
func FromPolicy(policy, repository *yaml.Node, namespace, alias string) (i *Image, why string) {
	i = &Image{Alias: alias, Name: node.Text(repository, "spec", "image"), Settings: map[string]string{}}
	spec := node.Get(policy, "spec")
	pattern := node.Text(spec, "filterTags", "pattern")
	if why = unlike(policy, repository); why != "" {
		return nil, why
	}
	i.Settings[Strategy] = "alphabetical"
	switch {
	case node.Text(spec, "digestReflectionPolicy") == "Always":
		tag, ok := literal(pattern)
		if !ok {
			return nil, "Argo CD Image Updater follows the digest of one tag, and the policy chooses among several"
		}
		i.Settings[Strategy], i.Constraint, pattern = "digest", tag, ""
	case node.Get(node.Get(spec, "policy"), "semver") != nil:
		i.Settings[Strategy] = "semver"
		i.Constraint = strings.TrimSpace(node.Text(spec, "policy", "semver", "range"))
	}
	switch i.Constraint {
	case anyVersion:
		i.Constraint = ""
	case "*": // which would be read as a tag
		i.Constraint = released
	}
	if pattern != "" {
		i.Settings[AllowTags] = "regexp:" + pattern
	}
	if why = i.without(node.Items(repository, "spec", "exclusionList")); why != "" {
		return nil, why
	}
	if secret := node.Text(repository, "spec", "secretRef", "name"); secret != "" {
		if namespace == "" {
			return nil, "the namespace of its ImageRepository, whose Secret it reads, is not known: say metadata.namespace"
		}
		i.Settings[PullSecret] = "pullsecret:" + namespace + "/" + secret
	}
	return i, i.misread()
}

// without sets the globs of tags that expressions leave out.
func (i *Image) without(expressions []*yaml.Node) (why string) {
	var globs []string
	for _, e := range expressions {
		glob, ok := globOf(e.Value)
		switch {
		case e.Value == Signatures:
		case !ok:
			return "its ImageRepository leaves tags out by a regular expression that no glob says"
		default:
			globs = append(globs, glob)
		}
	}
	if len(globs) > 0 {
		i.Settings[IgnoreTags] = strings.Join(globs, ",")
	}
	return ""
}

// misread says why Argo CD Image Updater would not find the image: in front of what is no tag
// it knows a registry by its dot, and keeps the library that it takes off the images of an
// Application (registry-scanner pkg/image/image.go NewFromIdentifier).
func (i *Image) misread() (why string) {
	host, _, _ := strings.Cut(i.Name, "/")
	switch {
	case i.Constraint == "" || tag.MatchString(i.Constraint):
	case !strings.Contains(host, ".") && (strings.Contains(host, ":") || host == "localhost"):
		return "Argo CD Image Updater reads no range of versions behind a registry whose name has no dot"
	case strings.HasPrefix(i.Name, "docker.io/library/"):
		return "Argo CD Image Updater finds no image of docker.io/library by a range of versions: name it without that"
	}
	return ""
}

var tag = regexp.MustCompile(`^\w[\w.-]*$`)

// unlike says what Argo CD Image Updater has not.
func unlike(policy, repository *yaml.Node) (why string) {
	spec := node.Get(policy, "spec")
	reflection := node.Text(spec, "digestReflectionPolicy")
	switch {
	case node.Text(repository, "spec", "image") == "":
		return "its ImageRepository names no image"
	case node.True(spec, "suspend") || node.True(repository, "spec", "suspend"):
		return "suspended: Argo CD Image Updater has no such switch"
	case node.Text(spec, "filterTags", "extract") != "":
		return "Argo CD Image Updater sorts whole tags, not a part of them"
	case node.Get(node.Get(spec, "policy"), "numerical") != nil:
		return "Argo CD Image Updater does not sort tags as numbers"
	case node.Text(spec, "policy", "alphabetical", "order") == "desc":
		return "Argo CD Image Updater takes the last tag in the order of the alphabet, and not the first"
	case reflection != "" && reflection != "Never" && reflection != "Always":
		return "Argo CD Image Updater has nothing like digestReflectionPolicy: " + reflection
	}
	return ""
}

// literal returns the one tag that a pattern matches.
func literal(pattern string) (tag string, ok bool) {
	text, first := strings.CutPrefix(pattern, "^")
	text, last := strings.CutSuffix(text, "$")
	tag = strings.ReplaceAll(text, `\`, "")
	return tag, first && last && tag != "" && regexp.QuoteMeta(tag) == text
}

// Same tells whether two names mean one image: what is on Docker Hub may leave that out
// (distribution/reference normalize.go).
func Same(a, b string) bool { return familiar(a) == familiar(b) }

func familiar(name string) string {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "index."), "docker.io/")
	return strings.TrimPrefix(name, "library/")
}
