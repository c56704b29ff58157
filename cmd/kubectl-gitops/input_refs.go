package main

import (
	"context"
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/resource"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// references reads from the cluster what the inputs refer to and lack, as context. What
// it reads may refer to more.
func (l *loader) references(ctx context.Context, kube *genericclioptions.ConfigFlags, o convert.Options) error {
	return await(ctx, func() error {
		asked := map[ledger.Object]bool{}
		for {
			groups := unasked(asked, convert.Wanted(l.documents(), o))
			if len(groups) == 0 {
				return nil
			}
			for _, g := range groups {
				if err := l.group(kube, g); err != nil {
					return fmt.Errorf("cluster: %w", err)
				}
			}
		}
	})
}

// A wantedGroup is what is wanted of one kind in one namespace.
type wantedGroup struct {
	kind  ledger.Object // without a name
	names []string
}

// unasked groups what nobody asked for yet.
func unasked(asked map[ledger.Object]bool, wanted []ledger.Object) (groups []wantedGroup) {
	for _, o := range wanted {
		if asked[o] {
			continue
		}
		asked[o] = true
		name := o.Name
		o.Name = ""
		at := slices.IndexFunc(groups, func(g wantedGroup) bool { return g.kind == o })
		if at < 0 {
			at, groups = len(groups), append(groups, wantedGroup{kind: o})
		}
		groups[at].names = append(groups[at].names, name)
	}
	return groups
}

// group reads the objects of a group: sources by a list, as there may be one for each
// release, ConfigMaps by name, as there may be many more than are wanted.
func (l *loader) group(kube *genericclioptions.ConfigFlags, g wantedGroup) error {
	if g.kind.Namespace == "" {
		l.warn(g, "it is not known in which namespace: pass -n")
		return nil
	}
	types, err := resourceOf(kube, g.kind)
	if meta.IsNoMatchError(err) {
		l.warn(g, "the cluster has no such kind")
		return nil
	} else if err != nil {
		return err
	}
	if g.kind.Kind != "ConfigMap" {
		return l.get(kube, g, types)
	}
	for _, name := range g.names {
		if err := l.get(kube, wantedGroup{g.kind, []string{name}}, types, name); err != nil {
			return err
		}
	}
	return nil
}

// resourceOf returns the kind's name in resource arguments.
func resourceOf(kube *genericclioptions.ConfigFlags, kind ledger.Object) (string, error) {
	version, err := schema.ParseGroupVersion(kind.APIVersion)
	if err != nil {
		return "", err
	}
	mapper, err := kube.ToRESTMapper()
	if err != nil {
		return "", err
	}
	mapping, err := mapper.RESTMapping(schema.GroupKind{Group: version.Group, Kind: kind.Kind})
	if err != nil {
		return "", err
	}
	return mapping.Resource.GroupResource().String(), nil
}

// get adds the objects of the group among those that args select. What may not be
// read, or is not there, is done without.
func (l *loader) get(kube *genericclioptions.ConfigFlags, g wantedGroup, args ...string) error {
	err := visit(newBuilder(kube, g.kind.Namespace, args), func(info *resource.Info) error {
		if !slices.Contains(g.names, info.Name) {
			return nil
		}
		return l.object(info, true)
	})
	if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
		l.warn(g, err.Error())
		return nil
	}
	return err
}

// warn says of which objects the conversion knows nothing, and what will do instead.
func (l *loader) warn(g wantedGroup, why string) {
	what := fmt.Sprintf("%s %s", g.kind.Kind, g.names[0])
	if g.kind.Namespace != "" {
		what = fmt.Sprintf("%s %s/%s", g.kind.Kind, g.kind.Namespace, g.names[0])
	}
	if more := len(g.names) - 1; more > 0 {
		what += fmt.Sprintf(" and %d more", more)
	}
	instead := "--source-url says where a source is"
	if g.kind.Kind == "ConfigMap" || g.kind.Kind == "HelmChart" {
		instead = "convert files that hold it, with -f"
	}
	l.warnings = append(l.warnings, fmt.Sprintf("%s not read: %s; %s", what, why, instead))
}
