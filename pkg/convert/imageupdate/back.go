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
	// Beside are the texts that stand beside a value.
	Beside []Setting
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
				m.Path, m.Item = []string{item.Content[i].Value}, node.Text(item, "name")
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

func texts(n *yaml.Node) (all []Setting) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if value := n.Content[i+1]; value.Kind == yaml.ScalarNode {
			all = append(all, Setting{n.Content[i].Value, value.Value})
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

// A Setting is an annotation without its prefix.
type Setting struct{ Key, Value string }

// FromPolicy returns the item of the image list and the settings that say the same as an
// ImagePolicy and its ImageRepository, or why there are none.
func FromPolicy(policy, repository *yaml.Node, alias string) (item string, settings []Setting, why string) {
	image := node.Text(repository, "spec", "image")
	set := func(key, value string) { settings = append(settings, Setting{alias + "." + key, value}) }
	spec := node.Get(policy, "spec")
	pattern := node.Text(spec, "filterTags", "pattern")
	why = unlike(policy, repository)
	constraint := ""
	switch {
	case why != "":
	case node.Text(spec, "digestReflectionPolicy") == "Always":
		tag, ok := literal(pattern)
		if !ok {
			return "", nil, "Argo CD Image Updater follows the digest of one tag, and the policy chooses among several"
		}
		constraint, pattern = tag, ""
		set(Strategy, "digest")
	case node.Get(node.Get(spec, "policy"), "semver") != nil:
		// A comma parts the images of the list; to Masterminds/semver a space is the same.
		constraint = strings.Join(strings.Fields(strings.ReplaceAll(node.Text(spec, "policy", "semver", "range"), ",", " ")), " ")
		set(Strategy, "semver")
	default:
		set(Strategy, "alphabetical")
	}
	if pattern != "" {
		set(AllowTags, "regexp:"+pattern)
	}
	if secret := node.Text(repository, "spec", "secretRef", "name"); secret != "" {
		set(PullSecret, "pullsecret:"+strings.TrimPrefix(node.Text(repository, "metadata", "namespace")+"/"+secret, "/"))
	}
	item = alias + "=" + image
	if constraint != "" && constraint != "*" {
		item += ":" + constraint
	}
	return item, settings, why
}

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
	for _, pattern := range node.Items(repository, "spec", "exclusionList") {
		if pattern.Value != Signatures {
			return "its ImageRepository leaves tags out by regular expressions, and ignore-tags takes globs"
		}
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
