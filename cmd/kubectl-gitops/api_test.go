package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/yaml"
)

// object is a Kubernetes object as JSON has it.
type object = map[string]any

// A served is a type of object that the API server knows.
type served struct {
	group, version, plural, kind string
	short                        []string
}

var servedTypes = []served{
	{"argoproj.io", "v1alpha1", "applications", "Application", []string{"app", "apps"}},
	{"argoproj.io", "v1alpha1", "applicationsets", "ApplicationSet", []string{"appset"}},
	{"kustomize.toolkit.fluxcd.io", "v1", "kustomizations", "Kustomization", []string{"ks"}},
	{"helm.toolkit.fluxcd.io", "v2", "helmreleases", "HelmRelease", []string{"hr"}},
	{"source.toolkit.fluxcd.io", "v1", "gitrepositories", "GitRepository", []string{"gitrepo"}},
	{"source.toolkit.fluxcd.io", "v1", "helmrepositories", "HelmRepository", []string{"helmrepo"}},
	{"source.toolkit.fluxcd.io", "v1", "helmcharts", "HelmChart", []string{"hc"}},
	// Another group has them too, and discovery lists it first.
	{"a.example.com", "v1", "helmreleases", "HelmRelease", nil},
}

// coreTypes are those of the group without a name.
var coreTypes = []served{
	{"", "v1", "configmaps", "ConfigMap", []string{"cm"}},
	{"", "v1", "secrets", "Secret", nil},
}

// newAPI is the part of a Kubernetes API server that reading objects needs. Its objects
// are the files of cluster/ in dir; it pages one object at a time, so that a client that
// ignores paging shows. cluster/forbidden names the types that nobody may read.
// /files/ serves dir, /token/ only with a query.
func newAPI(dir string) http.Handler {
	mux := http.NewServeMux()
	discovery(mux)
	list := func(w http.ResponseWriter, r *http.Request) { listObjects(w, r, dir) }
	get := func(w http.ResponseWriter, r *http.Request) { getObject(w, r, dir) }
	const group, core = "GET /apis/{group}/{version}/", "GET /api/v1/namespaces/{namespace}/"
	mux.HandleFunc(group+"{plural}", list)
	mux.HandleFunc(group+"namespaces/{namespace}/{plural}", list)
	mux.HandleFunc(group+"namespaces/{namespace}/{plural}/{name}", get)
	mux.HandleFunc(core+"{plural}", list)
	mux.HandleFunc(core+"{plural}/{name}", get)
	// Clients ask for the namespace before they say that an object is missing.
	mux.HandleFunc("GET /api/v1/namespaces/{namespace}", func(w http.ResponseWriter, r *http.Request) {
		reply(w, 200, object{"apiVersion": "v1", "kind": "Namespace", "metadata": object{"name": r.PathValue("namespace")}})
	})
	mux.Handle("GET /files/", http.StripPrefix("/files/", http.FileServer(http.Dir(dir))))
	mux.HandleFunc("GET /token/app.yaml", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.RawQuery == "" {
			http.Error(w, "who are you?", http.StatusForbidden)
			return
		}
		http.ServeFile(w, r, filepath.Join(dir, "app.yaml"))
	})
	return mux
}

