package convert_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/credential"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/document"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/preserve"
)

// TestCorpusRoundTrip: with Preserve every public object that is converted comes back
// as it was, both ways.
func TestCorpusRoundTrip(t *testing.T) {
	for _, way := range []struct {
		name     string
		dirs     []string
		to, back convert.Direction
	}{
		{"argocd", []string{"argo", "argo-partial"}, convert.ToFlux, convert.ToArgo},
		{"flux", []string{"flux", "flux-partial"}, convert.ToArgo, convert.ToFlux},
	} {
		t.Run(way.name, func(t *testing.T) {
			total := 0
			for _, in := range corpus(t, way.dirs...) {
				total += checkRoundTrip(t, in, way.to, way.back)
			}
			t.Logf("%d objects came back", total)
		})
	}
}

// checkRoundTrip converts a file there and back and compares the objects. Files of the
// corpus may hold several states of one object, which cannot be in a cluster at once:
// each round takes the next one.
func checkRoundTrip(t *testing.T, in convert.Input, to, back convert.Direction) (n int) {
	t.Helper()
	seen := map[string]bool{}
	for round := 0; ; round++ {
		text, more := state(t, in, round)
		one := convert.Input{Name: in.Name, Data: text}
		there, want := convertThere(t, one, to)
		got := comeBack(t, convert.Input{Name: in.Name, Data: there}, back)
		for _, root := range want {
			if name := node.Text(root, "metadata", "name"); node.Text(root, "kind") == "Secret" || name == credential.KnownHosts || name == credential.Authorities {
				continue // no record keeps values: tests of credentials convert them back
			}
			was := preserve.Desired(root)
			if key := identity(root) + preserve.Fingerprint(was); seen[key] {
				continue
			} else {
				seen[key] = true
			}
			if !contains(got[identity(root)], was) {
				t.Errorf("%s: %s did not come back: %s", in.Name, identity(root), differences(got[identity(root)], was))
				continue
			}
			n++
		}
		if !more {
			return n
		}
	}
}

// state returns the documents of a file with the round-th of those that are one object,
// or their last; more tells that there are further ones.
func state(t *testing.T, in convert.Input, round int) (text []byte, more bool) {
	t.Helper()
	docs, err := document.Split(in.Name, in.Data)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]*document.Doc{}
	var order []string
	for i := range docs {
		root, err := docs[i].Parse()
		if err != nil || root == nil {
			continue
		}
		key := identity(root)
		if all[key] == nil {
			order = append(order, key)
		}
		all[key] = append(all[key], &docs[i])
	}
	for _, key := range order {
		same := all[key]
		more = more || len(same) > round+1
		text = append(append(append(text, "---\n"...), same[min(round, len(same)-1)].Raw...), '\n')
	}
	return text, more
}

