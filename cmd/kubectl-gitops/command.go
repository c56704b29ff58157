package main

import (
	"context"
	"strings"

	"github.com/spf13/pflag"
)

// An operation is a command line understood.
type operation interface {
	Run(context.Context, streams) error
}

// A command is a row of the command table. Adding a command is adding a row.
type command struct {
	name     string
	args     string // as the usage line shows them
	summary  string
	long     string
	examples string
	flags    func() []flagGroup
	// words complete the positional arguments.
	words func() []string
	parse func(args []string) (operation, error)
	// hidden commands are for programs.
	hidden bool
}

// A flagGroup is a titled part of a command's flags.
type flagGroup struct {
	title string
	set   *pflag.FlagSet
}

func commands() []command {
	return []command{
		convertCommand(),
		renderCommand(),
		verifyCommand(),
		planCommand(),
		explainCommand(),
		fieldsCommand(),
		recordCommand(),
		statsCommand(),
		historyCommand(),
		completionCommand(),
		pluginCommand(),
		versionCommand(),
		helpCommand(),
		{name: completeCommand, hidden: true, parse: parseComplete},
		{name: kustomizeCommand, hidden: true, parse: parseKustomize},
	}
}

func lookup(name string) (command, bool) {
	for _, c := range commands() {
		if c.name == name {
			return c, true
		}
	}
	return command{}, false
}

// parse turns the arguments after the program's name into an operation.
func parse(args []string) (operation, error) {
	if len(args) == 0 || args[0] == "-h" || args[0] == "--help" {
		return helpOp{}, nil
	}
	c, ok := lookup(args[0])
	switch {
	case ok:
		return c.parse(args[1:])
	case strings.HasPrefix(args[0], "-"):
		return nil, usagef("", "flag %s before the command: flags follow it, as in 'kubectl gitops convert %[1]s'", args[0])
	default:
		return nil, usagef("", "unknown command %q; the commands are %s", args[0], strings.Join(publicNames(), ", "))
	}
}

func publicNames() []string {
	var names []string
	for _, c := range commands() {
		if !c.hidden {
			names = append(names, c.name)
		}
	}
	return names
}

// newFlagSet returns an empty set that reports errors instead of printing them and
// keeps the order of definition in help texts.
func newFlagSet(name string) *pflag.FlagSet {
	set := pflag.NewFlagSet(name, pflag.ContinueOnError)
	set.SortFlags = false
	set.Usage = func() {}
	return set
}

// parseOnlyHelp parses the arguments of a command that has no flags but --help.
func parseOnlyHelp(name string, args []string) (rest []string, help bool, err error) {
	set := newFlagSet(name)
	set.BoolVarP(&help, "help", "h", false, "")
	if err := set.Parse(args); err != nil {
		return nil, false, usagef(name, "%v", err)
	}
	return set.Args(), help, nil
}
