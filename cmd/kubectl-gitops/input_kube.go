package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"k8s.io/cli-runtime/pkg/resource"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
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
	l.add(dir+" (kustomize)", filepath.Base(absolute)+".yaml", data)
	return nil
}

// live adds one input for each object of the cluster that the arguments select.
func (l *loader) live(from inputFlags) error {
	klog.SetLogger(klog.Logger{}) // discovery logs each retry; the error at the end tells
	namespace, _, err := from.kube.ToRawKubeConfigLoader().Namespace()
	if err != nil {
		return fmt.Errorf("kubeconfig: %w", err)
	}
	result := resource.NewBuilder(from.kube).
		Unstructured().
		NamespaceParam(namespace).DefaultNamespace().AllNamespaces(from.allNamespaces).
		LabelSelectorParam(from.selector).
		ResourceTypeOrNameArgs(true, qualify(from.resources)...).
		RequestChunksOf(500).
		ContinueOnError().
		Flatten().
		Do()
	err = result.Visit(func(info *resource.Info, err error) error {
		if err != nil {
			return err
		}
		return l.object(info)
	})
	if err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	return nil
}

func (l *loader) object(info *resource.Info) error {
	data, err := yaml.Marshal(info.Object)
	if err != nil {
		return err
	}
	kind := info.Mapping.Resource.GroupResource().String()
	path := strings.TrimPrefix(info.Namespace+"/"+info.Name, "/")
	l.add(kind+"/"+path, path+".yaml", data)
	return nil
}

// argoTypes are the names that Argo CD gives its types. Other groups have
// applications, too, and a bare name would mean whichever discovery lists first.
var argoTypes = map[string]string{
	"app": "applications", "apps": "applications",
	"application": "applications", "applications": "applications",
	"appset": "applicationsets", "appsets": "applicationsets",
	"applicationset": "applicationsets", "applicationsets": "applicationsets",
	"appproj": "appprojects", "appprojs": "appprojects",
	"appproject": "appprojects", "appprojects": "appprojects",
}

// qualify adds the API group to Argo CD's types: in the first argument, which may
// list several with commas, and in every TYPE/NAME.
func qualify(args []string) []string {
	qualified := make([]string, len(args))
	for i, arg := range args {
		types, name, slash := strings.Cut(arg, "/")
		if i > 0 && !slash {
			qualified[i] = arg
			continue
		}
		parts := strings.Split(types, ",")
		for n, part := range parts {
			if full, ok := argoTypes[strings.ToLower(part)]; ok {
				parts[n] = full + ".argoproj.io"
			}
		}
		qualified[i] = strings.Join(parts, ",")
		if slash {
			qualified[i] += "/" + name
		}
	}
	return qualified
}
