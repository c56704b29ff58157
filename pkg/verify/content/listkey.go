package content

import (
	"encoding/json"
	"slices"
	"strings"
)

// A listKey is the fields that tell the items of a list from each other.
type listKey []string

// listKeys are the keys of lists, by the name of the field that holds the list: those by
// which the API server merges (the list-map-key of k8s.io/api). All others are known by
// name where every item has one of its own.
var listKeys = map[string][]listKey{
	"ports":        {{"containerPort", "protocol"}, {"port", "protocol"}},
	"volumeMounts": {{"mountPath"}}, "volumeDevices": {{"devicePath"}}, "hostAliases": {{"ip"}}, "podIPs": {{"ip"}},
	"topologySpreadConstraints": {{"topologyKey", "whenUnsatisfiable"}},
}

// commonKey returns the key by which both lists can be compared.
func commonKey(field string, left, right []any) (listKey, bool) {
	for _, k := range append(slices.Clone(listKeys[field]), listKey{"name"}) {
		if k.distinct(left) && k.distinct(right) {
			return k, true
		}
	}
	return nil, false
}

// distinct tells whether each item has a key of its own. Of a key with several fields,
// all but the first may be missing.
func (k listKey) distinct(list []any) bool {
	seen := map[string]bool{}
	for _, item := range list {
		m, _ := item.(map[string]any)
		if !scalar(m[k[0]]) {
			return false
		}
		key := k.of(item)
		if seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

func scalar(v any) bool {
	switch v.(type) {
	case string, int64:
		return true
	}
	return false
}

// of returns the key of an item as a JSON list.
func (k listKey) of(item any) string {
	m, _ := item.(map[string]any)
	values := make([]any, len(k))
	for i, field := range k {
		values[i] = m[field]
	}
	data, _ := json.Marshal(values) // scalars always have a form
	return string(data)
}

func (k listKey) all(list []any) []string {
	keys := make([]string, len(list))
	for i, item := range list {
		keys[i] = k.of(item)
	}
	return keys
}

// selector is the part of a path that names an item: [name=web].
func (k listKey) selector(s Secrets, key string) string {
	return "[" + strings.Join(k.pairs(s, key), ",") + "]"
}

func (k listKey) pairs(s Secrets, key string) (pairs []string) {
	var values []any
	if json.Unmarshal([]byte(key), &values) != nil {
		return nil
	}
	for i, v := range values {
		if v != nil {
			pairs = append(pairs, k[i]+"="+s.plain(v))
		}
	}
	return pairs
}

// list shows keys in their order.
func (k listKey) list(s Secrets, keys []string) string {
	var all []string
	for _, key := range keys {
		all = append(all, strings.Join(k.pairs(s, key), ","))
	}
	return "[" + strings.Join(all, " ") + "]"
}
