// Package table finds, for every leaf of an object, the row of the field table
// that claims it.
//
// A pattern names leaves: keys joined by dots, "[]" for any item of a list, "{}"
// for any key of a map, "{key}" for one key that may hold dots or slashes,
// "{prefix*}" for keys that start so, and a last "**" for a whole subtree. A more
// special pattern wins over a more general one.
package table

import (
	"fmt"
	"strings"
)

type stepKind uint8

const (
	stepKey stepKind = iota
	stepPrefix
	stepAnyKey
	stepItem
	stepDeep
)

type step struct {
	kind stepKind
	text string
}

// parse cuts a pattern into steps.
func parse(pattern string) ([]step, error) {
	var steps []step
	for rest := pattern; rest != ""; {
		var s step
		var err error
		if s, rest, err = next(rest); err != nil {
			return nil, fmt.Errorf("pattern %q: %w", pattern, err)
		}
		steps = append(steps, s)
	}
	if len(steps) == 0 {
		return nil, fmt.Errorf("empty pattern")
	}
	return steps, nil
}

func next(rest string) (step, string, error) {
	switch {
	case strings.HasPrefix(rest, "[]"):
		return step{kind: stepItem}, strings.TrimPrefix(rest[2:], "."), nil
	case rest == "**":
		return step{kind: stepDeep}, "", nil
	case rest[0] == '{':
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return step{}, "", fmt.Errorf("missing }")
		}
		return keyStep(rest[1:end]), strings.TrimPrefix(rest[end+1:], "."), nil
	}
	end := strings.IndexAny(rest, ".[{")
	if end == 0 {
		return step{}, "", fmt.Errorf("empty key")
	}
	if end < 0 {
		return step{text: rest}, "", nil
	}
	return step{text: rest[:end]}, strings.TrimPrefix(rest[end:], "."), nil
}

func keyStep(text string) step {
	switch {
	case text == "":
		return step{kind: stepAnyKey}
	case strings.HasSuffix(text, "*"):
		return step{kind: stepPrefix, text: strings.TrimSuffix(text, "*")}
	default:
		return step{text: text}
	}
}
