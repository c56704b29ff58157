package document

import (
	"testing"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

func TestPeek(t *testing.T) {
	yes := Head{"v1", "Pod", true}
	no := Head{}
	for _, tt := range []struct {
		in   string
		want Head
	}{
		{"apiVersion: v1\nkind: Pod\n", yes},
		{"kind:  Pod\napiVersion:\tv1", yes},
		{"apiVersion: \"v1\" # a\nkind: 'Pod'\n", yes},
		{"apiVersion: v1\r\nkind: Pod\r\n", yes},
		{"# it's\n\napiVersion: v1 # a\n\n# \"b\nkind: Pod\nmetadata:\n  kind: x\n", yes},
		{"data:\n  a: |\n    kind: x\n  kind: y\napiVersion: v1\nkind: Pod\n", yes},
		{"apiVersion: v1\nkind: Pod\nspec: {\n  a: b\n}\n", yes},
		{"apiVersion: v1\nitems:\n- kind: x\nkind: Pod\n", yes},
		{"", no},
		{"kind: Pod\n", no},
		{"apiVersion: v1\nkind:\n", no},
		{"apiVersion: v1\nkind: Pod\nkind: Pod\n", no},
		{"{apiVersion: v1, kind: Pod}\n", no},
		{"{\n\"apiVersion\": \"v1\",\n\"kind\": \"Pod\"\n}\n", no},
		{"\"apiVersion\": v1\nkind: Pod\n", no},
		{"- apiVersion: v1\n  kind: Pod\n", no},
		{"--- {}\n", no},
		{"<<: *a\napiVersion: v1\nkind: Pod\n", no},
		{"!!map\napiVersion: v1\nkind: Pod\n", no},
		{"apiVersion: v1\nkind: &a Pod\n", no},
		{"apiVersion: v1\nkind: !!str Pod\n", no},
		{"apiVersion: v1\nkind: |-\n  Pod\n", no},
		{"apiVersion: v1\nkind: Pod\n  Template\n", no},
		{"apiVersion: v1\nkind: Pod Template\n", no},
		{"apiVersion: v1\nkind: \"Pod\"x\n", no},
		{"apiVersion: v1\nkind : Pod\n", no},
		{"? apiVersion\n: v1\nkind: Pod\n", no},
		{"apiVersion: v1\na: \"b\nkind: Pod\n\"\n", no},
		{"apiVersion: v1\na: [b,\nkind: Pod]\n", no},
		{"apiVersion: v1\nkind: Pod\na: b\rkind: c\n", no},
		{"apiVersion: v1\nkind: Pod\na: b\u2028kind: c\n", no},
	} {
		d := Doc{Raw: []byte(tt.in)}
		if len(tt.in) > 3 && tt.in[:4] == "--- " {
			d = *one(t, tt.in)
		}
		if got := d.Peek(); got != tt.want {
			t.Errorf("Peek(%q) = %v", tt.in, got)
		}
	}
}

func FuzzPeek(f *testing.F) {
	f.Add([]byte(deployment))
	f.Add([]byte(kustomization))
	f.Add([]byte("apiVersion: \"v1\" # a\r\nx: |\r\n kind: y\r\nkind: 'Pod'\r\n"))
	f.Add([]byte("a: \"b\nkind: Pod\napiVersion: v1\n\"\n"))
	f.Add([]byte("a: [b,\nkind: Pod\n]\napiVersion: v1\n"))
	f.Add([]byte("apiVersion: v1\n? a\n: kind\nkind: Pod\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		docs, _ := Split("f.yaml", data)
		for i := range docs {
			head := docs[i].Peek()
			if !head.OK {
				continue
			}
			root, err := docs[i].Parse()
			if err != nil {
				continue
			}
			if v := textOf(root, "apiVersion"); v != head.APIVersion {
				t.Errorf("apiVersion of %q: peeked %q, parsed %q", docs[i].Raw, head.APIVersion, v)
			}
			if v := textOf(root, "kind"); v != head.Kind {
				t.Errorf("kind of %q: peeked %q, parsed %q", docs[i].Raw, head.Kind, v)
			}
		}
	})
}

func textOf(n *yaml.Node, key string) string {
	for i := 0; i < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1].Value
		}
	}
	return ""
}
