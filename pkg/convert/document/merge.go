package document

import "sigs.k8s.io/kustomize/kyaml/yaml"

// isMerge reports whether key is a merge key: << without quotes.
func isMerge(key *yaml.Node) bool {
	return key.Value == "<<" && key.ShortTag() == yaml.MergeTag
}

// merge puts the pairs that a map's merge key stands for in its place.
func (r *resolver) merge(n *yaml.Node) error {
	taken := make(map[string]bool, len(n.Content))
	for i := 0; i < len(n.Content); i += 2 {
		taken[n.Content[i].Value] = true
	}
	var pairs []*yaml.Node
	for i := 0; i < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if !isMerge(key) {
			pairs = append(pairs, key, value)
			continue
		}
		sources := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			sources = value.Content
		}
		at := len(pairs)
		for _, source := range sources {
			if source.Kind != yaml.MappingNode {
				return r.fail(key.Line, "a merge key (<<) needs a map or a list of maps, found "+describe(source), "")
			}
			pairs = appendMissing(pairs, source.Content, taken)
		}
		if at < len(pairs) {
			pairs[at].HeadComment = joinComments(key.HeadComment, pairs[at].HeadComment)
		}
	}
	n.Content = pairs
	return nil
}

// appendMissing appends the pairs whose keys are not taken, and takes them.
func appendMissing(to, pairs []*yaml.Node, taken map[string]bool) []*yaml.Node {
	for i := 0; i < len(pairs); i += 2 {
		if key := pairs[i]; !taken[key.Value] {
			taken[key.Value] = true
			to = append(to, key, pairs[i+1])
		}
	}
	return to
}
