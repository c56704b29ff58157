package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// kustomize adds what `kubectl kustomize` prints for dir.
func (l *loader) kustomize(dir string) error {
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionLegacy // as kubectl orders
	built, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		return fmt.Errorf("-k: %w", err)
	}
	data, err := built.AsYaml()
	if err != nil {
		return fmt.Errorf("-k %s: %w", dir, err)
	}
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	l.addFile(dir+" (kustomize)", filepath.Base(absolute)+".yaml", data)
	return nil
}

// live adds one input for each object of the cluster that the arguments select.
func (l *loader) live(from inputFlags) error {
	namespace, _, err := from.kube.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return fmt.Errorf("kubeconfig: %w", err)
	}
	resources := qualify(from.resources)
	if slices.Equal(resources, []string{allTypes}) {
		if resources, err = typesOf(from.kube); err != nil {
			return fmt.Errorf("cluster: %w", err)
		}
	}
	builder := newBuilder(from.kube, namespace, resources).
		AllNamespaces(from.allNamespaces).LabelSelectorParam(from.selector).ContinueOnError()
	if err := visit(builder, func(info *resource.Info) error { return l.object(info, false) }); err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	l.distinguish()
	return nil
}

// typesOf returns the types of either tool that the cluster serves, as one argument.
func typesOf(kube *genericclioptions.ConfigFlags) ([]string, error) {
	mapper, err := kube.ToRESTMapper()
	if err != nil {
		return nil, err
	}
	var served []string
	for _, t := range types {
		switch _, err := mapper.ResourceFor(schema.GroupVersionResource{Group: t.group, Resource: t.plural}); {
		case err == nil:
			served = append(served, t.plural+"."+t.group)
		case !meta.IsNoMatchError(err):
			return nil, err
		}
	}
	if len(served) == 0 {
		return nil, errors.New("it serves no type of Argo CD or Flux")
	}
	return []string{strings.Join(served, ",")}, nil
}

// distinguish adds the kind to the mirrors of live objects that share one: in many a
// namespace a Kustomization deploys a HelmRelease of its own name.
func (l *loader) distinguish() {
	count := map[string]int{}
	for _, in := range l.inputs {
		count[in.mirror]++
	}
	for i, in := range l.inputs {
		if count[in.mirror] > 1 {
			l.inputs[i].mirror = strings.TrimSuffix(in.mirror, ".yaml") + "-" + strings.ToLower(in.kind) + ".yaml"
		}
	}
}

func newBuilder(kube *genericclioptions.ConfigFlags, namespace string, args []string) *resource.Builder {
	klog.SetLogger(klog.Logger{}) // discovery logs each retry; the error at the end tells
	return resource.NewBuilder(kube).
		Unstructured().
		NamespaceParam(namespace).DefaultNamespace().
		ResourceTypeOrNameArgs(true, args...).
		RequestChunksOf(500)
}

func visit(b *resource.Builder, take func(*resource.Info) error) error {
	return b.Flatten().Do().Visit(func(info *resource.Info, err error) error {
		if err != nil {
			return err
		}
		return take(info)
	})
}

func (l *loader) object(info *resource.Info, asContext bool) error {
	data, err := yaml.Marshal(info.Object)
	if err != nil {
		return err
	}
	types := info.Mapping.Resource.GroupResource().String()
	path := strings.TrimPrefix(info.Namespace+"/"+info.Name, "/")
	l.add(input{
		Input:  convert.Input{Name: types + "/" + path, Data: data, Context: asContext},
		mirror: path + ".yaml", kind: info.Mapping.GroupVersionKind.Kind,
	})
	return nil
}
