package appset

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/argocd"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// A Cluster is what generators see of a cluster Secret. It holds no credentials.
type Cluster struct {
	Namespace, Name, Server, Project string
	Labels, Annotations              map[string]string
}

// SecretType is the label by which Argo CD knows its Secrets, with the value of those of
// clusters (common/common.go).
const (
	SecretType        = "argocd.argoproj.io/secret-type"
	clusterSecretType = "cluster"
)

// IsCluster tells whether root is the Secret of a cluster.
func IsCluster(root *yaml.Node) bool {
	return node.Text(root, "kind") == "Secret" && node.Text(root, "apiVersion") == "v1" &&
		node.Text(root, "metadata", "labels", SecretType) == clusterSecretType
}

// ReadCluster reads the Secret of a cluster. The error shows no value of it.
func ReadCluster(root *yaml.Node) (Cluster, error) {
	c := Cluster{
		Namespace: node.Text(root, "metadata", "namespace"),
		Labels:    textMap(node.At(root, "metadata", "labels")), Annotations: textMap(node.At(root, "metadata", "annotations")),
	}
	for key, field := range map[string]*string{"name": &c.Name, "server": &c.Server, "project": &c.Project} {
		var err error
		if *field, err = secretValue(root, key); err != nil {
			return c, fmt.Errorf("%s: %w", key, err)
		}
	}
	if c.Name == "" || c.Server == "" {
		return c, errors.New("name or server is missing")
	}
	return c, nil
}

func secretValue(root *yaml.Node, key string) (string, error) {
	value := node.Text(root, "stringData", key)
	if value == "" {
		data, err := base64.StdEncoding.DecodeString(strings.TrimSpace(node.Text(root, "data", key)))
		if err != nil {
			return "", errors.New("no base64: it may be encrypted")
		}
		value = string(data)
	}
	if strings.HasPrefix(value, "ENC[") {
		return "", errors.New("it is encrypted: decrypt name, server and project")
	}
	return value, nil
}

func textMap(n *yaml.Node) map[string]string {
	m := map[string]string{}
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		m[n.Content[i].Value] = n.Content[i+1].Value
	}
	return m
}

// clusters follows applicationset/generators/cluster.go. The controller gives the
// clusters in no order; here they are ordered by name. The cluster of Argo CD itself
// needs no Secret, and comes last.
func (x *expansion) clusters(body *yaml.Node) ([]params, error) {
	matches, err := newSelector(node.Get(body, "selector"), false)
	if err != nil {
		return nil, err
	}
	var sets []params
	local := len(matches) == 0
	names := map[string]bool{}
	for _, c := range slices.SortedFunc(slices.Values(x.world.Clusters), func(a, b Cluster) int { return strings.Compare(a.Name, b.Name) }) {
		if !matches.match(c.Labels) {
			continue
		}
		if names[c.Name] {
			return nil, invalid("two cluster Secrets name their cluster %q, of which the controller takes one by chance", c.Name)
		}
		names[c.Name] = true
		local = local && c.Server != argocd.InCluster
		sets = append(sets, x.cluster(c))
	}
	if local {
		sets = append(sets, params{
			"name": argocd.InClusterName, "nameNormalized": argocd.InClusterName, "server": argocd.InCluster, "project": "",
		})
	}
	for i := range sets {
		if sets[i], err = x.withValues(sets[i], body); err != nil {
			return nil, err
		}
	}
	if node.True(body, "flatList") {
		return []params{{"clusters": sets}}, nil
	}
	return sets, nil
}

// hidden are annotations that Argo CD and kubectl keep for themselves.
var hidden = []string{
	"argocd.argoproj.io/refresh", "argocd.argoproj.io/refresh-timestamp", "argocd.argoproj.io/hydrate",
	"argocd.argoproj.io/hydrate-timestamp", "argocd.argoproj.io/tracking-id", "argocd.argoproj.io/installation-id",
	"kubectl.kubernetes.io/last-applied-configuration",
}

func (x *expansion) cluster(c Cluster) params {
	set := params{"name": c.Name, "nameNormalized": sanitize(c.Name), "server": c.Server, "project": c.Project}
	annotations, labels := maps.Clone(c.Annotations), maps.Clone(c.Labels)
	maps.DeleteFunc(annotations, func(key, _ string) bool { return slices.Contains(hidden, key) })
	if x.engine.base == nil {
		for key, value := range annotations {
			set["metadata.annotations."+key] = value
		}
		for key, value := range labels {
			set["metadata.labels."+key] = value
		}
		return set
	}
	metadata := map[string]any{}
	if len(c.Annotations) > 0 {
		metadata["annotations"] = annotations
	}
	if len(labels) > 0 {
		metadata["labels"] = labels
	}
	set["metadata"] = metadata
	return set
}
