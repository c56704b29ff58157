package notify

import (
	"encoding/json"
	"strings"
	"testing"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"github.com/expr-lang/expr"
	"sigs.k8s.io/kustomize/kyaml/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/node"
)

// hook returns the service of a Provider, with its texts by their keys.
func hook(t *testing.T, spec, name string) (Service, map[string]*yaml.Node) {
	t.Helper()
	s, why := FromProvider(yaml.MustParse("spec: "+spec).YNode(), name, "")
	if why != "" {
		t.Fatal(why)
	}
	texts := map[string]*yaml.Node{}
	for _, text := range s.Texts {
		texts[text.Key] = yaml.MustParse(text.Value).YNode()
	}
	return s, texts
}

// application is what Argo CD shows templates and triggers (argo-cd util/notification/
// settings/settings.go); a status that is not there yet is missing.
func application(status map[string]any) map[string]any {
	app := map[string]any{"metadata": map[string]any{"name": "web", "namespace": "argocd"}, "status": status}
	return map[string]any{"app": app}
}

func synced(phase, health string) map[string]any {
	return application(map[string]any{
		"sync":   map[string]any{"status": "Synced", "revision": "abc"},
		"health": map[string]any{"status": health},
		"operationState": map[string]any{"phase": phase, "message": "a \"quoted\"\nmessage \\ of {{two}} lines",
			"syncResult": map[string]any{"revision": "abc"}},
	})
}

// posted is what the engine posts: its templates have sprig's functions (notifications-
// engine pkg/templates/service.go).
func posted(t *testing.T, tree *yaml.Node, name string, vars map[string]any) map[string]any {
	t.Helper()
	if method := node.Text(tree, "webhook", name, "method"); method != "POST" {
		t.Errorf("method is %q", method)
	}
	body, err := template.New(name).Funcs(sprig.TxtFuncMap()).Parse(node.Text(tree, "webhook", name, "body"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := body.Execute(&b, vars); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatalf("%s is no JSON: %v", b.String(), err)
	}
	return got
}

// TestHookBodies: templates make JSON of the form that Flux posts, whatever the message.
func TestHookBodies(t *testing.T) {
	for _, c := range []struct{ spec, event, key, want string }{
		{"{type: slack, channel: ops, username: 'a \"b\"', address: 'https://hooks.slack.com/x'}", "failed", "channel", `"ops"`},
		{"{type: slack, channel: ops, username: 'a \"b\"', address: 'https://hooks.slack.com/x'}", "deployed", "username", `"a \"b\""`},
		{"{type: discord}", "deployed", "attachments", `[{"author_name":"application/web.argocd","color":"good","mrkdwn_in":["text"],"text":"deployed abc"}]`},
		{"{type: discord, channel: ignored}", "failed", "channel", "null"},
		{"{type: rocket}", "failed", "attachments", `[{"author_name":"application/web.argocd","color":"#FF0000","mrkdwn_in":["text"],"text":"sync status Synced, health Degraded: a \"quoted\"\nmessage \\ of {{two}} lines"}]`},
		{"{type: generic}", "failed", "involvedObject", `{"apiVersion":"argoproj.io/v1alpha1","kind":"Application","name":"web","namespace":"argocd"}`},
		{"{type: generic}", "failed", "severity", `"error"`},
		{"{type: generic}", "deployed", "metadata", `{"revision":"abc"}`},
	} {
		_, texts := hook(t, c.spec, "svc")
		got := posted(t, texts["template.svc-"+c.event], "svc", synced("Failed", "Degraded"))
		data, err := json.Marshal(got[c.key])
		if err != nil || string(data) != c.want {
			t.Errorf("%s: %s is %s, %v, want %s", c.spec, c.key, data, err, c.want)
		}
		posted(t, texts["template.svc-"+c.event], "svc", application(map[string]any{}))
	}
}

// TestHookTriggers: they fire where those of Argo CD's catalogue do (argo-cd
// notifications_catalog/triggers), and once for a revision.
func TestHookTriggers(t *testing.T) {
	_, texts := hook(t, "{type: discord}", "svc")
	fires := func(trigger string, vars map[string]any) (fires bool) {
		for _, condition := range texts["trigger.svc-"+trigger].Content {
			if send := texts["template."+node.Items(condition, "send")[0].Value]; send == nil {
				t.Errorf("%s sends what is not there", trigger)
			}
			if value, ok := run(t, node.Text(condition, "when"), vars).(bool); ok && value {
				fires = true
			}
			if once := run(t, node.Text(condition, "oncePer"), vars); once != nil && once != "abc" {
				t.Errorf("once per %v", once)
			}
		}
		return fires
	}
	for name, c := range map[string]struct {
		vars             map[string]any
		failed, deployed bool
	}{
		"deployed":      {synced("Succeeded", "Healthy"), false, true},
		"progressing":   {synced("Succeeded", "Progressing"), false, false},
		"degraded":      {synced("Succeeded", "Degraded"), true, false},
		"sync failed":   {synced("Failed", "Healthy"), true, false},
		"sync error":    {synced("Error", "Missing"), true, false},
		"running":       {synced("Running", "Healthy"), false, false},
		"new":           {application(map[string]any{}), false, false},
		"never synced":  {application(map[string]any{"health": map[string]any{"status": "Missing"}, "sync": map[string]any{"status": "OutOfSync"}}), false, false},
		"cannot render": {application(map[string]any{"sync": map[string]any{"status": "Unknown"}}), true, false},
	} {
		if got := fires("failed", c.vars); got != c.failed {
			t.Errorf("%s: failed fires %v", name, got)
		}
		if got := fires("deployed", c.vars); got != c.deployed {
			t.Errorf("%s: deployed fires %v", name, got)
		}
	}
}

func run(t *testing.T, text string, vars map[string]any) any {
	t.Helper()
	program, err := expr.Compile(text)
	if err != nil {
		t.Fatal(err)
	}
	value, err := expr.Run(program, vars)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestHookSubscriptions: the API server takes the annotations of a service with a long
// name, whose keys are read as the trigger and the service.
func TestHookSubscriptions(t *testing.T) {
	s, _ := hook(t, "{type: discord}", ServiceName(strings.Repeat("long.", 12)))
	triggers := s.Triggers("info")
	if len(triggers) != 2 || len(s.Triggers("error")) != 1 {
		t.Errorf("triggers %q", triggers)
	}
	for _, trigger := range triggers {
		key := Annotation(trigger, s.Name)
		subs, ok := Parse(key, s.Recipient)
		if !ok || subs[0].Trigger != trigger || subs[0].Service != s.Name || len(strings.TrimPrefix(key, Prefix)) > 63 {
			t.Errorf("%s is read as %v", key, subs)
		}
	}
}
