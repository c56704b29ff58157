package convert_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// neverDeployed tells whether Argo CD keeps an object back in a sync that succeeds:
// a hook none of whose phases is part of one (GitOps Engine sync/hook/hook.go Types).
func neverDeployed(o object) bool {
	argo, helm := o.text("metadata", "annotations", "argocd.argoproj.io/hook"), o.text("metadata", "annotations", "helm.sh/hook")
	synced := []string{"PreSync", "Sync", "PostSync"}
	switch {
	case argo != "":
		helm = argo
	case helm == "" || helm == "crd-install":
		return false
	default:
		synced = []string{"pre-install", "pre-upgrade", "post-install", "post-upgrade"}
	}
	return !slices.ContainsFunc(strings.Split(helm, ","), func(phase string) bool {
		return slices.Contains(synced, strings.TrimSpace(phase))
	})
}

// lastOfEach does what controller/state.go NormalizeTargetObjects does with an object
// of several sources.
func lastOfEach(all []object) (kept []object) {
	for i, o := range all {
		if !slices.ContainsFunc(all[i+1:], func(later object) bool { return later.key() == o.key() }) {
			kept = append(kept, o)
		}
	}
	return kept
}

// fillNamespaces does what controller/state.go NormalizeTargetObjects does.
func fillNamespaces(all []object, destination string) {
	isClusterScoped, _ := clusterScoped(all)
	for _, o := range all {
		switch {
		case isClusterScoped(o):
			o.setNamespace("")
		case o.text("metadata", "namespace") == "":
			o.setNamespace(destination)
		}
	}
}

// argoNamespace adds the destination's Namespace where Argo CD creates it.
func argoNamespace(all []object, spec object) []object {
	options, _ := spec.at("syncPolicy", "syncOptions").([]any)
	namespace := object{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": destination}}
	there := slices.ContainsFunc(all, func(o object) bool { return o.key() == namespace.key() })
	if slices.Contains(options, any("CreateNamespace=true")) && !there {
		all = append(all, namespace)
	}
	return all
}

// serverDefaults does what the API server does to a custom object that has a
// namespace and needs none. Built-in kinds get no such mercy here: the patches must
// leave them alone.
func serverDefaults(all []object) {
	_, isCustom := clusterScoped(all)
	for _, o := range all {
		if isCustom(o) {
			o.setNamespace("")
		}
	}
}

func readMap(t *testing.T, file string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return parseMap(t, string(data))
}

func writeMap(t *testing.T, file string, m map[string]any) {
	t.Helper()
	data, err := yaml.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// decode turns parsed YAML into a struct that must know every field.
func decode(t *testing.T, from, to any) {
	t.Helper()
	data, err := yaml.Marshal(from)
	if err == nil {
		err = yaml.UnmarshalStrict(data, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}
