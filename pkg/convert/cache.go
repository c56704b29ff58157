package convert

import (
	"sync"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// cached bounds how many source objects are kept parsed. Most inputs have few, which
// many share; the others are parsed when they are needed.
const cached = 512

// A cache holds parsed objects. Nobody may change what it returns.
type cache struct {
	mu    sync.Mutex
	trees map[site]*yaml.Node
	sites map[*flux.Entry]site
	// members opens documents that hold several objects.
	members func(root *yaml.Node) ([]*yaml.Node, bool)
}

func newCache(members func(root *yaml.Node) ([]*yaml.Node, bool)) *cache {
	return &cache{trees: map[site]*yaml.Node{}, sites: map[*flux.Entry]site{}, members: members}
}

// know remembers where an entry stands.
func (c *cache) know(e *flux.Entry, at site) { c.sites[e] = at }

func (c *cache) load(at site) (*yaml.Node, error) {
	c.mu.Lock()
	tree, ok := c.trees[at]
	c.mu.Unlock()
	if ok {
		return tree, nil
	}
	root, err := at.doc.Parse()
	if err != nil {
		return nil, err
	}
	objects, first := []*yaml.Node{root}, -1
	if at.item >= 0 {
		objects, _ = c.members(root)
		first = 0
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.trees) >= cached {
		clear(c.trees)
	}
	// Opening a document can take long: all that it holds is kept.
	for i, object := range objects {
		node.ResolveOldBools(object)
		c.trees[site{at.doc, first + i}] = object
	}
	return c.trees[at], nil
}
