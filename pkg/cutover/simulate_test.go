package cutover

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

type object = map[string]any

// A cluster runs the commands of a runbook: objects by "resource/namespace/name", files
// by name.
type cluster struct {
	t       *testing.T
	objects map[string]object
	files   map[string][]object
	moved   []*app
	first   map[string]object   // as it was before the first step
	owners  map[string][]string // resources by what deploys them
}

var (
	patchCommand  = regexp.MustCompile(`^kubectl patch (\S+) (\S+) -n (\S+) --type merge -p '(.*)'$`)
	deleteCommand = regexp.MustCompile(`^kubectl delete (\S+) (\S+) -n (\S+) --cascade=orphan$`)
	applyCommand  = regexp.MustCompile(`^kubectl apply -f (\S+)$`)
	saveCommand   = regexp.MustCompile(`^kubectl get (\S+) (\S+) -n (\S+) -o yaml \| kubectl patch --local -f - --type merge -p '(.*)' -o yaml > (\S+)$`)
	harmless      = regexp.MustCompile(`^(mkdir -p|kubectl gitops (convert|verify)) `)
)

func (c *cluster) run(command string) {
	c.t.Helper()
	key := func(m []string) string { return m[1] + "/" + m[3] + "/" + m[2] }
	if m := saveCommand.FindStringSubmatch(command); m != nil {
		c.files[m[5]] = []object{merged(c.get(key(m)), parsed(c.t, m[4])).(object)}
	} else if m := patchCommand.FindStringSubmatch(command); m != nil {
		c.objects[key(m)] = merged(c.get(key(m)), parsed(c.t, m[4])).(object)
		if op := c.objects[key(m)]["operation"]; op != nil {
			if op.(object)["sync"].(object)["prune"] != false {
				c.t.Errorf("%s: a sync that prunes", command)
			}
			delete(c.objects[key(m)], "operation") // done
		}
	} else if m := deleteCommand.FindStringSubmatch(command); m != nil {
		if reaches(c.get(key(m))) {
			c.t.Errorf("%s: the deletion reaches the workload", command)
		}
		delete(c.objects, key(m))
	} else if m := applyCommand.FindStringSubmatch(command); m != nil {
		for _, o := range c.files[m[1]] {
			c.objects[keyOf(o)] = merged(c.objects[keyOf(o)], o).(object)
		}
	} else if !harmless.MatchString(command) {
		c.t.Errorf("%s: the model does not know this command", command)
	}
	c.check(command)
	c.undone(command)
}

func (c *cluster) get(key string) object {
	c.t.Helper()
	o := c.objects[key]
	if o == nil {
		c.t.Fatalf("no %s", key)
	}
	return o
}

// check: the two sides of one app never both reconcile.
func (c *cluster) check(after string) {
	c.t.Helper()
	for _, a := range c.moved {
		old := c.objects[a.resource()+"/"+a.Namespace+"/"+a.Name]
		for _, t := range a.targets {
			if reconciles(old) && reconciles(c.objects[t.resource()+"/"+t.Namespace+"/"+t.Name]) {
				c.t.Errorf("after %s: both tools reconcile %s", after, a.key())
			}
		}
	}
}

func field(o object, keys ...string) any {
	var v any = o
	for _, k := range keys {
		m, _ := v.(object)
		v = m[k]
	}
	return v
}

func reconciles(o object) bool {
	switch {
	case o == nil:
		return false
	case o["kind"] == "Application":
		return field(o, "spec", "syncPolicy", "automated") != nil && field(o, "spec", "syncPolicy", "automated", "enabled") != false
	case o["kind"] == "ResourceSet":
		return field(o, "metadata", "annotations", operatorReconcile) != "disabled"
	default:
		return field(o, "spec", "suspend") != true
	}
}

// reaches tells whether deleting o deletes what it deployed.
func reaches(o object) bool {
	switch o["kind"] {
	case "Application", "ApplicationSet":
		return field(o, "metadata", "finalizers") != nil
	case "Kustomization", "HelmRelease":
		return reconciles(o)
	}
	return false
}

// merged is RFC 7386.
func merged(to, from any) any {
	m, ok := from.(object)
	if !ok {
		return from
	}
	base, _ := to.(object)
	out := maps.Clone(base)
	if out == nil {
		out = object{}
	}
	for k, v := range m {
		if v == nil {
			delete(out, k)
		} else {
			out[k] = merged(out[k], v)
		}
	}
	return out
}

func parsed(t *testing.T, text string) (o object) {
	t.Helper()
	if err := json.Unmarshal([]byte(strings.ReplaceAll(text, `'\''`, "'")), &o); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return o
}

func keyOf(o object) string {
	group, _, _ := strings.Cut(o["apiVersion"].(string), "/")
	return fmt.Sprintf("%ss.%s/%v/%v", strings.ToLower(o["kind"].(string)), group, field(o, "metadata", "namespace"), field(o, "metadata", "name"))
}

