package checkout

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// generators looks at what ConfigMaps and Secrets are made of.
func (k *kustomization) generators() {
	common := node.Get(k.root, "generatorOptions")
	for _, item := range node.Items(k.root, "configMapGenerator") {
		options := node.Get(item, "options")
		off := substituteDisabled(options) || substituteDisabled(common)
		k.metadata("ConfigMap/"+node.Text(item, "name")+" ("+k.file+")", options)
		for _, literal := range node.Items(item, "literals") {
			if !off {
				k.plain(k.file, literal.Value)
			}
		}
		for _, t := range k.contents(item) {
			if !off && utf8.ValidString(t.content) {
				k.plain(t.file, t.content)
			}
		}
	}
	// What a Secret holds is encoded, and no variable shows in it.
	for _, item := range node.Items(k.root, "secretGenerator") {
		k.metadata("Secret/"+node.Text(item, "name")+" ("+k.file+")", node.Get(item, "options"))
		for _, t := range k.contents(item) {
			if encryptedText(t.content) {
				k.Encrypted = append(k.Encrypted, t.file)
			}
		}
	}
	k.metadata("generatorOptions ("+k.file+")", common)
}

// A text is what a generator reads.
type text struct{ file, content string }

func (k *kustomization) contents(generator *yaml.Node) (texts []text) {
	names := slices.Concat(node.Items(generator, "files"), node.Items(generator, "envs"))
	if env := node.Get(generator, "env"); env != nil {
		names = append(names, env)
	}
	for _, item := range names {
		_, file, named := strings.Cut(item.Value, "=")
		if !named {
			file = item.Value
		}
		name := k.beside(file)
		data, ok := k.repo.Read(name)
		if !ok {
			k.unread(name)
		}
		texts = append(texts, text{name, string(data)})
	}
	return texts
}

func orMap(n *yaml.Node, key string) *yaml.Node {
	if value := node.Get(n, key); value != nil {
		return value
	}
	return node.Map()
}

// common looks at what the file sets on all of its objects. Patches at the path see
// what is set below it, but not what the path's own file sets.
func (k *kustomization) common() {
	annotations, labels := orMap(k.root, "commonAnnotations"), node.Clone(orMap(k.root, "commonLabels"))
	for _, item := range node.Items(k.root, "labels") {
		labels.Content = append(labels.Content, orMap(item, "pairs").Content...)
	}
	all := node.Map("annotations", annotations, "labels", labels)
	marks, hooks := len(k.Marks), len(k.Hooks)
	k.metadata("all of "+k.file, all)
	late := k.dir == k.fluxScanner.root
	for i := marks; i < len(k.Marks); i++ {
		k.Marks[i].Late = late
	}
	for i := hooks; i < len(k.Hooks); i++ {
		k.Hooks[i].Late = late
	}
}

// texts notes variables in what the file itself says, other than the contents of
// generators.
func (k *kustomization) texts() {
	for i := 0; i+1 < len(k.root.Content); i += 2 {
		switch k.root.Content[i].Value {
		case "configMapGenerator", "secretGenerator":
		default:
			if replaceable(k.root.Content[i+1], false) {
				k.Variables = append(k.Variables, k.file)
				return
			}
		}
	}
}