func convertThere(t *testing.T, in convert.Input, to convert.Direction) ([]byte, []*yaml.Node) {
	t.Helper()
	var there bytes.Buffer
	var want []*yaml.Node
	s := convert.NewStream(&there)
	for _, out := range outcomes(t, []convert.Input{in}, convert.Options{To: to, Preserve: true}) {
		if out.Status != convert.Converted {
			continue
		}
		root := source(t, []convert.Input{in}, out)
		switch items := node.Items(root, "items"); {
		case len(items) > 0:
			want = append(want, items...)
		case out.Object.Kind == "ResourceSet": // what it makes comes back
		case node.Text(root, "spec", "strategy", "type") == "RollingSync": // its order comes back as waves
		case out.Object.Kind == "ApplicationSet":
			want = append(want, made(t, in, out)...)
		default:
			want = append(want, root)
		}
		for _, o := range out.Out {
			if err := s.Write(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	return there.Bytes(), want
}

// made are the Applications of an ApplicationSet, which come back in its place.
func made(t *testing.T, in convert.Input, set convert.Outcome) (apps []*yaml.Node) {
	t.Helper()
	for _, out := range outcomes(t, []convert.Input{in}, convert.Options{ExpandOnly: true}) {
		for _, o := range out.Out {
			if out.Index == set.Index {
				apps = append(apps, parsed(t, o.Data))
			}
		}
	}
	return apps
}

func comeBack(t *testing.T, in convert.Input, back convert.Direction) map[string][]any {
	t.Helper()
	got := map[string][]any{}
	for _, out := range outcomes(t, []convert.Input{in}, convert.Options{To: back}) {
		if out.Err != nil {
			t.Errorf("%s: %v", in.Name, out.Err)
		}
		for _, o := range out.Out {
			root := parsed(t, o.Data)
			got[identity(root)] = append(got[identity(root)], preserve.Desired(root))
		}
	}
	return got
}

func parsed(t *testing.T, data []byte) *yaml.Node {
	t.Helper()
	doc := document.Doc{File: "out", Line: 1, Raw: data}
	root, err := doc.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func identity(root *yaml.Node) string {
	return node.Text(root, "kind") + " " + node.Text(root, "metadata", "namespace") + "/" + node.Text(root, "metadata", "name")
}

func contains(all []any, one any) bool {
	for _, other := range all {
		if reflect.DeepEqual(other, one) {
			return true
		}
	}
	return false
}

// differences shows what a record would hold.
func differences(got []any, want any) string {
	if len(got) == 0 {
		return "there is no such object"
	}
	text, err := json.Marshal(preserve.Diff(want, got[0]))
	if err != nil {
		return err.Error()
	}
	return string(text[:min(len(text), 600)])
}

// TestPresentWins: what somebody changes after a conversion is not undone by what was
// preserved, and everything else is.
func TestPresentWins(t *testing.T) {
	data, err := os.ReadFile("../../examples/argocd/podinfo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	there, want := convertThere(t, convert.Input{Name: "in.yaml", Data: data}, convert.ToFlux)
	edited := strings.NewReplacer("replicaCount: 2", "replicaCount: 5", "version: 6.9.x", "version: 7.x").Replace(string(there))
	got := comeBack(t, convert.Input{Name: "in.yaml", Data: []byte(edited)}, convert.ToArgo)
	if len(want) != 1 || len(got[identity(want[0])]) != 1 {
		t.Fatalf("%v came back for %v", got, want)
	}
	was, is := preserve.Desired(want[0]).(map[string]any), got[identity(want[0])][0].(map[string]any)
	if reflect.DeepEqual(was, is) {
		t.Error("the changes are gone")
	}
	source := is["spec"].(map[string]any)["source"].(map[string]any)
	if source["targetRevision"] != "7.x" || !strings.Contains(fmt.Sprint(source["helm"]), "replicaCount:5") {
		t.Errorf("the source is %v", source)
	}
	delete(was["spec"].(map[string]any), "source")
	delete(is["spec"].(map[string]any), "source")
	if !reflect.DeepEqual(was, is) {
		t.Errorf("beside the source it came back as %v, want %v", is, was)
	}
}

// FuzzRoundTrip: whatever objects are converted with Preserve come back as they were, but for
// Secrets: no record keeps their values, and tests of credentials convert them.
func FuzzRoundTrip(f *testing.F) {
	f.Add(fmt.Appendf(nil, application, 1, 2), true)
	f.Add(kustomizations(2), false)
	for _, pattern := range []string{"testdata/*/*.txtar", "testdata/back/*.txtar"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for _, section := range archive.Files {
				if section.Name == "input.yaml" {
					f.Add(section.Data, !bytes.Contains(section.Data, []byte("fluxcd.io")))
				}
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, argo bool) {
		to, back := convert.ToFlux, convert.ToArgo
		if !argo {
			to, back = back, to
		}
		if _, err := document.Split("in.yaml", data); err == nil {
			checkRoundTrip(t, convert.Input{Name: "in.yaml", Data: data}, to, back)
		}
	})
}
