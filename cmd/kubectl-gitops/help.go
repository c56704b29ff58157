package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// helpWidth is where descriptions of flags break.
const helpWidth = 110

func helpCommand() command {
	return command{
		name:    "help",
		args:    "[COMMAND]",
		summary: "Explain a command",
		words:   publicNames,
		parse: func(args []string) (operation, error) {
			rest, _, err := parseOnlyHelp("help", args)
			if err != nil || len(rest) == 0 {
				return helpOp{}, err
			}
			if _, ok := lookup(rest[0]); !ok || len(rest) > 1 {
				return nil, usagef("", "no help for %q", strings.Join(rest, " "))
			}
			return helpOp{rest[0]}, nil
		},
	}
}

// helpOp prints the help of a command, or of the plugin when command is empty.
type helpOp struct{ command string }

// Run implements operation.
func (op helpOp) Run(_ context.Context, s streams) error {
	c, ok := lookup(op.command)
	if !ok {
		return quietPipe(overview(s.out))
	}
	return quietPipe(c.help(s.out))
}

func overview(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprint(w, "Convert between Argo CD and Flux, with every field accounted for.\n\n"+
		"Usage:\n  kubectl gitops COMMAND [flags]\n\nCommands:\n")
	for _, c := range commands() {
		if !c.hidden {
			fmt.Fprintf(w, "  %s\t%s\n", c.name, c.summary)
		}
	}
	fmt.Fprint(w, "\nExit codes: 0 good, 1 blocking findings or some at or above --fail-on, 2 error,\n"+
		"3 not recorded (the output is whole, the database failed).\n"+
		"'kubectl gitops help COMMAND' tells more.\n")
	return w.Flush()
}

func (c command) help(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s.\n", c.summary)
	if c.long != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(c.long))
	}
	fmt.Fprintf(&b, "\nUsage:\n  %s\n",
		strings.TrimSpace("kubectl gitops "+c.name+" "+c.args))
	if c.examples != "" {
		fmt.Fprintf(&b, "\nExamples:\n%s\n", strings.Trim(c.examples, "\n"))
	}
	if c.flags != nil {
		for _, group := range c.flags() {
			fmt.Fprintf(&b, "\n%s:\n%s", group.title, group.set.FlagUsagesWrapped(helpWidth))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}
