package main

import (
	"fmt"
	"slices"
	"strings"
)

// An enum is a flag that takes one of a few words. Completion offers them.
type enum[T ~string] struct {
	target *T
	words  []T
}

func newEnum[T ~string](target *T, value T, words ...T) *enum[T] {
	*target = value
	return &enum[T]{target, words}
}

// Set implements pflag.Value.
func (e *enum[T]) Set(s string) error {
	if !slices.Contains(e.words, T(s)) {
		return fmt.Errorf("must be one of %s", strings.Join(e.choices(), ", "))
	}
	*e.target = T(s)
	return nil
}

// String implements pflag.Value.
func (e *enum[T]) String() string {
	if e.target == nil {
		return ""
	}
	return string(*e.target)
}

// Type implements pflag.Value; help texts show it behind the flag.
func (e *enum[T]) Type() string { return strings.Join(e.choices(), "|") }

func (e *enum[T]) choices() []string {
	words := make([]string, len(e.words))
	for i, w := range e.words {
		words[i] = string(w)
	}
	return words
}
