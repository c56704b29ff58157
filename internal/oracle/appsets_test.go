package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/sirupsen/logrus"
	"golang.org/x/tools/txtar"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/yaml"
	kubefake "k8s.io/client-go/kubernetes/fake"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
)

const scenarios = "../../pkg/convert/testdata/appsets"

// TestAppSets: the generators of Argo CD make the Applications that those scenarios of
// pkg/convert expect that expand only, and refuse what passes there.
func TestAppSets(t *testing.T) {
	logrus.SetOutput(io.Discard)
	files, err := filepath.Glob(filepath.Join(scenarios, "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios in %s: %v", scenarios, err)
	}
	total := 0
	for _, file := range files {
		if strings.HasPrefix(filepath.Base(file), "since-") {
			continue // newer than the Argo CD of this module
		}
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if expands(archive) {
			t.Run(filepath.Base(file), func(t *testing.T) { total += checkScenario(t, archive) })
		}
	}
	t.Logf("%d Applications", total)
	if total == 0 {
		t.Error("no scenario expands only")
	}
}

// expands tells a scenario whose output is Applications from one that converts them.
func expands(archive *txtar.Archive) bool {
	return slices.ContainsFunc(archive.Files, func(f txtar.File) bool {
		return f.Name == "options" && strings.Contains(string(f.Data), "expand-only: true\n")
	})
}

func checkScenario(t *testing.T, archive *txtar.Archive) int {
	var in, out []byte
	repo := newCheckout(t)
	for _, f := range archive.Files {
		switch name, ok := strings.CutPrefix(f.Name, "checkout/"); {
		case ok:
			repo.write(t, name, f.Data)
		case f.Name == "input.yaml":
			in = f.Data
		case f.Name == "output.yaml":
			out = f.Data
		}
	}
	repo.commit(t)
	want := decode[v1alpha1.Application](t, out, "Application")
	got := controller{repo, decode[corev1.Secret](t, in, "Secret")}.all(decode[v1alpha1.ApplicationSet](t, in, "ApplicationSet"))
	if g, w := applicationsText(t, got), applicationsText(t, want); g != w {
		t.Errorf("Argo CD makes\n%s\nand not\n%s", g, w)
	}
	return len(want)
}

// A controller expands ApplicationSets with Argo CD's own code.
type controller struct {
	repo     *gitCheckout
	clusters []corev1.Secret
}

// all leaves out the ApplicationSets that Argo CD refuses, and those that share the name
// of an Application with an earlier one: an Application has one owner.
func (c controller) all(sets []v1alpha1.ApplicationSet) (apps []v1alpha1.Application) {
	owned := map[[2]string]bool{}
	for _, set := range sets {
		made, err := c.expand(set)
		for _, app := range made {
			at := [2]string{orArgoCD(app.Namespace), app.Name}
			if owned[at] {
				err = fmt.Errorf("%s has another owner", app.Name)
			}
			owned[at] = true
		}
		if err == nil && !named(made) {
			err = fmt.Errorf("names that are the same, or names and labels that are invalid")
		}
		if err == nil {
			apps = append(apps, made...)
		}
	}
	return apps
}

// named tells whether the controller and the API server take the names and labels of
// Applications (validateGeneratedApplications).
func named(apps []v1alpha1.Application) bool {
	names := map[string]bool{}
	for _, a := range apps {
		if names[a.Name] || len(validation.IsDNS1123Subdomain(a.Name)) > 0 {
			return false
		}
		for key, value := range a.Labels {
			if len(validation.IsQualifiedName(key))+len(validation.IsValidLabelValue(value)) > 0 {
				return false
			}
		}
		names[a.Name] = true
	}
	return true
}

func (c controller) expand(set v1alpha1.ApplicationSet) (apps []v1alpha1.Application, err error) {
	defer func() { // generators that are not in the table
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%v", cause)
		}
	}()
	api, secrets, err := c.api(set)
	if err != nil {
		return nil, err
	}
	known := map[string]generators.Generator{
		"List": generators.NewListGenerator(), "Git": generators.NewGitGenerator(c.repo, "argocd"),
		"Clusters": generators.NewClusterGenerator(context.Background(), api, kubefake.NewSimpleClientset(secrets...), "argocd"),
	}
	for range 2 { // deep as matrix and merge may be nested
		inner := map[string]generators.Generator{}
		for name, g := range known {
			inner[name] = g
		}
		known["Matrix"], known["Merge"] = generators.NewMatrixGenerator(inner), generators.NewMergeGenerator(inner)
	}
	apps, _, err = template.GenerateApplications(logrus.NewEntry(logrus.StandardLogger()), set, known, &utils.Render{}, api)
	return apps, err
}

// api holds the projects and cluster Secrets.
func (c controller) api(set v1alpha1.ApplicationSet) (client.Client, []runtime.Object, error) {
	scheme := runtime.NewScheme()
	if err := corev1.AddToScheme(scheme); err != nil {
		return nil, nil, err
	}
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		return nil, nil, err
	}
	project := &v1alpha1.AppProject{}
	project.Name, project.Namespace = set.Spec.Template.Spec.Project, "argocd"
	builder := fake.NewClientBuilder().WithScheme(scheme)
	if project.Name != "" && !strings.Contains(project.Name, "{{") {
		builder = builder.WithObjects(project)
	}
	var secrets []runtime.Object
	for _, s := range c.clusters {
		// Since v3.6 this is not among the parameters (excludedClusterAnnotations).
		delete(s.Annotations, v1alpha1.AnnotationKeyRefresh)
		s.Namespace = orArgoCD(s.Namespace)
		s.Data = map[string][]byte{}
		for key, value := range s.StringData {
			s.Data[key] = []byte(value)
		}
		s.StringData = nil
		secrets = append(secrets, s.DeepCopy())
		builder = builder.WithObjects(s.DeepCopy())
	}
	return builder.Build(), secrets, nil
}

func orArgoCD(namespace string) string {
	if namespace == "" {
		return "argocd"
	}
	return namespace
}

// decode reads the objects of a kind, those in lists included.
func decode[T any](t *testing.T, data []byte, kind string) (all []T) {
	t.Helper()
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(data), 4096)
	for {
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Kind  string
			Items []json.RawMessage
		}
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		if list.Kind != "List" {
			list.Items = []json.RawMessage{raw}
		}
		for _, item := range list.Items {
			var head struct{ Kind string }
			var one T
			if err := json.Unmarshal(item, &head); err != nil || head.Kind != kind {
				continue
			}
			if err := json.Unmarshal(item, &one); err != nil {
				t.Fatal(err)
			}
			all = append(all, one)
		}
	}
}

// applicationsText is the same for Applications that say the same.
func applicationsText(t *testing.T, apps []v1alpha1.Application) string {
	t.Helper()
	slices.SortFunc(apps, func(a, b v1alpha1.Application) int { return strings.Compare(a.Name, b.Name) })
	var text strings.Builder
	for _, a := range apps {
		a.TypeMeta = v1alpha1.Application{}.TypeMeta
		data, err := json.MarshalIndent(struct{ Metadata, Spec any }{a.ObjectMeta, a.Spec}, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		text.Write(append(data, '\n'))
	}
	return text.String()
}
