package liveset

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/checkout"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/flux"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/object"
)

// directorySet is an ApplicationSet of one generator git, with a template that names nothing.
func directorySet(t *testing.T, spec, body string) *yaml.Node {
	t.Helper()
	return roots(t, "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: apps}\nspec: {"+spec+
		"generators: [{git: {repoURL: https://github.com/example/deploy, "+body+"}}], template: {metadata: {name: x}}}\n")[0]
}

// finds are the directories that an ArtifactGenerator finds in what a GitRepository leaves:
// those that fit its pattern (artifactgenerator_pathpattern.go of source-watcher).
func finds(repo *checkout.Repo, files []string, repository, generator *object.Object) (found []string) {
	kept := repo.Artifact(node.Text(repository.Root, "spec", "ignore"))
	pattern := strings.TrimPrefix(node.Text(generator.Root, "spec", "pathPattern"), alias)
	names := regexp.MustCompile(`\\\{[a-z0-9]+\\\}`).ReplaceAllString(regexp.QuoteMeta(pattern), `[^/]+`)
	for _, file := range files {
		for dir := path.Dir(file); kept(file) && dir != "."; dir = path.Dir(dir) {
			if regexp.MustCompile("^"+names+"$").MatchString(dir) && !slices.Contains(found, dir) {
				found = append(found, dir)
			}
		}
	}
	return found
}

// TestFinds: the objects find what the generator of Argo CD finds.
func TestFinds(t *testing.T) {
	files := []string{
		"apps/web/a.yaml", "apps/api/a.yaml", "apps/api/deep/a.yaml", "apps/.hidden/a.yaml", "apps/old-1/a.yaml",
		"infra/dns/prod/a.png", "infra/dns/.x/a.yaml", "infra/mail/prod/a.yaml", ".github/apps/web/a.yaml", "top/a.yaml", "a.yaml",
	}
	tree := fstest.MapFS{}
	for _, file := range files {
		tree[file] = &fstest.MapFile{}
	}
	repo := &checkout.Repo{FS: tree}
	for _, directories := range []string{
		"{path: 'apps/*'}", "{path: 'apps/*'}, {path: 'apps/old-*', exclude: true}", "{path: 'apps/*'}, {path: apps, exclude: true}",
		"{path: 'apps/*'}, {path: 'apps/api/*', exclude: true}", "{path: '*'}", "{path: 'infra/*/*'}", "{path: 'infra/*/prod'}",
		"{path: 'apps/old-*'}", "{path: apps/web}", "{path: 'apps/*'}, {path: 'infra/*'}", "{path: 'apps/**'}", "{path: 'none/*'}",
	} {
		root := directorySet(t, "", "directories: ["+directories+"]")
		set, p := Read(root, World{PathPatterns: true})
		if p != nil {
			t.Errorf("%s: %v", directories, p)
			continue
		}
		source := object.New(flux.GitRepository, "flux-system", "deploy")
		d := set.Directories()[0]
		if err := d.Repository([]*object.Object{source}, nil); err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, o := range set.Write([]*object.Object{object.New(flux.Kustomization, "flux-system", "x")}, nil, "flux-system") {
			if o.Kind == flux.ArtifactGenerator {
				found = append(found, finds(repo, files, d.repository, o)...)
			}
		}
		want, err := appset.Directories(repo, node.Get(node.Items(root, "spec", "generators")[0], "git"))
		slices.Sort(found)
		slices.Sort(want)
		if err != nil || !slices.Equal(found, want) {
			t.Errorf("%s finds %q, and Argo CD %q, %v", directories, found, want, err)
		}
	}
}

