package checkout

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// A FluxView is what decides about the manifests that Flux builds from a repository:
// fields of a Kustomization and of its source.
type FluxView struct {
	Path       string
	Components []string
	// Ignore is spec.ignore of the source.
	Ignore string
}

// A FluxScan is what the manifests of a Kustomization hold that Flux and Argo CD treat
// differently. Texts name the files, and never what a Secret holds.
type FluxScan struct {
	// Unread is what could not be followed: remote bases, plugins, broken files.
	// Absence is proven only where it is empty.
	Unread []string
	// Flux are objects of Flux itself.
	Flux []string
	// Encrypted are documents that SOPS encrypted, Variables texts that postBuild would
	// replace.
	Encrypted, Variables []string
	// Prose are definitions of which postBuild would change the descriptions alone.
	Prose []string
	// Marks are annotations by which kustomize-controller treats an object in its own way.
	Marks []Mark
	// Hooks are objects that only Argo CD takes for hooks, Steered those with other
	// annotations that only Argo CD heeds.
	Hooks   []FluxHook
	Steered []string
	// Outside are files beside the directory of the kustomization that names them.
	Outside []string
	Root    FluxRoot
	Tree    FluxTree
}

// A FluxHook is an object with an annotation by which Argo CD takes it for a hook. Late is
// as in Mark.
type FluxHook struct {
	Object, Annotation string
	Late               bool
}

// FluxTree is what matters of a directory without a kustomization file.
type FluxTree struct {
	// Nested are kustomizations below, which Flux builds and Argo CD reads raw.
	Nested []string
	// ArgoOnly are files that only Argo CD reads, seen from the path: JSON, links, and
	// what Flux's artifact lacks; a whole directory ends in a slash.
	ArgoOnly []string
	// Skipped are files marked +argocd:skip-file-rendering, which Argo CD passes over, and
	// Local objects that kustomize takes for its own configuration.
	Skipped, Local []string
	// Refused make Flux's build fail: files that are no Kubernetes objects or set a key
	// twice, and objects without a name or with that of another.
	Refused []string
	// Placed are the namespaces that objects name.
	Placed []Placement
}

// A Placement is an object and a namespace that it names.
type Placement struct{ Object, Namespace string }

// Complete tells whether all manifests could be read.
func (s *FluxScan) Complete() bool { return len(s.Unread) == 0 }

// ScanFlux looks at the manifests as kustomize-controller builds them: it follows the
// kustomization, or reads the whole tree where there is none (fluxcd/pkg
// kustomize/kustomize_generator.go).
func (r *Repo) ScanFlux(v FluxView) *FluxScan {
	s := &fluxScanner{repo: r, root: clean(v.Path), seen: map[string]bool{}, names: map[Object]bool{}}
	held := r.Artifact(v.Ignore)
	if s.Root.Built = s.builds(s.root, held); s.Root.Built {
		s.kustomization(s.root)
	} else {
		s.tree(held)
	}
	for _, component := range v.Components {
		s.kustomization(clean(path.Join(s.root, component)))
	}
	return &s.FluxScan
}

type fluxScanner struct {
	FluxScan
	repo *Repo
	root string
	seen map[string]bool
	// names are the objects of the tree itself.
	names map[Object]bool
}

func (s *fluxScanner) unread(what string) { s.Unread = append(s.Unread, what) }

// documents parses a YAML file.
func (r *Repo) documents(name string) (docs []*yaml.Node, err error) {
	data, ok := r.Read(name)
	if !ok {
		return nil, fs.ErrNotExist
	}
	return parse(string(data))
}

// parse parses the documents of a text; empty ones are left out.
func parse(text string) (docs []*yaml.Node, err error) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var doc yaml.Node
		if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
			return docs, nil
		} else if err != nil {
			return nil, err
		}
		if len(doc.Content) > 0 && doc.Content[0].ShortTag() != yaml.NodeTagNull {
			docs = append(docs, doc.Content[0])
		}
	}
}
