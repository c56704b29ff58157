package redact

import (
	"encoding/json"
	"strings"
	"testing"

	sigsyaml "sigs.k8s.io/yaml"
)

// TestHides: the word hunter2 stands for what must not be left anywhere.
func TestHides(t *testing.T) {
	for _, in := range []string{
		"password: hunter2",
		"DB_PASSWORD: hunter2",
		"mysqlrootpassword: hunter2",
		"password: 'hunter2 and more'",
		"pin: hunter2",
		"auth: {adminPassword: hunter2}",
		"credentials: {user: hunter2, list: [hunter2, {x: hunter2}]}",
		"tokens: [hunter2]",
		"apiKey: hunter2",
		"tls: {key: hunter2, tls.key: hunter2}",
		"{kind: Secret, apiVersion: v1, data: {a: hunter2}, stringData: {b: hunter2}}",
		"spec: {template: {kind: Secret, stringData: {b: hunter2}}}",
		"parameters: [{name: db.password, value: hunter2}, {name: a, value: b}]",
		"env: [{name: API_TOKEN, value: hunter2}]",
		"parameters: [{name: secrets, array: [hunter2]}, {name: token, map: {a: hunter2}}, {name: token, string: hunter2}]",
		"patch: |\n  - op: replace\n    path: /data/x\n    value: hunter2",
		"patch: |\n  - op: replace\n    path: /spec/values/adminPassword\n    value: hunter2",
		"patch: |\n  apiVersion: v1\n  kind: Secret\n  metadata: {name: x}\n  stringData: {a: hunter2}",
		"patch: |\n  a: b\n  ---\n  kind: Secret\n  data:\n    a: hunter2",
		"values: |\n  # password: hunter2\n  a: b",
		"values: |\n  # password: |\n  #   hunter2\n  a: b",
		"values: |\n  password: hunter2\n  password: hunter2",
		"values: |\n  x: {password: hunter2}\n  x: {a: 1}",
		"values: |\n  {{ if x }}\n  password: hunter2\n  token: |\n    hunter2\n    hunter2\n  {{ end }}",
		"templatePatch: |\n  {{ if x }}\n  kind: Secret\n  data: {a: hunter2}\n  {{ end }}",
		`values: '{"password": "hunter2"}'`,
		`values: '{"x": {"password": "hunter2"}, "x": 1}'`,
		"values: '{password: hunter2}'",
		"repoURL: https://user:hunter2@example.com/x.git",
		"repoURL: https://hunter2@example.com/x.git",
		"repoURL: ssh://git:hunter2@example.com/x.git",
		"repoURL: https://user:hunter2/hunter2@example.com/x.git",
		"repoURL: oci://hunter2@example.com/x",
		"message: 'cannot clone https://a:hunter2@example.com/x: failed'",
		"url: https://example.com/x?access_token=hunter2&a=b",
		"url: https://example.com/x?a=b&X-Amz-Signature=hunter2",
		"address: https://hooks.slack.com/services/T0/B0/hunter2",
		"address: https://discord.com/api/webhooks/1/hunter2",
		"args: [--password=hunter2, --db.token, --token hunter2]",
		"args: ['sh -c \"x --api-key hunter2\"']",
		"literals: [password=hunter2]",
		"message: 'password: hunter2'",
		"annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"a\":\"hunter2\"}'}",
		"annotations: {kubectl-gitops.io/preserved: '{\"a\":\"hunter2\"}'}",
		"annotations: {example.com/token: hunter2}",
		"annotations: {note: 'the password=hunter2'}",
		"secretGenerator: [{name: a, literals: [x=hunter2]}]",
		"sops: {mac: hunter2}",
		"x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  hunter2\n  -----END RSA PRIVATE KEY-----",
		"x: 'Authorization: Bearer hunter2hunter2'",
		"existingSecret: {password: hunter2}",
		"values: 'password: correct hunter2'",
		"args: [--token, hunter2]",
		"path: rtsp://192.0.2.1:7447/hunter2",
		"webhook: {url: 'https://example.com/hunter2', password: hunter2}",
		"webhook: hunter2",
		"url: https://example.com/token=hunter2",
		"message: 'data[password]: hunter2'",
		"x: {'https://u:hunter2@example.com': a}",
		"x: {'{\"token\": \"hunter2\"}': a}",
		"x: {auths: {ghcr.io: {auth: hunter2}}}",
		"patch: |\n  - op: add\n    path: /data\n    value: {x: hunter2}",
		"patch: '[{\"op\":\"add\",\"path\":\"/stringData\",\"value\":{\"x\":\"hunter2\"}}]'",
		"{kind: Provider, spec: {type: generic, address: 'https://example.com/in/hunter2'}}",
		"{kind: Provider, spec: {type: x, address: hunter2}}",
		"x: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0t/hunter2==",
		"secretRef: {password: hunter2}",
	} {
		if got := through(t, in); strings.Contains(got, "hunter2") {
			t.Errorf("%s\ngives %s", in, got)
		}
	}
}

