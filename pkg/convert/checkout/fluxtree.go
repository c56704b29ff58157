package checkout

import (
	"bytes"
	"io/fs"
	"path"
	"slices"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// tree reads a directory without a kustomization file.
func (s *fluxScanner) tree(held func(string) bool) {
	err := fs.WalkDir(s.repo.FS, s.root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir() && name != s.root && s.leftOut(name, held):
			s.Tree.ArgoOnly = append(s.Tree.ArgoOnly, s.below(name)+"/")
			return fs.SkipDir
		case d.IsDir() && name != s.root && s.builds(name, held):
			s.Tree.Nested = append(s.Tree.Nested, s.below(name))
			s.kustomization(name)
			return fs.SkipDir
		case !d.IsDir():
			s.leaf(name, d.Type().IsRegular() && held(name))
		}
		return nil
	})
	if err != nil {
		s.unread(s.root)
	}
}

// leftOut tells whether Flux's artifact has none of the YAML files of a directory that
// has some.
func (s *fluxScanner) leftOut(dir string, held func(string) bool) bool {
	some, all := false, true
	err := fs.WalkDir(s.repo.FS, dir, func(name string, d fs.DirEntry, err error) error {
		if ext := path.Ext(name); err == nil && !d.IsDir() && (ext == ".yaml" || ext == ".yml") {
			some, all = true, all && !held(name)
		}
		return err
	})
	return err == nil && some && all
}

// builds tells whether Flux finds a kustomization file in the directory.
func (s *fluxScanner) builds(dir string, held func(string) bool) bool {
	return slices.ContainsFunc(kustomizationFiles, func(name string) bool {
		return s.repo.Exists(path.Join(dir, name)) && held(path.Join(dir, name))
	})
}

// leaf looks at a file of the tree; held tells whether Flux has it.
func (s *fluxScanner) leaf(name string, held bool) {
	switch ext := path.Ext(name); {
	case ext == ".json", ext == ".jsonnet":
		s.Tree.ArgoOnly = append(s.Tree.ArgoOnly, s.below(name))
	case ext != ".yaml" && ext != ".yml":
	case !held:
		if docs, err := s.repo.documents(name); err == nil && len(docs) > 0 && isObject(docs[0]) {
			s.Tree.ArgoOnly = append(s.Tree.ArgoOnly, s.below(name))
		}
	default:
		s.manifest(name)
	}
}

// manifest looks at a YAML file of the tree. One document that is no object fails all
// that Flux builds of the path.
func (s *fluxScanner) manifest(name string) {
	docs, err := s.repo.documents(name)
	if err != nil {
		s.Tree.Refused = append(s.Tree.Refused, s.below(name))
		s.unread(name)
		return
	}
	for _, doc := range docs {
		if !isObject(doc) || repeatsKey(doc) {
			s.Tree.Refused = append(s.Tree.Refused, s.below(name))
			return
		}
	}
	if data, ok := s.repo.Read(name); ok && bytes.Contains(data, []byte(skipMarker)) {
		s.Tree.Skipped = append(s.Tree.Skipped, s.below(name))
	}
	for _, doc := range docs {
		s.object(name, doc)
		s.named(name, doc)
	}
}

// named notes an object of the tree itself whose name another one has.
func (s *fluxScanner) named(file string, o *yaml.Node) {
	meta := node.Get(o, "metadata")
	id := Object{
		Group: group(node.Text(o, "apiVersion")), Kind: node.Text(o, "kind"),
		Namespace: node.Text(meta, "namespace"), Name: node.Text(meta, "name"),
	}
	if id.Name != "" && s.names[id] {
		s.Tree.Refused = append(s.Tree.Refused, id.String()+" ("+file+")")
	}
	s.names[id] = true
}

// repeatsKey tells whether a map sets a key twice, which kustomize refuses.
func repeatsKey(n *yaml.Node) bool {
	seen := map[string]bool{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[child.Value] {
				return true
			}
			seen[child.Value] = true
		} else if repeatsKey(child) {
			return true
		}
	}
	return false
}

// placed notes what else of an object of the tree matters.
func (s *fluxScanner) placed(title string, o *yaml.Node) {
	meta := node.Get(o, "metadata")
	if node.Text(meta, "name") == "" {
		s.Tree.Refused = append(s.Tree.Refused, title)
	}
	if node.Text(meta, "annotations", "config.kubernetes.io/local-config") == "true" {
		s.Tree.Local = append(s.Tree.Local, title)
	}
	for _, namespace := range namespaces(o) {
		s.Tree.Placed = append(s.Tree.Placed, Placement{title, namespace})
	}
}

// namespaces lists the namespaces that an object names where a target namespace
// changes them (kustomize api/filters/namespace, builtinpluginconsts/namespace.go, and
// the references that follow).
func namespaces(o *yaml.Node) (names []string) {
	if own := node.Text(o, "metadata", "namespace"); own != "" {
		names = append(names, own)
	}
	if node.Text(o, "kind") == "Namespace" {
		return []string{node.Text(o, "metadata", "name")}
	}
	for _, reference := range references(o) {
		names = append(names, node.Text(reference, "namespace"))
	}
	return names
}

// references lists the maps by which an object names another and its namespace, both of
// which kustomize rewrites when the other changes (api/internal/accumulator
// namereferencetransformer.go; builtinpluginconsts/namereference.go).
func references(o *yaml.Node) (found []*yaml.Node) {
	services := []*yaml.Node{}
	switch node.Text(o, "kind") {
	case "RoleBinding", "ClusterRoleBinding":
		for _, subject := range node.Items(o, "subjects") {
			if node.Text(subject, "kind") == "ServiceAccount" {
				services = append(services, subject)
			}
		}
	case "APIService":
		services = append(services, node.At(o, "spec", "service"))
	case "CustomResourceDefinition":
		services = append(services, node.At(o, "spec", "conversion", "webhook", "clientConfig", "service"))
	case "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration":
		for _, webhook := range node.Items(o, "webhooks") {
			services = append(services, node.At(webhook, "clientConfig", "service"))
		}
	}
	for _, service := range services {
		if service != nil {
			found = append(found, service)
		}
	}
	return found
}

// below returns the file as seen from the path.
func (s *fluxScanner) below(name string) string {
	if s.root == "." {
		return name
	}
	return name[len(s.root)+1:]
}