// discovery answers which types there are.
func discovery(mux *http.ServeMux) {
	serve := func(path string, answer any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, answer) })
	}
	serve("/api", object{"kind": "APIVersions", "versions": []string{"v1"}})
	core := []object{}
	for _, s := range coreTypes {
		core = append(core, resourceOfType(s))
	}
	serve("/api/v1", object{"kind": "APIResourceList", "groupVersion": "v1", "resources": core})
	resources := map[string][]object{}
	groups := []object{}
	for _, s := range slices.SortedFunc(slices.Values(servedTypes), func(a, b served) int { return strings.Compare(a.group, b.group) }) {
		at := s.group + "/" + s.version
		if resources[at] == nil {
			version := object{"groupVersion": at, "version": s.version}
			groups = append(groups, object{"name": s.group, "versions": []object{version}, "preferredVersion": version})
		}
		resources[at] = append(resources[at], resourceOfType(s))
	}
	serve("/apis", object{"kind": "APIGroupList", "apiVersion": "v1", "groups": groups})
	for at, list := range resources {
		serve("/apis/"+at, object{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": at, "resources": list})
	}
}

func resourceOfType(s served) object {
	return object{"name": s.plural, "singularName": strings.ToLower(s.kind), "namespaced": true,
		"kind": s.kind, "shortNames": s.short, "verbs": []string{"get", "list"}}
}

func listObjects(w http.ResponseWriter, r *http.Request, dir string) {
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		reply(w, http.StatusBadRequest, status(400, "BadRequest", err.Error()))
		return
	}
	if refuse(w, r, dir) {
		return
	}
	objects := slices.DeleteFunc(clusterObjects(dir), func(o object) bool {
		namespace := r.PathValue("namespace")
		return !asked(o, r) || namespace != "" && metaOf(o, "namespace") != namespace || !selector.Matches(labelsOf(o))
	})
	start, _ := strconv.Atoi(r.URL.Query().Get("continue"))
	end := min(start+1, len(objects))
	metadata := object{"resourceVersion": "1"}
	if end < len(objects) {
		metadata["continue"] = strconv.Itoa(end)
	}
	version := "v1"
	if group := r.PathValue("group"); group != "" {
		version = group + "/" + r.PathValue("version")
	}
	reply(w, 200, object{"apiVersion": version, "kind": "List",
		"metadata": metadata, "items": objects[start:end]})
}

func getObject(w http.ResponseWriter, r *http.Request, dir string) {
	if refuse(w, r, dir) {
		return
	}
	for _, o := range clusterObjects(dir) {
		if asked(o, r) && metaOf(o, "namespace") == r.PathValue("namespace") && metaOf(o, "name") == r.PathValue("name") {
			reply(w, 200, o)
			return
		}
	}
	reply(w, 404, status(404, "NotFound", fmt.Sprintf("%s %q not found", r.PathValue("plural"), r.PathValue("name"))))
}

// asked tells whether an object is of the type that a request is about.
func asked(o object, r *http.Request) bool {
	return slices.ContainsFunc(slices.Concat(coreTypes, servedTypes), func(s served) bool {
		return s.plural == r.PathValue("plural") && s.group == r.PathValue("group") &&
			o["kind"] == s.kind && o["apiVersion"] == strings.TrimPrefix(s.group+"/"+s.version, "/")
	})
}

func refuse(w http.ResponseWriter, r *http.Request, dir string) bool {
	forbidden, _ := os.ReadFile(filepath.Join(dir, "cluster", "forbidden"))
	if !slices.Contains(strings.Fields(string(forbidden)), r.PathValue("plural")) {
		return false
	}
	reply(w, 403, status(403, "Forbidden", fmt.Sprintf("%s is forbidden in the namespace %q", r.PathValue("plural"), r.PathValue("namespace"))))
	return true
}

func clusterObjects(dir string) []object {
	files, _ := filepath.Glob(filepath.Join(dir, "cluster", "*.yaml"))
	objects := []object{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			panic(err)
		}
		var o object
		if err := yaml.Unmarshal(data, &o); err != nil {
			panic(err)
		}
		objects = append(objects, o)
	}
	return objects
}

func metaOf(o object, field string) string {
	value, _ := o["metadata"].(object)[field].(string)
	return value
}

func labelsOf(o object) labels.Set {
	set := labels.Set{}
	found, _ := o["metadata"].(object)["labels"].(object)
	for k, v := range found {
		set[k] = fmt.Sprint(v)
	}
	return set
}

func status(code int, reason, message string) object {
	return object{"apiVersion": "v1", "kind": "Status", "status": "Failure",
		"code": code, "reason": reason, "message": message}
}

func reply(w http.ResponseWriter, code int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(answer)
}

func kubeconfigFor(url string) string {
	return strings.ReplaceAll(`apiVersion: v1
kind: Config
current-context: test
contexts: [{name: test, context: {cluster: test, user: test}}]
clusters: [{name: test, cluster: {server: URL}}]
users: [{name: test, user: {}}]
`, "URL", url)
}

func exitCodeOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return strconv.Itoa(exit.ExitCode())
	}
	return err.Error()
}
