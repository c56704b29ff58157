package function

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// The identity of the functionConfig.
const (
	configAPIVersion = "fn.kubectl-gitops.io/v1alpha1"
	configKind       = "GitOpsConvert"
)

// config is what the functionConfig says.
type config struct {
	options convert.Options
	perApp  bool
	failOn  threshold
	// record asks for a record under the name of cluster.
	record  bool
	cluster string
}

// parseConfig reads a GitOpsConvert, or a ConfigMap with the same keys. Without
// one it returns the defaults.
func parseConfig(node *yaml.RNode) (config, error) {
	c := config{
		options: convert.Options{To: convert.Direction(fields.named("to").standard)},
		failOn:  thresholds[fields.named("failOn").standard],
		cluster: fields.named("clusterName").standard,
	}
	if node.IsNilOrEmpty() {
		return c, nil
	}
	if node.YNode().Kind != yaml.MappingNode {
		return c, errors.New("it must be a mapping")
	}
	section, err := sectionOf(node)
	if err != nil {
		return c, err
	}
	err = node.VisitFields(func(n *yaml.MapNode) error {
		switch key := n.Key.YNode().Value; key {
		case "apiVersion", "kind", "metadata":
			return nil
		case section:
			return c.read(section, n.Value)
		default:
			return fmt.Errorf("unknown key %s: known are apiVersion, kind, metadata, %s", key, section)
		}
	})
	return c, err
}

// sectionOf returns the name of the mapping that holds the keys.
func sectionOf(node *yaml.RNode) (string, error) {
	switch version, kind := node.GetApiVersion(), node.GetKind(); {
	case version == configAPIVersion && kind == configKind:
		return "spec", nil
	case version == "v1" && kind == "ConfigMap":
		return "data", nil
	default:
		return "", fmt.Errorf("%q %q is not known: use %s %s or v1 ConfigMap",
			version, kind, configAPIVersion, configKind)
	}
}

// read takes the keys of section.
func (c *config) read(section string, values *yaml.RNode) error {
	if values.IsNil() || values.IsTaggedNull() {
		return nil
	}
	if values.YNode().Kind != yaml.MappingNode {
		return fmt.Errorf("%s must be a mapping", section)
	}
	return values.VisitFields(func(n *yaml.MapNode) error {
		key := n.Key.YNode().Value
		f := fields.named(key)
		if f == nil {
			return fmt.Errorf("unknown key %s.%s: known are %s", section, key, fields.names())
		}
		if err := f.take(c, n.Value.YNode(), section == "data"); err != nil {
			return fmt.Errorf("%s.%s %w", section, key, err)
		}
		return nil
	})
}

// take sets the field to the value at node.
func (f *field) take(c *config, node *yaml.Node, inConfigMap bool) error {
	if f.read != nil {
		return f.read(c, node, inConfigMap)
	}
	text, err := f.text(node, inConfigMap)
	if err == nil {
		f.set(c, text)
	}
	return err
}

// text returns the value of a field if its type and value fit. All values of a
// ConfigMap are strings.
func (f *field) text(node *yaml.Node, inConfigMap bool) (string, error) {
	want, tag := "a string", yaml.NodeTagString
	if f.boolean && !inConfigMap {
		want, tag = "true or false", yaml.NodeTagBool
	}
	if node.Kind != yaml.ScalarNode || node.ShortTag() != tag {
		return "", fmt.Errorf("must be %s (quote numbers)", want)
	}
	if f.values != nil && !slices.Contains(f.values, node.Value) {
		return "", fmt.Errorf("%q is not available: use %s", node.Value, strings.Join(f.values, ", "))
	}
	return node.Value, nil
}
