package schema

import (
	"encoding/json"
	"regexp"
	"sync"
)

// A node is a structural schema. Its short keys are those that hack/schemagen writes.
type node struct {
	Ref         string           `json:"r"` // name of a shared definition, instead of all else
	Type        string           `json:"t"`
	Props       map[string]*node `json:"p"`
	Values      *node            `json:"a"` // of a map with keys of any name
	Items       *node            `json:"i"`
	Required    []string         `json:"q"`
	Enum        []string         `json:"e"`
	Pattern     string           `json:"re"`
	MinLength   *int             `json:"minL"`
	MaxLength   *int             `json:"maxL"`
	MinItems    *int             `json:"minI"`
	MaxItems    *int             `json:"maxI"`
	Minimum     *float64         `json:"min"`
	Maximum     *float64         `json:"max"`
	Default     json.RawMessage  `json:"d"`
	Nullable    bool             `json:"n"`
	IntOrString bool             `json:"is"`
	Preserve    bool             `json:"u"` // unknown fields are kept

	compile sync.Once
	re      *regexp.Regexp
}

// link puts shared definitions in the place of references. It does not enter them:
// the definitions themselves are linked one by one.
func (s *node) link(defs map[string]*node) {
	if s == nil {
		return
	}
	target := func(child *node) *node {
		if child != nil && child.Ref != "" {
			return defs[child.Ref]
		}
		child.link(defs)
		return child
	}
	for name, child := range s.Props {
		s.Props[name] = target(child)
	}
	s.Values = target(s.Values)
	s.Items = target(s.Items)
}

// free says that anything may stand here.
func (s *node) free() bool {
	return s == nil || s.Type == "" && !s.IntOrString
}

// open says that a map may have fields beyond Props: the schema wants them kept,
// or it does not name any.
func (s *node) open() bool {
	return s.Preserve || s.Props == nil && s.Values == nil
}

// matches compiles the pattern when the first value meets it. A pattern that Go
// does not understand is not held against the value.
func (s *node) matches(value string) bool {
	s.compile.Do(func() {
		if re, err := regexp.Compile(s.Pattern); err == nil {
			s.re = re
		}
	})
	return s.re == nil || s.re.MatchString(value)
}

// objectMeta is the metadata of every object, which CRDs leave to the API server.
func objectMeta() *node {
	text := &node{Type: "string"}
	number := &node{Type: "integer"}
	texts := &node{Type: "object", Values: text}
	objects := &node{Type: "array", Items: &node{Preserve: true}}
	return &node{Type: "object", Props: map[string]*node{
		"annotations":                texts,
		"creationTimestamp":          text,
		"deletionGracePeriodSeconds": number,
		"deletionTimestamp":          text,
		"finalizers":                 {Type: "array", Items: text},
		"generateName":               text,
		"generation":                 number,
		"labels":                     texts,
		"managedFields":              objects,
		"name":                       text,
		"namespace":                  text,
		"ownerReferences":            objects,
		"resourceVersion":            text,
		"selfLink":                   text,
		"uid":                        text,
	}}
}
