//go:build e2e

package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/plan"
)

// These tests need the API server that KUBECONFIG names; hack/e2e/run starts one. Each
// works in namespaces of its own, which it makes and leaves behind.

// kubectl runs the real kubectl.
func kubectl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	name := os.Getenv("KUBECTL")
	if name == "" {
		name = "kubectl"
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// must is kubectl where it may not fail.
func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := kubectl(t, args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// get returns a field of an object; "" where there is no object, or it is being deleted.
func get(t *testing.T, namespace, object, field string) string {
	t.Helper()
	if must(t, "get", object, "-n", namespace, "--ignore-not-found", "-o", "jsonpath={.metadata.deletionTimestamp}") != "" {
		return ""
	}
	return must(t, "get", object, "-n", namespace, "--ignore-not-found", "-o", "jsonpath="+field)
}

func is(t *testing.T, namespace, object string, want bool) {
	t.Helper()
	if is := get(t, namespace, object, "{.metadata.name}") != ""; is != want {
		t.Errorf("%s exists in %s: %v, want %v", object, namespace, is, want)
	}
}

// version is the resource version of an object: they grow over all of a server's.
func version(t *testing.T, namespace, object string) int {
	t.Helper()
	n, err := strconv.Atoi(get(t, namespace, object, "{.metadata.resourceVersion}"))
	if err != nil {
		t.Fatalf("%s in %s: %v", object, namespace, err)
	}
	return n
}

// before fails unless the objects, as NAMESPACE OBJECT, were last written in this order.
func before(t *testing.T, objects ...string) {
	t.Helper()
	last := 0
	for _, o := range objects {
		namespace, object, _ := strings.Cut(o, " ")
		v := version(t, namespace, object)
		if v <= last {
			t.Errorf("%s was written too early", o)
		}
		last = v
	}
}

// apply writes the plan of a text in txtar form to dir, and runs its script.
func apply(t *testing.T, dir, text string, flags ...string) (string, error) {
	t.Helper()
	written(t, txtar.Parse([]byte(text)), dir)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out bytes.Buffer
	c := exec.CommandContext(ctx, "bash", append([]string{filepath.Join(dir, "apply.sh")}, flags...)...)
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	return out.String(), err
}

// applied is apply where it may not fail.
func applied(t *testing.T, dir, text string, flags ...string) string {
	t.Helper()
	out, err := apply(t, dir, text, flags...)
	if err != nil {
		t.Fatalf("apply.sh: %v\n%s", err, out)
	}
	return out
}

// namespaceOf returns a name that no other run uses.
func namespaceOf(prefix string) string {
	return fmt.Sprintf("%s-%d", prefix, time.Now().UnixNano()%1e10)
}

// check looks for every object of the plan that was applied to stay, and compares the
// parents of the ApplySets with those in the plan.
func check(t *testing.T, dir string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "plan.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Metadata struct {
			Name                string
			Labels, Annotations map[string]string
		}
	}
	var p struct {
		Owners []struct {
			Skipped   string
			ApplySets []struct{ Parent object }
		}
		Stages []plan.Stage
	}
	if err := yaml.Unmarshal(data, &p); err != nil {
		t.Fatal(err)
	}
	for _, s := range p.Stages {
		if s.Action != plan.Leave && s.Action != plan.RunHook && s.Skipped == "" && s.Phase != plan.Projects && len(s.Objects) > 0 {
			must(t, "get", "--filename", filepath.Join(dir, s.Name))
		}
	}
	for _, o := range p.Owners {
		for _, s := range o.ApplySets {
			if o.Skipped != "" {
				continue
			}
			want := s.Parent
			ref := "applysets.plan.kubectl-gitops.io/" + want.Metadata.Name
			var got object
			if err := yaml.Unmarshal([]byte(must(t, "get", ref, "-o", "yaml")), &got); err != nil {
				t.Fatal(err)
			}
			const tooling = "applyset.kubernetes.io/tooling" // has the version of kubectl
			delete(want.Metadata.Annotations, tooling)
			if !strings.HasPrefix(got.Metadata.Annotations[tooling], "kubectl/") {
				t.Errorf("%s is of %q", ref, got.Metadata.Annotations[tooling])
			}
			delete(got.Metadata.Annotations, tooling)
			if fmt.Sprint(got.Metadata) != fmt.Sprint(want.Metadata) {
				t.Errorf("%s is\n%v\nthe plan says\n%v", ref, got.Metadata, want.Metadata)
			}
		}
	}
}
