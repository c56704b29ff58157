package checkout

import (
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// kustomization follows what a kustomization file names.
func (s *fluxScanner) kustomization(dir string) {
	if s.seen[dir] {
		return
	}
	s.seen[dir] = true
	for _, name := range kustomizationFiles {
		file := path.Join(dir, name)
		if !s.repo.Exists(file) {
			continue
		}
		docs, err := s.repo.documents(file)
		if err != nil || len(docs) != 1 {
			s.unread(file)
			return
		}
		k := &kustomization{fluxScanner: s, dir: dir, file: file, root: docs[0]}
		k.look()
		return
	}
	s.unread(dir + " (no kustomization file)")
}

// A kustomization is a kustomization file at work.
type kustomization struct {
	*fluxScanner
	dir, file string
	root      *yaml.Node
}

func (k *kustomization) look() {
	k.edited()
	for _, key := range []string{"resources", "bases", "components"} {
		for _, item := range node.Items(k.root, key) {
			k.resource(item.Value)
		}
	}
	// Flux runs no plugin (fluxcd/pkg kustomize/kustomize_generator.go Build), and
	// transformers may do anything.
	for _, key := range []string{"generators", "transformers", "helmCharts", "helmChartInflationGenerator"} {
		if len(node.Items(k.root, key)) > 0 {
			k.unread(key + " of " + k.file)
		}
	}
	for _, key := range []string{"crds", "configurations"} {
		for _, item := range node.Items(k.root, key) {
			k.beside(item.Value)
		}
	}
	k.patches()
	k.generators()
	k.common()
	k.texts()
}

// beside notes a file that Argo CD's kustomize refuses to load from another directory,
// and Flux's loads (LoadRestrictionsNone in Build).
func (k *kustomization) beside(text string) (name string) {
	name = clean(path.Join(k.dir, text))
	if k.dir != "." && !strings.HasPrefix(name, k.dir+"/") {
		k.Outside = append(k.Outside, name+" ("+k.file+")")
	}
	return name
}

// resource follows what the file names. A remote one may hold a token and is not shown.
func (k *kustomization) resource(text string) {
	name := clean(path.Join(k.dir, text))
	info, err := fs.Stat(k.repo.FS, name)
	switch {
	case err != nil || strings.Contains(text, "://"):
		k.unread("what " + k.file + " names, which is not in the checkout")
	case info.IsDir():
		k.kustomization(name)
	default:
		k.beside(text)
		k.resourceFile(name)
	}
}

func (k *kustomization) resourceFile(name string) {
	if k.seen[name] {
		return
	}
	k.seen[name] = true
	docs, err := k.repo.documents(name)
	if err != nil {
		k.unread(name)
	}
	for _, doc := range docs {
		if !isObject(doc) {
			k.unread(name)
			continue
		}
		k.object(name, doc)
	}
}

// patches looks at the patches, and at the files that replacements come from.
func (k *kustomization) patches() {
	for _, item := range node.Items(k.root, "patchesStrategicMerge") {
		if name := clean(path.Join(k.dir, item.Value)); k.repo.Exists(name) {
			k.patchFile(item.Value)
		} else {
			k.patch(k.file, item.Value)
		}
	}
	for _, key := range []string{"patches", "patchesJson6902", "replacements"} {
		for _, item := range node.Items(k.root, key) {
			if name := node.Text(item, "path"); name != "" {
				k.patchFile(name)
			}
			k.patch(k.file, node.Text(item, "patch"))
		}
	}
}

func (k *kustomization) patchFile(text string) {
	name := k.beside(text)
	data, ok := k.repo.Read(name)
	if !ok {
		k.unread(name)
		return
	}
	k.patch(name, string(data))
	k.plain(name, string(data))
	if encryptedText(string(data)) {
		k.Encrypted = append(k.Encrypted, name)
	}
}

// patch looks at what a patch sets of metadata.
func (k *kustomization) patch(file, text string) {
	docs, err := parse(text)
	if err != nil {
		k.unread("a patch of " + file)
	}
	for _, doc := range docs {
		k.metadata("a patch ("+file+")", patchMetadata(doc))
	}
}

// plain notes a text that postBuild would change.
func (s *fluxScanner) plain(name, text string) {
	if Replaceable(text) {
		s.Variables = append(s.Variables, name)
	}
}
