package secret

import (
	"strings"
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// TestReadRefuses: what the API server would not take is an error, which tells where and
// no value.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"stringData:\n  config: {token: S3CR3T}": `in.yaml:3: Secret "a": stringData.config is no text`,
		"stringData:\n  config: [S3CR3T]":        `in.yaml:3: Secret "a": stringData.config is no text`,
		"data:\n  password: S3CR3T!":             `in.yaml:3: Secret "a": data.password is not base64`,
	} {
		root, err := yaml.Parse("metadata: {name: a}\n" + text)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Read(root.YNode(), "in.yaml")
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "S3CR3T") {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// TestValues: what quotes a value is found in each form, whole or within a document; settings,
// ciphertext and short words of a document are none.
func TestValues(t *testing.T) {
	root, err := yaml.Parse(`
metadata: {labels: {argocd.argoproj.io/secret-type: repository}}
data: {password: UzNDUjNULXBhc3M=, broken: "S3CR3T!"}
stringData:
  key: "S3CR3T\nkey"
  config: '{"bearerToken": "S3CR3T-token", "tlsClientConfig": {"insecure": true}}'
  url: https://example.com
  sops: "ENC[AES256_GCM,data:x]"
  empty: ""
`)
	if err != nil {
		t.Fatal(err)
	}
	values := ValuesOf(root.YNode())
	for _, text := range []string{"say S3CR3T-pass", "UzNDUjNULXBhc3M=", "S3CR3T!", `{"key":"S3CR3T\nkey"}`, "S3CR3T\nkey", "UzNDUjNUCmtleQ==", "Bearer S3CR3T-token", "UzNDUjNULXRva2Vu"} {
		if !values.In(text) {
			t.Errorf("%q is said to hold no value", text)
		}
	}
	for _, text := range []string{"", "web", "true", "insecure", "https://example.com/app", "ENC[AES256_GCM,data:x]", "S3CR3T"} {
		if values.In(text) {
			t.Errorf("%q is said to hold a value", text)
		}
	}
}
