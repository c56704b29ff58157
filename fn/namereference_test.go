package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/kio"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/schema"
)

// A referral is a kind that others name, and the fields of those that do.
type referral struct {
	Kind, Group, Version string
	FieldSpecs           []struct{ Group, Kind, Path string }
}

func referrals(t *testing.T) []referral {
	t.Helper()
	var file struct{ NameReference []referral }
	if err := yaml.UnmarshalStrict(read(t, examples, "kustomize", "namereference", "namereference.yaml"), &file); err != nil {
		t.Fatal(err)
	}
	return file.NameReference
}

// names tells whether a field that the configuration lists leads to the name at a leaf of
// a schema.
func names(path, leaf string) bool {
	leaf = strings.ReplaceAll(strings.ReplaceAll(leaf, "[]", ""), ".", "/")
	return leaf == path || leaf == path+"/name"
}

// What names an object that kustomize is not told about.
var notReferrals = map[string]string{
	"Kustomization spec.healthChecks[].name":           "names what the path holds, not what is beside the object",
	"ExternalArtifact spec.sourceRef.name":             "its controller writes it",
	"GitRepository spec.ref.name":                      "a reference of Git",
	"ImageUpdateAutomation spec.git.checkout.ref.name": "a reference of Git",
}

var referring = []string{"ef.name", "dependsOn[].name", "From[].name", "epository.name", "ources[].name", "hecks[].name"}

// TestNameReferenceIsComplete: every field of a Flux schema that names an object is in the
// configuration.
func TestNameReferenceIsComplete(t *testing.T) {
	list := referrals(t)
	found := 0
	for _, k := range schema.Kinds() {
		s, _ := schema.For(k.APIVersion, k.Kind)
		group, _, _ := strings.Cut(k.APIVersion, "/")
		if !strings.HasSuffix(group, ".fluxcd.io") {
			continue
		}
		for _, leaf := range s.Leaves() {
			if !hasSuffix(leaf, referring) || notReferrals[k.Kind+" "+leaf] != "" {
				continue
			}
			found++
			if !listed(list, group, k.Kind, leaf) {
				t.Errorf("%s %s is not in the configuration", k.Kind, leaf)
			}
		}
	}
	if found < 45 {
		t.Errorf("only %d fields name objects", found)
	}
}

func hasSuffix(leaf string, suffixes []string) bool {
	for _, s := range suffixes {
		if strings.HasPrefix(leaf, "spec.") && strings.HasSuffix(leaf, s) {
			return true
		}
	}
	return false
}

func listed(list []referral, group, kind, leaf string) bool {
	for _, r := range list {
		for _, f := range r.FieldSpecs {
			if f.Group == group && (f.Kind == "" || f.Kind == kind) && names(f.Path, leaf) {
				return true
			}
		}
	}
	return false
}

// TestNameReference builds, for every field of the configuration, an object that names
// another one by it, and looks whether the name follows.
func TestNameReference(t *testing.T) {
	var input strings.Builder
	leaves := map[string]string{} // of the object with that name, the path of the reference
	want := map[string]string{}
	for _, r := range referrals(t) {
		target := strings.ToLower(r.Kind)
		version := strings.TrimPrefix(r.Group+"/v1", "/")
		fmt.Fprintf(&input, "---\napiVersion: %s\nkind: %s\nmetadata: {name: %s, namespace: a}\n", version, r.Kind, target)
		for i, f := range r.FieldSpecs {
			leaf := leafOf(t, f.Group, f.Kind, f.Path)
			name := fmt.Sprintf("%s-%d", target, i)
			kind := f.Kind
			if kind == "" {
				kind = "HelmRepository"
				if f.Group != "source.toolkit.fluxcd.io" {
					kind = "Provider"
				}
			}
			fmt.Fprintf(&input, "---\napiVersion: %s/v1\nkind: %s\nmetadata: {name: %s, namespace: a}\n%s", f.Group, kind, name, nested(leaf, target))
			leaves["blue-"+name+"-x"], want["blue-"+name+"-x"] = leaf, "blue-"+target+"-x"
		}
	}
	seen := 0
	for _, item := range built(t, input.String(), "") {
		leaf, ok := leaves[item.GetName()]
		if !ok {
			continue
		}
		seen++
		if got := at(t, item, leaf); got != want[item.GetName()] {
			t.Errorf("%s %s: %s is %q, want %q", item.GetKind(), item.GetName(), leaf, got, want[item.GetName()])
		}
	}
	if seen != len(leaves) || seen < 60 {
		t.Errorf("%d objects of %d came back", seen, len(leaves))
	}
}

// leafOf returns the leaf of the kind's schema that the path leads to.
func leafOf(t *testing.T, group, kind, path string) string {
	t.Helper()
	for _, k := range schema.Kinds() {
		if g, _, _ := strings.Cut(k.APIVersion, "/"); g != group || kind != "" && k.Kind != kind {
			continue
		}
		s, _ := schema.For(k.APIVersion, k.Kind)
		for _, leaf := range s.Leaves() {
			if names(path, leaf) {
				return leaf
			}
		}
	}
	t.Fatalf("%s %s has no field at %s", group, kind, path)
	return ""
}

