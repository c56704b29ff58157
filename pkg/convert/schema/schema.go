// Package schema knows the structure of the Argo CD and Flux kinds: it checks a
// document against it and lists every field a kind has. The data is made from the
// CustomResourceDefinitions of pinned upstream releases and is part of the binary;
// a kind is decoded when it is first asked for.
package schema

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:generate go run -C ../../../hack/schemagen . 2.9

//go:embed data
var data embed.FS

// A Schema is the structure of one version of a kind. It does not change and may
// be used by several goroutines.
type Schema struct {
	origin string
	root   *node
}

// A Kind names a version of a kind.
type Kind struct {
	APIVersion, Kind string
}

// cache holds, for each Kind asked for, a function that decodes it once.
var cache sync.Map

// likeOlder are versions newer than the pinned release that only drop fields of an older
// one: v1 of Flux 2.10 has neither Alert.spec.summary nor Provider.spec.interval and
// .proxy, none of which is ever written.
var likeOlder = map[Kind]Kind{
	{"notification.toolkit.fluxcd.io/v1", "Alert"}:    {"notification.toolkit.fluxcd.io/v1beta3", "Alert"},
	{"notification.toolkit.fluxcd.io/v1", "Provider"}: {"notification.toolkit.fluxcd.io/v1beta3", "Provider"},
}

// For returns the schema of a kind, and whether there is one.
func For(apiVersion, kind string) (*Schema, bool) {
	id := Kind{apiVersion, kind}
	if older, ok := likeOlder[id]; ok {
		id = older
	}
	load, ok := cache.Load(id)
	if !ok {
		file, err := data.ReadFile(id.File())
		if err != nil {
			return nil, false
		}
		// Of concurrent first calls one wins, so that all return the same schema.
		load, _ = cache.LoadOrStore(id, sync.OnceValues(func() (*Schema, error) { return Decode(file) }))
	}
	s, err := load.(func() (*Schema, error))()
	return s, err == nil
}

// Kinds lists the kinds that For knows, sorted by API version and kind.
func Kinds() []Kind {
	files, err := data.ReadDir("data")
	if err != nil {
		return nil
	}
	kinds := make([]Kind, 0, len(files))
	for _, file := range files {
		parts := strings.Split(strings.TrimSuffix(file.Name(), ".json"), "_")
		if len(parts) == 3 {
			kinds = append(kinds, Kind{parts[0] + "/" + parts[1], parts[2]})
		}
	}
	slices.SortFunc(kinds, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(a.APIVersion, b.APIVersion), cmp.Compare(a.Kind, b.Kind))
	})
	return kinds
}

// Origin names the upstream module, its version and the part of it that the
// schema was made from.
func (s *Schema) Origin() string { return s.origin }

// File is the path of the data file of a kind.
func (k Kind) File() string {
	return "data/" + strings.Replace(k.APIVersion, "/", "_", 1) + "_" + k.Kind + ".json"
}

// Decode reads a data file, one of this package or another that hack/schemagen wrote.
func Decode(file []byte) (*Schema, error) {
	var content struct {
		Origin string           `json:"origin"`
		Schema *node            `json:"schema"`
		Defs   map[string]*node `json:"defs"`
	}
	if err := json.Unmarshal(file, &content); err != nil {
		return nil, err
	}
	if content.Schema == nil || content.Schema.Props == nil {
		return nil, fmt.Errorf("no fields in the schema from %s", content.Origin)
	}
	for _, n := range content.Defs {
		n.link(content.Defs)
	}
	content.Schema.link(content.Defs)
	content.Schema.Props["metadata"] = objectMeta()
	return &Schema{content.Origin, content.Schema}, nil
}