func objectsOf(t *testing.T, text string) (list []object) {
	t.Helper()
	for _, doc := range strings.Split(text, "\n---\n") {
		root, err := yaml.Parse(doc)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(node.Value(root.YNode()))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parsed(t, strings.ReplaceAll(string(data), `'`, `'\''`)))
	}
	return list
}

func converted(t *testing.T, data []byte, to convert.Direction, suspend bool) []convert.Outcome {
	t.Helper()
	outcomes, err := convert.Convert(inputOf(data), convert.Options{To: to, Suspend: suspend})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(outcomes)
}

// madeOf are the Applications that ApplicationSets make.
func madeOf(t *testing.T, data []byte, to convert.Direction) []convert.Input {
	t.Helper()
	made, err := Made(inputOf(data), convert.Options{To: to})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func inputOf(data []byte) []convert.Input { return []convert.Input{{Name: "input.yaml", Data: data}} }

func planned(t *testing.T, file string, to convert.Direction) (*Runbook, []byte) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(inputOf(data), madeOf(t, data, to), converted(t, data, to, false), optionsTo(to))
	if err != nil {
		t.Fatal(err)
	}
	return r, data
}

func optionsTo(to convert.Direction) Options {
	return Options{To: to, Arguments: "-f input.yaml", FluxNamespace: "flux-system", ArgoCDNamespace: "argocd"}
}

// start is the cluster before the first step.
func start(t *testing.T, data []byte, to convert.Direction) *cluster {
	t.Helper()
	c := &cluster{t: t, objects: map[string]object{}, files: map[string][]object{}}
	for _, in := range append(inputOf(data), madeOf(t, data, to)...) {
		for _, o := range objectsOf(t, string(in.Data)) {
			c.objects[keyOf(o)] = o
		}
	}
	var suspended []object
	for _, o := range converted(t, data, to, true) {
		for _, out := range o.Out {
			suspended = append(suspended, objectsOf(t, string(out.Data))...)
		}
	}
	c.files[target] = suspended
	namespaces := map[string]string{}
	apps, sets, err := readAll(inputOf(data), madeOf(t, data, to), to, namespaces)
	if err != nil {
		t.Fatal(err)
	}
	if err := join(apps, converted(t, data, to, false), to, namespaces); err != nil {
		t.Fatal(err)
	}
	c.moved = apps
	c.note(sets)
	return c
}

// TestSafety runs each runbook up to every step and back, on a model of a cluster.
func TestSafety(t *testing.T) {
	for file, to := range map[string]convert.Direction{"testdata/argocd.yaml": convert.ToFlux, "testdata/flux.yaml": convert.ToArgo} {
		r, data := planned(t, file, to)
		var steps []Step
		for _, stage := range r.Stages {
			steps = append(steps, stage.Steps...)
		}
		for n := range len(steps) + 1 {
			c := start(t, data, to)
			before := live(c, to)
			for _, s := range steps[:n] {
				for _, command := range s.Commands {
					c.run(command)
				}
			}
			if n == len(steps) {
				c.done(r)
			}
			for _, s := range slices.Backward(steps[:n]) {
				for _, command := range s.Rollback {
					c.run(command)
				}
			}
			if after := live(c, to); !reflect.DeepEqual(before, after) {
				t.Errorf("%s: %d steps and back: was %v\nis %v", file, n, before, after)
			}
		}
	}
}

// live is what of the cluster deploys, without empty maps.
func live(c *cluster, to convert.Direction) map[string]object {
	all := map[string]object{}
	for key, o := range c.objects {
		if kind := o["kind"]; kind == "Application" || kind == "Kustomization" || kind == "HelmRelease" || kind == "ApplicationSet" {
			copied := merged(nil, o).(object)
			spec := copied["spec"].(object)
			if policy, ok := spec["syncPolicy"].(object); ok && len(policy) == 0 {
				delete(spec, "syncPolicy")
			}
			if spec["suspend"] == false {
				delete(spec, "suspend")
			}
			all[key] = copied
		}
	}
	return all
}

// done checks the end: of each app that moved exactly the new objects are left, and
// what stayed is as it was.
func (c *cluster) done(r *Runbook) {
	waves := map[string]int{}
	for _, o := range r.Owners {
		waves[o.App] = o.Wave
	}
	for _, a := range c.moved {
		old := c.objects[a.resource()+"/"+a.Namespace+"/"+a.Name]
		if (waves[a.key()] > 0) != (old == nil) {
			c.t.Errorf("%s: wave %d, still there: %v", a.key(), waves[a.key()], old != nil)
		}
		for _, t := range a.targets {
			o := c.objects[t.resource()+"/"+t.Namespace+"/"+t.Name]
			want := waves[a.key()] > 0 && reconciles(parsedRoot(c.t, t.root))
			if reconciles(o) != want {
				c.t.Errorf("%s: reconciles %v, want %v", t.key(), !want, want)
			}
		}
	}
}

func parsedRoot(t *testing.T, root *yaml.Node) object {
	text, err := yaml.NewRNode(root).String()
	if err != nil {
		t.Fatal(err)
	}
	return objectsOf(t, text)[0]
}