// nested is YAML with the value at the leaf.
func nested(leaf, value string) string {
	for i := strings.Count(leaf, "."); i >= 0; i-- {
		key := strings.Split(leaf, ".")[i]
		if name, list := strings.CutSuffix(key, "[]"); list {
			value = "{" + name + ": [" + value + "]}"
		} else {
			value = "{" + key + ": " + value + "}"
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(value, "{"), "}") + "\n"
}

// at returns the value at the leaf, in the first element of each list.
func at(t *testing.T, item *kyaml.RNode, leaf string) string {
	t.Helper()
	node, err := item.Pipe(kyaml.Lookup(strings.Split(strings.ReplaceAll(leaf, "[]", ".0"), ".")...))
	if err != nil || node == nil {
		t.Fatalf("%s %s: %s: %v", item.GetKind(), item.GetName(), leaf, err)
	}
	return node.YNode().Value
}

// built runs the real kustomize over objects, with a prefix, a suffix and the configuration;
// more is added to the kustomization.
func built(t *testing.T, objects, more string) []*kyaml.RNode {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "namereference"), os.DirFS(filepath.Join(examples, "kustomize", "namereference"))); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"objects.yaml": objects,
		"kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamePrefix: blue-\nnameSuffix: -x\n" +
			"resources: [objects.yaml]\ncomponents: [namereference]\n" + more,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	items, err := kio.FromBytes(run(t, exec.Command(kustomize(t), "build", dir)))
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// TestNameReferenceHolds: what docs/krm.md says of names in a build, good and bad.
func TestNameReferenceHolds(t *testing.T) {
	const (
		git     = "---\n{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: shop, namespace: a}}\n"
		oci     = "---\n{apiVersion: source.toolkit.fluxcd.io/v1, kind: OCIRepository, metadata: {name: shop, namespace: a}}\n"
		distant = "---\n{apiVersion: source.toolkit.fluxcd.io/v1, kind: GitRepository, metadata: {name: shop, namespace: b}}\n"
	)
	from := func(ref string) string {
		return "---\n{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, metadata: {name: web, namespace: a}, spec: {sourceRef: " + ref + "}}\n"
	}
	values := "---\n{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: web, namespace: a}, spec: {valuesFrom: [{kind: %s, name: shop}]}}\n"
	generators := "generatorOptions: {disableNameSuffixHash: %s}\n" +
		"configMapGenerator: [{name: shop, namespace: a, literals: [a=b]}]\nsecretGenerator: [{name: shop, namespace: a, literals: [a=b]}]\n"
	for _, tt := range []struct{ name, objects, more, leaf, want string }{
		{"two sources of one name, the first", git + oci + from("{kind: GitRepository, name: shop}"), "", "spec.sourceRef.name", "blue-shop-x"},
		{"two sources of one name, the second", git + oci + from("{kind: OCIRepository, name: shop}"), "", "spec.sourceRef.name", "blue-shop-x"},
		{"and its kind stays", git + oci + from("{kind: OCIRepository, name: shop}"), "", "spec.sourceRef.kind", "OCIRepository"},
		{"outside of the build", git + from("{kind: GitRepository, name: other}"), "", "spec.sourceRef.name", "other"},
		{"outside, in another namespace", git + from("{kind: GitRepository, name: shop, namespace: b}"), "", "spec.sourceRef.name", "shop"},
		{"the namespace is moved, too", git + from("{kind: GitRepository, name: shop, namespace: a}"), "namespace: c\n", "spec.sourceRef.namespace", "c"},
		{"a value of a generator", fmt.Sprintf(values, "ConfigMap"), fmt.Sprintf(generators, "true"), "spec.valuesFrom[].name", "blue-shop-x"},
		// What does not hold.
		{"another kind outside of the build", git + from("{kind: OCIRepository, name: shop}"), "", "spec.sourceRef.name", "blue-shop-x"},
		{"in another namespace of the build", distant + from("{kind: GitRepository, name: shop, namespace: b}"), "", "spec.sourceRef.name", "shop"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, item := range built(t, tt.objects, tt.more) {
				if item.GetName() == "blue-web-x" {
					if got := at(t, item, tt.leaf); got != tt.want {
						t.Errorf("%s is %q, want %q", tt.leaf, got, tt.want)
					}
					return
				}
			}
			t.Error("the object did not come back")
		})
	}
	t.Run("generators of one name", func(t *testing.T) {
		named := map[string]string{}
		for _, item := range built(t, fmt.Sprintf(values, "Secret"), fmt.Sprintf(generators, "false")) {
			named[item.GetKind()] = item.GetName()
			if item.GetKind() == "HelmRelease" {
				named["reference"] = at(t, item, "spec.valuesFrom[].name")
			}
		}
		if named["Secret"] == named["ConfigMap"] || named["reference"] != named["ConfigMap"] {
			t.Errorf("docs/krm.md says that the hash of the ConfigMap is taken: %q", named)
		}
	})
}
