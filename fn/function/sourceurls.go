package function

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// readSourceURLs reads the list of a GitOpsConvert, or the lines of a ConfigMap.
func readSourceURLs(c *config, value *yaml.Node, inConfigMap bool) (err error) {
	read := sourceURLItems
	if inConfigMap {
		read = sourceURLLines
	}
	c.options.SourceURLs, err = read(value)
	return err
}

func sourceURLLines(value *yaml.Node) (list []convert.SourceURL, err error) {
	if value.Kind != yaml.ScalarNode || value.ShortTag() != yaml.NodeTagString {
		return nil, errors.New("must be a string of lines NAME=URL[@REV]")
	}
	n := 0
	for line := range strings.Lines(value.Value) {
		n++
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		s, err := convert.ParseSourceURL(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		list = append(list, s)
	}
	return list, nil
}

func sourceURLItems(value *yaml.Node) (list []convert.SourceURL, err error) {
	if value.Kind != yaml.SequenceNode {
		return nil, errors.New("must be a list of name, url and revision")
	}
	for i, item := range value.Content {
		s, err := sourceURLItem(item)
		if err != nil {
			return nil, fmt.Errorf("item %d %w", i+1, err)
		}
		list = append(list, s)
	}
	return list, nil
}

// sourceURLItem reads one {name, url, revision}.
func sourceURLItem(item *yaml.Node) (s convert.SourceURL, err error) {
	if item.Kind != yaml.MappingNode {
		return s, errors.New("must be a mapping of name, url and revision")
	}
	keys := []string{"name", "url", "revision"}
	into := []*string{&s.Name, &s.URL, &s.Revision}
	err = yaml.NewRNode(item).VisitFields(func(n *yaml.MapNode) error {
		key, text := n.Key.YNode().Value, n.Value.YNode()
		i := slices.Index(keys, key)
		switch {
		case i < 0:
			return fmt.Errorf("has the unknown key %s: known are %s", key, strings.Join(keys, ", "))
		case text.Kind != yaml.ScalarNode || text.ShortTag() != yaml.NodeTagString:
			return fmt.Errorf("needs a string as %s (quote numbers)", key)
		}
		*into[i] = text.Value
		return nil
	})
	if err == nil && (s.Name == "" || s.URL == "") {
		err = errors.New("needs a name and a url")
	}
	return s, err
}
