package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// completeCommand is the hidden command that answers kubectl's completion.
const completeCommand = "__complete"

// Directives of cobra's completion scripts, which kubectl's shells run.
const (
	completeFiles = 0  // fall back to file names
	completeWords = 4  // only what is listed
	completeDirs  = 16 // directory names
)

// completeOp answers one completion; the last word is the one being typed.
type completeOp struct{ words []string }

func parseComplete(args []string) (operation, error) { return completeOp{args}, nil }

// Run implements operation.
func (op completeOp) Run(_ context.Context, s streams) error {
	typed := ""
	if n := len(op.words); n > 0 {
		typed = op.words[n-1]
	}
	choices, directive := candidates(op.words)
	if strings.HasPrefix(typed, "--") {
		_, value, ok := strings.Cut(typed, "=")
		if ok {
			typed = value // the shell wants what follows the =
		}
	}
	var b strings.Builder
	for _, c := range choices {
		if strings.HasPrefix(c, typed) {
			b.WriteString(c + "\n")
		}
	}
	_, err := fmt.Fprintf(s.out, "%s:%d\n", b.String(), directive)
	return quietPipe(err)
}

// candidates are the words that may stand last, before those that do not match are
// left out. A description follows a word behind a tab.
func candidates(words []string) ([]string, int) {
	if len(words) < 2 {
		var names []string
		for _, c := range commands() {
			if !c.hidden {
				names = append(names, c.name+"\t"+c.summary)
			}
		}
		return names, completeWords
	}
	c, ok := lookup(words[0])
	if !ok {
		return nil, completeWords
	}
	set := newFlagSet(c.name)
	if c.flags != nil {
		for _, group := range c.flags() {
			set.AddFlagSet(group.set)
		}
	}
	typed, previous := words[len(words)-1], words[len(words)-2]
	name, _, assigned := strings.Cut(typed, "=")
	switch {
	case assigned && strings.HasPrefix(typed, "--"):
		return flagValues(set.Lookup(name[2:]))
	case takesValue(set, previous) != nil:
		return flagValues(takesValue(set, previous))
	case strings.HasPrefix(typed, "-"):
		return flagNames(set), completeWords
	case c.words != nil:
		return c.words(), completeWords
	default:
		return nil, completeWords
	}
}

// takesValue returns the flag that word is when the next word is its value.
func takesValue(set *pflag.FlagSet, word string) *pflag.Flag {
	var f *pflag.Flag
	switch {
	case strings.HasPrefix(word, "--"):
		f = set.Lookup(word[2:])
	case len(word) == 2 && word[0] == '-' && word != "--":
		f = set.ShorthandLookup(word[1:])
	}
	if f == nil || f.NoOptDefVal != "" {
		return nil
	}
	return f
}

func flagNames(set *pflag.FlagSet) []string {
	var names []string
	set.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			_, usage := pflag.UnquoteUsage(f)
			names = append(names, "--"+f.Name+"\t"+usage)
		}
	})
	return names
}

func flagValues(f *pflag.Flag) ([]string, int) {
	if f == nil {
		return nil, completeWords
	}
	if e, ok := f.Value.(interface{ choices() []string }); ok {
		return e.choices(), completeWords
	}
	switch {
	case slices.Contains([]string{"kustomize", "output-dir", "cache-dir", "dir"}, f.Name):
		return nil, completeDirs
	case slices.Contains([]string{"filename", "ledger", "source", "kubeconfig",
		"client-certificate", "client-key", "certificate-authority"}, f.Name):
		return nil, completeFiles
	default:
		return nil, completeWords
	}
}
