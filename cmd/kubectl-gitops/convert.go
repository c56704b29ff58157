package main

import (
	"github.com/spf13/pflag"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// convertOp is `kubectl gitops convert`, parsed.
type convertOp struct {
	from    inputFlags
	options convert.Options
	sources []sourceFlag

	format    string
	outputDir string
	ledger    string

	failOn    string
	keepGoing *bool // nil: only when an input is a directory
	quiet     bool
	all       bool
}

func convertCommand() command {
	return command{
		name:     "convert",
		args:     "(-f FILE|DIR|URL|- | -k DIR | TYPE [NAME...] | TYPE/NAME...) [flags]",
		summary:  "Convert Argo CD Applications to Flux objects, or back",
		long:     convertLong,
		examples: convertExamples,
		flags:    func() []flagGroup { return newConvertFlags().groups() },
		words:    liveTypes,
		parse:    parseConvert,
	}
}

func parseConvert(args []string) (operation, error) {
	f := newConvertFlags()
	all := f.all()
	if err := all.Parse(args); err != nil {
		return nil, usagef("convert", "%v", err)
	}
	if f.help {
		return helpOp{"convert"}, nil
	}
	f.op.from.resources = all.Args()
	if err := f.check(all); err != nil {
		return nil, err
	}
	return f.finish(all)
}

// check finds flags that contradict each other.
func (f *convertFlags) check(set *pflag.FlagSet) error {
	return firstBroken("convert", append(f.op.from.rules("convert"), []rule{
		{f.perApp && set.Changed("placement") && f.op.options.Placement != convert.PlacePerApp,
			"--namespace-per-app is --placement per-app and excludes another placement"},
		{f.op.outputDir != "" && f.op.format == "name", "--output-dir writes objects: -o name has none"},
		{f.op.ledger == "-", "--ledger writes to a file: stdout is for objects"},
	}...))
}

// finish sets what depends on several flags.
func (f *convertFlags) finish(set *pflag.FlagSet) (*convertOp, error) {
	if f.perApp {
		f.op.options.Placement = convert.PlacePerApp
	}
	if set.Changed("keep-going") {
		f.op.keepGoing = &f.keepGoing
	}
	// Live objects know their namespaces; of the kubeconfig's those in files know nothing.
	if set.Changed("namespace") && len(f.op.from.resources) == 0 {
		f.op.options.Namespace = *f.op.from.kube.Namespace
	}
	if err := f.parseValues(); err != nil {
		return nil, err
	}
	if err := f.op.options.Check(); err != nil {
		return nil, usagef("convert", "%v", err)
	}
	return f.op, nil
}

// parseValues reads the flags whose values have parts.
func (f *convertFlags) parseValues() error {
	var err error
	if f.op.sources, err = parseSources("convert", f.sources); err != nil {
		return err
	}
	for _, s := range f.sourceURLs {
		source, err := convert.ParseSourceURL(s)
		if err != nil {
			return usagef("convert", "--source-url: %v", err)
		}
		f.op.options.SourceURLs = append(f.op.options.SourceURLs, source)
	}
	if f.appOfApps != "" {
		root, err := convert.ParseAppOfApps(f.appOfApps)
		if err != nil {
			return usagef("convert", "--app-of-apps: %v", err)
		}
		f.op.options.AppOfApps = root
	}
	return nil
}
