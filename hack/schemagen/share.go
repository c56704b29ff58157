package main

import (
	"crypto/sha256"
	"encoding/hex"
)

// worthSharing is the length from which a repeated subtree becomes a definition:
// shorter ones are about as small as the reference that would replace them.
const worthSharing = 48

// share moves repeated subtrees into definitions, named by a hash of their content
// so that a change in one of them does not rename the others.
func share(schema map[string]any) (root map[string]any, defs map[string]any) {
	s := sharer{count: map[string]int{}, defs: map[string]any{}}
	s.tally(schema)
	return s.children(schema), s.defs
}

type sharer struct {
	count map[string]int
	defs  map[string]any
}

// tally counts subtrees. It enters only the first of equal ones: what repeats
// merely because its parent does needs no definition of its own.
func (s sharer) tally(schema map[string]any) {
	key := canonical(schema)
	s.count[key]++
	if s.count[key] > 1 {
		return
	}
	for _, child := range subschemas(schema) {
		s.tally(child)
	}
}

func (s sharer) replace(schema map[string]any) map[string]any {
	key := canonical(schema)
	if s.count[key] < 2 || len(key) < worthSharing {
		return s.children(schema)
	}
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:6])
	if _, done := s.defs[name]; !done {
		s.defs[name] = s.children(schema)
	}
	return map[string]any{"r": name}
}

// children copies a schema with its subschemas replaced.
func (s sharer) children(schema map[string]any) map[string]any {
	out := make(map[string]any, len(schema))
	for key, value := range schema {
		switch key {
		case "i", "a":
			value = s.replace(value.(map[string]any))
		case "p":
			properties := map[string]any{}
			for name, child := range value.(map[string]any) {
				properties[name] = s.replace(child.(map[string]any))
			}
			value = properties
		}
		out[key] = value
	}
	return out
}

// subschemas lists the direct subschemas of a schema that shorten made.
func subschemas(schema map[string]any) []map[string]any {
	var children []map[string]any
	for _, key := range []string{"i", "a"} {
		if child, ok := schema[key].(map[string]any); ok {
			children = append(children, child)
		}
	}
	properties, _ := schema["p"].(map[string]any)
	for _, child := range properties {
		children = append(children, child.(map[string]any))
	}
	return children
}
