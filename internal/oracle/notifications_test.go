package oracle

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/argoproj/notifications-engine/pkg/api"
	"github.com/argoproj/notifications-engine/pkg/services"
	"golang.org/x/tools/txtar"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
)

// hooks is a scenario of pkg/convert with webhooks.
const hooks = "../../pkg/convert/testdata/back/alert-hooks.txtar"

// TestWebhooks: the engine of Argo CD's notifications reads services, triggers and
// templates as they are written, and posts JSON to where the Secret says.
func TestWebhooks(t *testing.T) {
	posted := map[string]map[string]any{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if data, err := io.ReadAll(r.Body); err != nil || json.Unmarshal(data, &body) != nil {
			t.Errorf("%s gets %s, %v", r.URL.Path, data, err)
		}
		posted[r.Method+" "+r.URL.Path] = body
	}))
	defer server.Close()
	engine := notifications(t, server.URL)
	app := map[string]any{
		"metadata": map[string]any{"name": "web", "namespace": "argocd"},
		"status": map[string]any{
			"sync": map[string]any{"status": "Synced", "revision": "abc"}, "health": map[string]any{"status": "Healthy"},
			"operationState": map[string]any{"phase": "Succeeded", "syncResult": map[string]any{"revision": "abc"}},
		},
	}
	for name, path := range map[string]string{"discord": "/discord/slack", "slack": "/slack", "receiver": "/receiver"} {
		for trigger, fires := range map[string]bool{name + "-failed": false, name + "-deployed": true} {
			results, err := engine.RunTrigger(trigger, app)
			if err != nil {
				t.Fatal(err)
			}
			for _, result := range results {
				if result.Triggered != fires || fires && result.OncePer != "abc" {
					t.Errorf("%s: %+v", trigger, result)
				}
				if err := engine.Send(app, result.Templates, services.Destination{Service: name}); err != nil {
					t.Error(err)
				}
			}
		}
		if posted["POST "+path] == nil {
			t.Errorf("nothing is posted to %s: %v", path, posted)
		}
	}
}

// notifications is the engine with the ConfigMap that the scenario expects.
func notifications(t *testing.T, url string) api.API {
	t.Helper()
	archive, err := txtar.ParseFile(hooks)
	if err != nil {
		t.Fatal(err)
	}
	config, secret := &corev1.ConfigMap{}, &corev1.Secret{Data: map[string][]byte{}}
	for _, f := range archive.Files {
		if f.Name != "output.yaml" {
			continue
		}
		for d := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(f.Data), 4096); len(config.Data) == 0; {
			if err := d.Decode(config); err != nil {
				t.Fatalf("no ConfigMap in %s: %v", hooks, err)
			}
		}
	}
	for _, name := range []string{"discord", "slack", "receiver"} {
		secret.Data[name+"-address"] = []byte(url + "/" + name)
	}
	parsed, err := api.ParseConfig(config, secret)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := api.NewAPI(*parsed, func(obj map[string]any, _ services.Destination) map[string]any { return map[string]any{"app": obj} })
	if err != nil {
		t.Fatal(err)
	}
	return engine
}
