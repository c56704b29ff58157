package argocd

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// TestWindows: a window that cannot be about an Application is none of its.
func TestWindows(t *testing.T) {
	const here, far = "{server: https://kubernetes.default.svc, namespace: web}", "{server: https://far.example.com, namespace: web}"
	for _, c := range []struct {
		window, destination string
		want                bool
	}{
		{"applications: ['web-*']", here, true},
		{"applications: [api]", here, false},
		{"applications: ['!api']", here, false},
		{"applications: [api], namespaces: [web]", here, true},
		{"applications: [api], namespaces: [other], clusters: [in-cluster]", here, true},
		{"clusters: [in-cluster]", "{name: in-cluster, namespace: web}", true},
		{"clusters: ['https://kubernetes.default.svc']", "{name: in-cluster, namespace: web}", true},
		{"clusters: [far]", here, false},
		{"clusters: ['*']", far, true},
		{"clusters: [prod]", far, true},
		{"clusters: ['https://other.example.com']", far, false},
		{"clusters: ['https://other.example.com']", "{name: prod}", true},
		{"clusters: [test]", "{name: prod}", false},
		{"kind: deny", here, true},
	} {
		app := Read(yaml.MustParse("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: web-1}, spec: {destination: " + c.destination + "}}").YNode())
		p := &Project{Root: yaml.MustParse("{spec: {syncWindows: [{" + c.window + "}]}}").YNode()}
		if got := len(p.Windows(app)) == 1; got != c.want {
			t.Errorf("%s of %s: %v", c.window, c.destination, got)
		}
		if p.Items("syncWindows")[0] == nil {
			t.Errorf("%s: the project has changed", c.window)
		}
	}
}
