package cutover

import (
	"maps"
	"reflect"
	"slices"
)

// undone: nothing that goes on deploys what was changed below it.
func (c *cluster) undone(after string) {
	c.t.Helper()
	for key, owners := range c.owners {
		was, is := c.first[key], c.objects[key]
		same := is != nil && reconciles(was) == reconciles(is) && reflect.DeepEqual(field(was, "metadata", "finalizers"), field(is, "metadata", "finalizers"))
		for _, owner := range owners {
			if !same && reconciles(c.objects[owner]) {
				c.t.Errorf("after %s: %s would undo what was done to %s", after, owner, key)
			}
		}
	}
}

// note remembers what deploys which of the apps and sets.
func (c *cluster) note(sets []thing) {
	c.first, c.owners = maps.Clone(c.objects), map[string][]string{}
	id := func(t thing) string { return t.resource() + "/" + t.Namespace + "/" + t.Name }
	all, byKey := slices.Clone(sets), map[string]thing{}
	for _, a := range c.moved {
		all = append(all, a.thing)
		if a.made {
			c.owners[id(a.thing)] = []string{"applicationsets.argoproj.io/argocd/many"}
		}
	}
	for _, t := range all {
		byKey[t.key()] = t
	}
	for _, t := range all {
		for _, key := range t.owners() {
			if owner, ok := byKey[key]; ok {
				c.owners[id(t)] = append(c.owners[id(t)], id(owner))
			}
		}
	}
}
