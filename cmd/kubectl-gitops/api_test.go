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

// newAPI is the part of a Kubernetes API server that reading Applications needs. Its
// objects are the files of cluster/ in dir; it pages one object at a time, so that a
// client that ignores paging shows. /files/ serves dir, /token/ only with a query.
func newAPI(dir string) http.Handler {
	mux := http.NewServeMux()
	serve := func(path string, answer any) {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, answer) })
	}
	serve("/api", object{"kind": "APIVersions", "versions": []string{"v1"}})
	serve("/api/v1", object{"kind": "APIResourceList", "groupVersion": "v1", "resources": []object{}})
	// Clients ask for the namespace before they say that an object is missing.
	serve("/api/v1/namespaces/argocd", object{"apiVersion": "v1", "kind": "Namespace",
		"metadata": object{"name": "argocd"}})
	version := object{"groupVersion": "argoproj.io/v1alpha1", "version": "v1alpha1"}
	serve("/apis", object{"kind": "APIGroupList", "apiVersion": "v1", "groups": []object{{
		"name": "argoproj.io", "versions": []object{version}, "preferredVersion": version}}})
	serve("/apis/argoproj.io/v1alpha1", object{"kind": "APIResourceList", "apiVersion": "v1",
		"groupVersion": "argoproj.io/v1alpha1", "resources": []object{{
			"name": "applications", "singularName": "application", "namespaced": true,
			"kind": "Application", "shortNames": []string{"app", "apps"},
			"verbs": []string{"get", "list"}}}})

	const base = "GET /apis/argoproj.io/v1alpha1/"
	list := func(w http.ResponseWriter, r *http.Request) { listObjects(w, r, dir) }
	mux.HandleFunc(base+"applications", list)
	mux.HandleFunc(base+"namespaces/{namespace}/applications", list)
	mux.HandleFunc(base+"namespaces/{namespace}/applications/{name}",
		func(w http.ResponseWriter, r *http.Request) { getObject(w, r, dir) })
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

func listObjects(w http.ResponseWriter, r *http.Request, dir string) {
	selector, err := labels.Parse(r.URL.Query().Get("labelSelector"))
	if err != nil {
		reply(w, http.StatusBadRequest, status(400, err.Error()))
		return
	}
	objects := slices.DeleteFunc(clusterObjects(dir), func(o object) bool {
		namespace := r.PathValue("namespace")
		return namespace != "" && meta(o, "namespace") != namespace || !selector.Matches(labelsOf(o))
	})
	start, _ := strconv.Atoi(r.URL.Query().Get("continue"))
	end := min(start+1, len(objects))
	metadata := object{"resourceVersion": "1"}
	if end < len(objects) {
		metadata["continue"] = strconv.Itoa(end)
	}
	reply(w, 200, object{"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationList",
		"metadata": metadata, "items": objects[start:end]})
}

func getObject(w http.ResponseWriter, r *http.Request, dir string) {
	for _, o := range clusterObjects(dir) {
		if meta(o, "namespace") == r.PathValue("namespace") && meta(o, "name") == r.PathValue("name") {
			reply(w, 200, o)
			return
		}
	}
	reply(w, 404, status(404, fmt.Sprintf("applications.argoproj.io %q not found", r.PathValue("name"))))
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

func meta(o object, field string) string {
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

func status(code int, message string) object {
	return object{"apiVersion": "v1", "kind": "Status", "status": "Failure",
		"code": code, "reason": "NotFound", "message": message}
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