func TestHidesTokens(t *testing.T) {
	for _, token := range []string{
		"ghp_" + strings.Repeat("a", 36), "github_pat_" + strings.Repeat("1", 40), "glpat-" + strings.Repeat("x", 20),
		"xoxb-123456789012-abc", "AKIA" + strings.Repeat("A", 16), "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc",
		"sk_live_" + strings.Repeat("a", 24), "hvs." + strings.Repeat("b", 24), "AGE-SECRET-KEY-1" + strings.Repeat("Q", 58),
		"Bearer " + strings.Repeat("c", 20), "basic " + strings.Repeat("D", 20) + "==",
	} {
		if got := Text("see " + token + " there"); got != "see "+Mask+" there" {
			t.Errorf("%s gives %s", token, got)
		}
	}
}

// TestKeeps: what is no secret must stay as it is, or the record would be of no use.
func TestKeeps(t *testing.T) {
	for _, in := range []string{
		"secretRef: {name: creds}",
		"spec: {decryption: {provider: sops, secretRef: {name: sops-age}}}",
		"valuesFrom: [{kind: Secret, name: app-values, valuesKey: values.yaml}]",
		"existingSecret: creds",
		"imagePullSecrets: [{name: regcred}]",
		"tls: [{secretName: cert, hosts: [a.example.com]}]",
		"repoURL: https://example.com:8443/x@v1",
		"repoURL: git@github.com:org/repo.git",
		"repoURL: ssh://git@github.com/org/repo.git",
		"helm: {passCredentials: true}",
		"values: |\n  # a comment\n  replicas: 2 # two\n  image: {tag: v1}\n",
		"patch: |\n  - op: replace\n    path: /spec/replicas\n    value: 3\n",
		"message: 'Applied revision: main@sha1:abc'",
		"description: tokens are issued by somebody else",
		"parameters: [{name: replicas, value: '3'}]",
		"automated: {prune: true}",
		"path: ./clusters/production",
		"passwordPolicy: {enabled: true}",
		"serviceAccountTokenEnabled: true",
		"args: [--token, --replicas, '3']",
		"env: [{name: A_TOKEN, valueFrom: {secretKeyRef: {name: a, key: b}}}]",
		"webhook: {image: {tag: v1}, resources: {limits: {cpu: 1}}}",
		"repoURL: https://secret-host.example.com:8443/x.git",
		"annotations: {secret.reloader.stakater.com/reload: creds}",
		"message: git-access-token is fine",
		"{kind: Provider, spec: {type: github, address: 'https://github.com/o/r'}}",
		"patch: |\n  - op: add\n    path: /database\n    value: {x: y}\n",
	} {
		var want any
		if err := sigsyaml.Unmarshal([]byte(in), &want); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if got := through(t, in); got != string(text) {
			t.Errorf("%s\ngives %s", in, got)
		}
	}
}

func TestIdempotent(t *testing.T) {
	in := "a: {password: x1, values: \"# token: x\\nkey: [\", url: 'https://a:b@c/?token=x'}"
	once := through(t, in)
	if twice := through(t, once); twice != once {
		t.Errorf("%s becomes %s", once, twice)
	}
}

func through(t *testing.T, in string) string {
	t.Helper()
	var value any
	if err := sigsyaml.Unmarshal([]byte(in), &value); err != nil {
		t.Fatalf("%s: %v", in, err)
	}
	text, err := json.Marshal(Value(value))
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(text))
}

// FuzzText: whatever stands around it, the password of a URL is hidden.
func FuzzText(f *testing.F) {
	f.Add("password: |\n  x\n---\n- {a: b}\n", "\n")
	f.Add("https://a:b@c?d=e\x00://@", "'")
	f.Fuzz(func(t *testing.T, before, after string) {
		got := Text(before + " https://user:hunter2hunter2@example.com/ " + after)
		if strings.Contains(got, "hunter2hunter2") {
			t.Errorf("%q", got)
		}
	})
}
