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
