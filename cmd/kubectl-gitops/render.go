package main

import (
	"github.com/spf13/pflag"
)

// renderOp is `kubectl gitops render`, parsed.
type renderOp struct {
	from    inputFlags
	sources []sourceFlag
	offline bool

	namespace   string
	kubeVersion string
	apiVersions []string
	decrypt     bool
	follow      bool

	format    string
	outputDir string
	plan      string

	failOn    string
	keepGoing *bool // nil: only when an input is a directory
	quiet     bool
	all       bool
}

func renderCommand() command {
	return command{
		name:     "render",
		args:     "(-f FILE|DIR|URL|- | -k DIR | TYPE [NAME...] | TYPE/NAME...) [flags]",
		summary:  "Print the manifests that Argo CD or Flux would apply",
		long:     renderLong,
		examples: renderExamples,
		flags:    func() []flagGroup { return newRenderFlags().groups() },
		words:    liveTypes,
		parse:    parseRender,
	}
}

func parseRender(args []string) (operation, error) {
	f := newRenderFlags()
	all := newFlagSet("render")
	for _, group := range f.groups() {
		all.AddFlagSet(group.set)
	}
	if err := all.Parse(args); err != nil {
		return nil, usagef("render", "%v", err)
	}
	if f.help {
		return helpOp{"render"}, nil
	}
	f.op.from.resources = all.Args()
	if err := f.check(); err != nil {
		return nil, err
	}
	return f.finish(all)
}

// check finds flags that contradict each other.
func (f *renderFlags) check() error {
	return firstBroken("render", append(f.op.from.rules("render"), []rule{
		{f.op.outputDir != "" && f.op.format == formatName, "--output-dir writes objects: -o name has none"},
		{f.op.outputDir != "" && f.op.plan != "", "--output-dir writes the plan too: leave --plan out"},
		{f.op.plan == "-", "--plan writes to a file: stdout is for objects"},
	}...))
}

// finish sets what depends on several flags.
func (f *renderFlags) finish(set *pflag.FlagSet) (operation, error) {
	if set.Changed("keep-going") {
		f.op.keepGoing = &f.keepGoing
	}
	// As with convert: live objects know their namespaces.
	if set.Changed("namespace") && len(f.op.from.resources) == 0 {
		f.op.namespace = *f.op.from.kube.Namespace
	}
	var err error
	f.op.sources, err = parseSources("render", f.sources)
	return f.op, err
}
