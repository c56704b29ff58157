package checkout

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// Edits are what an Application changes in the kustomization file at its path.
type Edits struct {
	Namespace, NamePrefix, NameSuffix string
	Components                        []string
}

// ScanKustomize follows a kustomization's local resources, bases and components.
func (r *Repo) ScanKustomize(dir string, edits Edits) *Scan {
	s := r.scanner()
	s.edits, s.root = edits, clean(dir)
	s.kustomization(s.root, 0)
	return s.done()
}

// kustomization scans the directory; what it sets reaches the objects from first on,
// which for a component are also those of the kustomization that names it.
func (s *scanner) kustomization(dir string, first int) {
	if s.seen[dir] {
		s.Moves = append(s.Moves, dir)
		return
	}
	s.seen[dir] = true
	for _, base := range kustomizationFiles {
		name := path.Join(dir, base)
		data, ok := s.repo.Read(name)
		if !ok {
			continue
		}
		var k yaml.Node
		if yaml.Unmarshal(data, &k) != nil || len(k.Content) == 0 {
			s.unseen(name + ", which is no YAML")
			return
		}
		s.build(name, k.Content[0], first)
		return
	}
	s.unseen(dir + ", which has no kustomization file")
}

// build goes the way of kustomize's own build (api/internal/target/kusttarget.go).
func (s *scanner) build(file string, k *yaml.Node, first int) {
	dir := path.Dir(file)
	if changes(k) {
		s.Changing = append(s.Changing, file)
	}
	for _, key := range []string{"resources", "bases"} {
		for _, item := range node.Items(k, key) {
			s.resource(file, item, len(s.Objects))
		}
	}
	s.generators(file, k)
	s.plugins(file, k)
	components := node.Items(k, "components")
	if dir == s.root {
		s.Annotations = keys(node.Get(k, "commonAnnotations"))
		for _, item := range components {
			s.Components = append(s.Components, item.Value)
		}
		components = append(components[:len(components):len(components)], node.Strings(s.edits.Components).Content...)
	}
	for _, item := range components {
		s.resource(file, item, first)
	}
	s.labels(file, k)
	s.patches(file, k)
	s.transform(file, k, s.Objects[first:])
}

// changes tells whether a kustomization does more to objects than to name their files
// and to set a namespace.
func changes(k *yaml.Node) bool {
	for i, n := range content(k) {
		if i%2 == 0 && !slices.Contains([]string{"apiVersion", "kind", "metadata", "resources", "bases", "namespace"}, n.Value) {
			return true
		}
	}
	return false
}

// resource follows what a kustomization file names.
func (s *scanner) resource(file string, item *yaml.Node, first int) {
	name := clean(path.Join(path.Dir(file), item.Value))
	info, err := fs.Stat(s.repo.FS, name)
	switch {
	case strings.Contains(item.Value, "://") || err != nil && strings.ContainsAny(item.Value, "@?"):
		s.unseen("the remote resource of " + place(file, item)) // its URL may hold a token
	case err != nil:
		s.unseen("what " + place(file, item) + " names, which is not in the checkout")
	case info.IsDir():
		s.kustomization(name, first)
	default:
		s.file(name)
		s.Files = append(s.Files, name)
	}
}

func place(file string, item *yaml.Node) string {
	if item.Line == 0 {
		return file
	}
	return file + ":" + strconv.Itoa(item.Line)
}

// transform names and places the objects as the kustomization file says. Patches come
// before, so that what they set is overwritten too.
func (s *scanner) transform(file string, k *yaml.Node, objects []Object) {
	namespace, prefix, suffix := node.Text(k, "namespace"), node.Text(k, "namePrefix"), node.Text(k, "nameSuffix")
	switch {
	case path.Dir(file) == s.root:
		namespace = orElse(s.edits.Namespace, namespace)
		prefix, suffix = orElse(s.edits.NamePrefix, prefix), orElse(s.edits.NameSuffix, suffix)
		s.Namespace = orElse(namespace, s.Namespace)
	case namespace != "":
		s.Namespaces = append(s.Namespaces, file+": "+namespace)
	}
	for i := range objects {
		objects[i].transform(namespace, prefix, suffix)
		objects[i].Unsure = objects[i].Unsure || len(node.Items(k, "transformers")) > 0
	}
}

func orElse(text, fallback string) string {
	if text == "" {
		return fallback
	}
	return text
}

// patches notes what patches may change that matters here.
func (s *scanner) patches(file string, k *yaml.Node) {
	if len(node.Items(k, "replacements")) > 0 {
		s.Moves = append(s.Moves, file)
	}
	for _, key := range []string{"patches", "patchesStrategicMerge", "patchesJson6902"} {
		for _, item := range node.Items(k, key) {
			text := s.patch(path.Dir(file), item)
			if strings.Contains(text, "namespace") {
				s.Moves = append(s.Moves, file)
			}
			s.annotates(file, text)
		}
	}
	for i, n := range content(node.Get(k, "commonAnnotations")) {
		if i%2 == 0 {
			s.annotates(file, n.Value)
		}
	}
}

// labels notes what commonLabels and labels set, but for what is on metadata alone.
func (s *scanner) labels(file string, k *yaml.Node) {
	for _, item := range node.Items(k, "configurations") {
		s.unseen("the fields that " + place(file, item) + " adds to what labels reach")
	}
	maps := []*yaml.Node{node.Get(k, "commonLabels")}
	for _, item := range node.Items(k, "labels") {
		if node.True(item, "includeSelectors") || node.True(item, "includeTemplates") || len(node.Items(item, "fields")) > 0 {
			maps = append(maps, node.Get(item, "pairs"))
		}
	}
	for _, m := range maps {
		for i, n := range content(m) {
			if i%2 == 0 && s.Labels[n.Value] == "" {
				s.Labels[n.Value] = file
			}
		}
	}
}

func content(n *yaml.Node) []*yaml.Node {
	if n == nil {
		return nil
	}
	return n.Content
}

// patch returns the text of an item of a list of patches: inline, or a file's.
func (s *scanner) patch(dir string, item *yaml.Node) string {
	name := item.Value
	if item.Kind == yaml.MappingNode {
		if text := node.Text(item, "patch"); text != "" {
			return text
		}
		name = node.Text(item, "path")
	}
	if data, ok := s.repo.Read(path.Join(dir, name)); ok && name != "" {
		return string(data)
	}
	return item.Value
}

func (s *scanner) annotates(file, text string) {
	text = strings.ReplaceAll(text, "~1", "/")
	for _, annotation := range []string{hookAnnotation, helmAnnotation, waveAnnotation} {
		if strings.Contains(text, annotation) {
			s.unseen("hooks and waves that " + file + " sets")
		}
	}
}
