package cutover

import (
	"fmt"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/resourceset"
)

// A thing is an object of the input or of the output, with its namespace settled.
type thing struct {
	ledger.Object
	root *yaml.Node
}

func (t thing) application() bool { return t.Kind == "Application" }

// resource is the type as kubectl takes it without doubt about the group.
func (t thing) resource() string {
	group, _, _ := strings.Cut(t.APIVersion, "/")
	return strings.ToLower(t.Kind) + "s." + group
}

func (t thing) String() string {
	return strings.TrimPrefix(t.Namespace+"/"+t.Name, "/")
}

// key tells things apart across API versions.
func (t thing) key() string { return t.Kind + " " + t.String() }

// An app is one thing that deploys, and those that will take its place.
type app struct {
	thing
	targets  []thing
	needs    []string // keys of what must be ready before
	blocking []ledger.Entry
	held     string // why it stays where it is, or empty
	parent   bool   // other apps of the input are deployed by it
	made     bool   // an ApplicationSet of the input makes it
	wave     int
}

// namespace of the place of an app's own objects.
func (a *app) destination() string {
	if a.application() {
		return node.Text(a.root, "spec", "destination", "namespace")
	}
	return flux.ReadApplier(a.root, a.Namespace).TargetNamespace()
}

// readAll returns the objects of the inputs, and the apps made of them that they lack.
func readAll(inputs, made []convert.Input, to convert.Direction, namespaces map[string]string) (apps []*app, sets []thing, err error) {
	if apps, sets, err = read(inputs, to, namespaces); err != nil {
		return nil, nil, err
	}
	have := map[string]bool{}
	for _, a := range apps {
		have[a.key()] = true
	}
	more, _, err := read(made, to, namespaces)
	for _, a := range more {
		if !have[a.key()] {
			a.made = true
			apps = append(apps, a)
		}
	}
	return apps, sets, err
}

// read returns the objects of the documents: those that deploy, each once, and those that
// make them, ApplicationSets or ResourceSets.
func read(inputs []convert.Input, to convert.Direction, namespaces map[string]string) (apps []*app, sets []thing, err error) {
	seen := map[string]bool{}
	for _, in := range inputs {
		docs, err := document.Split(in.Name, in.Data)
		if err != nil {
			return nil, nil, err
		}
		for i := range docs {
			if docs[i].Empty() || in.Context {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				return nil, nil, err
			}
			for _, item := range items(root) {
				t := thingAt(item, namespaces)
				set := makes(t, to)
				if !set && !deploys(t, to) {
					continue
				}
				if err := t.check(in.Name); err != nil {
					return nil, nil, err
				}
				switch {
				case seen[t.key()]:
				case set:
					sets = append(sets, t)
				default:
					apps = append(apps, &app{thing: t})
				}
				seen[t.key()] = true
			}
		}
	}
	return apps, sets, nil
}

func items(root *yaml.Node) []*yaml.Node {
	if strings.HasSuffix(node.Text(root, "kind"), "List") {
		return node.Items(root, "items")
	}
	return []*yaml.Node{root}
}

func thingAt(root *yaml.Node, namespaces map[string]string) thing {
	t := thing{root: root, Object: ledger.Object{
		APIVersion: node.Text(root, "apiVersion"), Kind: node.Text(root, "kind"),
		Namespace: node.Text(root, "metadata", "namespace"), Name: node.Text(root, "metadata", "name"),
	}}
	if t.Namespace == "" {
		t.Namespace = namespaces[t.Kind]
	}
	return t
}

// check refuses names that no cluster takes: the commands are made of them, and so are
// the names of files.
func (t thing) check(file string) error {
	at := 0
	if t.root != nil {
		at = t.root.Line
	}
	for _, field := range []struct{ name, value string }{{"namespace", t.Namespace}, {"name", t.Name}} {
		if problems := validation.IsDNS1123Subdomain(field.value); len(problems) > 0 {
			line := ledger.Line(t.root, "metadata."+field.name, at)
			return fmt.Errorf("%s:%d: %s: metadata.%s %q is not one that Kubernetes takes: correct it",
				file, line, t.Kind, field.name, field.value)
		}
	}
	return nil
}

// makes tells the objects that make those that a conversion to the tool moves.
func makes(t thing, to convert.Direction) bool {
	if to == convert.ToFlux {
		return t.Kind == "ApplicationSet" && strings.HasPrefix(t.APIVersion, "argoproj.io/")
	}
	return resourceset.Is(t.root)
}

// deploys tells the objects that a conversion to the tool moves.
func deploys(t thing, to convert.Direction) bool {
	if to == convert.ToFlux {
		return t.application() && strings.HasPrefix(t.APIVersion, "argoproj.io/")
	}
	return flux.IsApplier(t.Kind) && flux.Ours(t.APIVersion)
}

// takes tells the objects of an output that deploy with the tool.
func takes(t thing, to convert.Direction) bool {
	if to == convert.ToFlux {
		return deploys(t, convert.ToArgo)
	}
	return deploys(t, convert.ToFlux)
}

// join adds to each app what the conversion made of it.
func join(apps []*app, outcomes []convert.Outcome, to convert.Direction, namespaces map[string]string) error {
	byKey := map[string]*app{}
	for _, a := range apps {
		byKey[a.key()] = a
	}
	for _, o := range outcomes {
		if o.Err != nil {
			return o.Err
		}
		made, err := outputs(o, to, namespaces)
		if err != nil {
			return err
		}
		for _, e := range o.Entries {
			a := byKey[thing{Object: settled(e.From.Object, namespaces)}.key()]
			if a == nil {
				continue
			}
			if e.Blocking {
				a.blocking = append(a.blocking, e)
			}
			a.take(made, e)
		}
		if a := byKey[thing{Object: settled(o.Object, namespaces)}.key()]; a != nil && o.Status == convert.Converted {
			a.targets = made
		}
	}
	return nil
}

// take adds what an entry says was written.
func (a *app) take(made []thing, e ledger.Entry) {
	for _, t := range made {
		for _, to := range e.To {
			if to.Kind == t.Kind && to.Name == t.Name && !a.has(t) {
				a.targets = append(a.targets, t)
			}
		}
	}
}

func (a *app) has(t thing) bool {
	for _, have := range a.targets {
		if have.key() == t.key() {
			return true
		}
	}
	return false
}

func settled(o ledger.Object, namespaces map[string]string) ledger.Object {
	if o.Namespace == "" {
		o.Namespace = namespaces[o.Kind]
	}
	return o
}

func outputs(o convert.Outcome, to convert.Direction, namespaces map[string]string) (made []thing, err error) {
	if o.Status != convert.Converted {
		return nil, nil
	}
	for _, out := range o.Out {
		root, err := yaml.Parse(string(out.Data))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: output of the conversion: %w", o.File, o.Line, err)
		}
		if t := thingAt(root.YNode(), namespaces); takes(t, to) {
			made = append(made, t)
		}
	}
	return made, nil
}

// syncWave is the number of argocd.argoproj.io/sync-wave, which orders the children of
// an app-of-apps.
func (a *app) syncWave() int {
	n, err := strconv.Atoi(node.Text(a.root, "metadata", "annotations", "argocd.argoproj.io/sync-wave"))
	if err != nil {
		return 0
	}
	return n
}
