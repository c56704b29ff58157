package plan

import (
	"slices"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
)

// namespaceStages make the namespaces of all apps that are applied.
func namespaceStages(units []*unit) (stages []*Stage) {
	made := map[string]bool{}
	for _, u := range units {
		if u.owner.Skipped != "" {
			continue
		}
		for _, n := range u.namespaces {
			key := u.owner.Cluster + "\x00" + n.name
			if made[key] && !n.manage {
				continue
			}
			made[key] = true
			stages = addNamespace(stages, u.owner.Cluster, n)
		}
	}
	return stages
}

// addNamespace adds a namespace to the last stage, or to a new one.
func addNamespace(stages []*Stage, cluster string, n namespace) []*Stage {
	action := ApplyMissing
	if n.manage {
		action = Apply
	}
	m := &method{manager: n.manager}
	s := &Stage{Phase: Namespaces, Action: action, Flags: m.flags(true, false), cluster: cluster}
	if len(stages) > 0 {
		if last := stages[len(stages)-1]; last.Action == s.Action && last.cluster == cluster && slices.Equal(last.Flags, s.Flags) {
			s = last
		}
	}
	metadata := map[string]any{"name": n.name}
	if len(n.labels) > 0 {
		metadata["labels"] = n.labels
	}
	if len(n.annotations) > 0 {
		metadata["annotations"] = n.annotations
	}
	s.add(map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
	if len(stages) == 0 || stages[len(stages)-1] != s {
		stages = append(stages, s)
	}
	return stages
}

// add adds an object that no app renders.
func (s *Stage) add(content map[string]any) {
	o := manifest.Object{}
	o.Object = content
	s.Objects = append(s.Objects, &Object{
		Object: o.ID(), content: content, File: fileName(len(s.Objects)+1, o.GetKind(), o.GetName()),
	})
}

// setStages make the parents of ApplySets, and their kind: kubectl makes only
// ConfigMaps and Secrets by itself.
func setStages(units []*unit) (stages []*Stage) {
	byCluster := map[string]*Stage{}
	for _, u := range units {
		for _, set := range u.sets {
			if u.owner.Skipped != "" {
				continue
			}
			parents := byCluster[u.owner.Cluster]
			if parents == nil {
				flags := []string{"--field-manager=" + setManager, "--server-side"}
				kind := &Stage{Phase: ApplySets, Action: Apply, Flags: flags, cluster: u.owner.Cluster}
				kind.add(parentType())
				kind.Wait = []Wait{{Object: kind.Objects[0].Object, For: conditions["CustomResourceDefinition"]}}
				parents = &Stage{Phase: ApplySets, Action: ApplyMissing, Flags: flags, cluster: u.owner.Cluster}
				byCluster[u.owner.Cluster] = parents
				stages = append(stages, kind, parents)
			}
			parents.add(set.empty())
		}
	}
	return stages
}