// TestDirectoryParameters: what templates say comes to what Argo CD's generator gives.
func TestDirectoryParameters(t *testing.T) {
	for _, test := range []struct{ spec, body, template, want string }{
		{"", "directories: [{path: 'a/*/c-*'}]", "{{path}} {{ path.basename }} {{path.basenameNormalized}} {{path[0]}} {{path[1]}}",
			"a/<inputs.dir1>/c-<inputs.dir2> c-<inputs.dir2> c-<inputs.dir2> a <inputs.dir1>"},
		{"", "pathParamPrefix: p, values: {x: y}, directories: [{path: '*'}]", "{{p.path}} {{p.path.basename}} {{p.path[0]}} {{values.x}}",
			"<inputs.dir0> <inputs.dir0> <inputs.dir0> <inputs.values.x>"},
		{"goTemplate: true, ", "directories: [{path: 'a/*'}]", "{{ .path.path }} {{.path.basename}} {{ index .path.segments 1 | upper }} {{ .path.path | replace `/` `-` }} {{ lower .path.path }}",
			"a/<inputs.dir1> <inputs.dir1> <inputs.dir1 | upper> <printf \"a/%v\" inputs.dir1 | replace `/` `-`> <lower (printf \"a/%v\" inputs.dir1)>"},
		{"goTemplate: true, ", "pathParamPrefix: p, directories: [{path: 'a/x'}, {path: 'a/y'}]", "{{ .p.path.path }} {{ .p.path.basenameNormalized }} {{ upper (index .p.path.segments 0) }}",
			"a/<inputs.dir1> <inputs.dir1> <upper (\"a\")>"},
		{"", "directories: [{path: 'a/*'}]", "{{path.path}}", "error"},
		{"", "directories: [{path: 'a/*'}]", "{{path[]}}", "error"},
		{"", "directories: [{path: 'a/*'}]", "{{pathx}}", "error"},
		{"", "pathParamPrefix: p, directories: [{path: 'a/*'}]", "{{path}}", "error"},
		{"", "directories: [{path: 'a/B*'}]", "{{path.basenameNormalized}}", "error"},
		{"goTemplate: true, ", "directories: [{path: 'a/*'}]", "{{ .path }}", "error"},
		{"goTemplate: true, ", "directories: [{path: 'a/*'}]", "{{ .path.segments }}", "error"},
		{"goTemplate: true, ", "directories: [{path: 'a/*'}]", "{{ index .path.segments 2 }}", "error"},
		{"goTemplate: true, ", "pathParamPrefix: p, directories: [{path: 'a/*'}]", "{{ .p }}", "error"},
		{"goTemplate: true, ", "directories: [{path: 'a/*'}]", "{{ .path.filename }}", "error"},
	} {
		set, p := Read(directorySet(t, test.spec, test.body), World{PathPatterns: true})
		if p != nil {
			t.Fatal(p)
		}
		cut := fastPieces
		if test.spec != "" {
			cut = goPieces
		}
		pieces, err := cut(test.template, set.reference)
		got := ""
		for _, one := range pieces {
			if got += one.literal; one.source != "" {
				got += "<" + one.target + ">"
			}
		}
		if err != nil {
			got = "error"
		}
		if got != test.want {
			t.Errorf("%s of %s becomes\n%s, %v, want\n%s", test.template, test.body, got, err, test.want)
		}
	}
}

// TestFits: names that an ArtifactGenerator takes as they are.
func TestFits(t *testing.T) {
	for dir, want := range map[string]bool{
		"a/web": true, "a/42": true, "a/web.api-1": true, "a/" + strings.Repeat("x", 63): true, "a/" + strings.Repeat("x", 64): false,
		"a/Web": false, "a/we_b": false, "a/-web": false, "a/web.": false, "a/a..b": false, "a/a.-b": false, "a/a/b": false, "b/web": false,
	} {
		if _, ok := fits("a/*", dir); ok != want {
			t.Errorf("%s: want %v", dir, want)
		}
	}
}

// TestNumeric: texts that a number may come of are quoted.
func TestNumeric(t *testing.T) {
	x := word{target: "x"}
	for _, test := range []struct {
		text phrase
		want bool
	}{
		{phrase{{literal: "-"}, x}, true}, {phrase{x, x}, true}, {phrase{x, {literal: "."}, x}, true}, {phrase{{literal: "0x"}, x}, true},
		{phrase{x, {literal: "-"}, x}, false}, {phrase{x, {literal: "-"}}, false}, {phrase{{literal: "web-"}, x}, false}, {phrase{{literal: "./"}, x}, false},
	} {
		if test.text.numeric() != test.want {
			t.Errorf("%v: want %v", test.text, test.want)
		}
	}
}

// TestCombinations: as many as flux-operator takes.
func TestCombinations(t *testing.T) {
	const matrix = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: NAME}\nspec: {template: {metadata: {name: x}}, generators: [{matrix: {generators: [" +
		"{list: {elements: [LIST]}}, {git: {repoURL: https://github.com/example/deploy, directories: [{path: '*'}]}}]}}]}\n"
	for _, test := range []struct {
		name  string
		count int
		want  string
	}{{"web", 5000, ""}, {"web", 5001, "combinations"}, {"id", 1, "gives the input id"}} {
		text := strings.NewReplacer("NAME", test.name, "LIST", strings.TrimSuffix(strings.Repeat("{a: b}, ", test.count), ", ")).Replace(matrix)
		_, p := Read(roots(t, text)[0], World{PathPatterns: true})
		if (p == nil) != (test.want == "") || p != nil && !strings.Contains(p.Msg, test.want) {
			t.Errorf("%s with %d: %v", test.name, test.count, p)
		}
	}
}

// TestNoRepository: what becomes no GitRepository has no directories.
func TestNoRepository(t *testing.T) {
	d := &Directories{}
	if err := d.Repository([]*object.Object{object.New(flux.HelmRepository, "x", "x")}, []ledger.Entry{}); err == nil {
		t.Error("a HelmRepository was taken")
	}
}
