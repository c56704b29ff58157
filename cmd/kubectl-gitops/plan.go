package main

import (
	"github.com/spf13/pflag"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
)

// Namespaces that the tools are installed in by their own manifests.
const (
	defaultFluxNamespace   = "flux-system"
	defaultArgoCDNamespace = "argocd"
)

// formatMarkdown is the format of a runbook for people.
const formatMarkdown = "markdown"

// planOp is `kubectl gitops plan`, parsed.
type planOp struct {
	from    inputFlags
	options convert.Options
	sources []sourceFlag
	format  string
}

const planLong = `
Writes the runbook of a cut-over: how the given Applications move to Flux, or
Kustomizations and HelmReleases to Argo CD, in order, with the commands of each step, its
check and its way back. Nothing is changed, and nothing needs to be reached: a person
reads the runbook and runs it.

What is there is saved, the new objects are created turned off and compared, and then one
wave after the other is frozen, adopted, removed and settled. At no step do both tools
reconcile the same app. An ApplicationSet is taken away before the first of its
Applications moves, and expanded where the input lacks these; a ResourceSet is switched
off. What would deploy something else, what has no counterpart, and what deploys the other
apps stays where it is, and the runbook says what to decide.

How rendered manifests are applied by kubectl alone is another plan: see 'kubectl gitops
render --plan'.`

const planExamples = `
  # The way of a directory of Applications to Flux
  kubectl gitops plan -f apps/ --source https://github.com/example/deploy=../deploy > runbook.md

  # The same for a program
  kubectl gitops plan -R -f apps/ -o json

  # The way of what Flux runs in the cluster to Argo CD
  kubectl gitops plan kustomizations,helmreleases -A --to argocd`

func planCommand() command {
	return command{
		name:     "plan",
		args:     "(-f FILE|DIR|URL | -k DIR | TYPE [NAME...] | TYPE/NAME...) [flags]",
		summary:  "Write the runbook of a cut-over from one tool to the other",
		long:     planLong,
		examples: planExamples,
		flags:    func() []flagGroup { return newPlanFlags().groups() },
		words:    liveTypes,
		parse:    parsePlan,
	}
}

// planFlags bind the flags to an operation.
type planFlags struct {
	op      *planOp
	sources []string
	help    bool
}

func newPlanFlags() *planFlags {
	return &planFlags{op: &planOp{from: newInputFlags(), options: convert.Options{TemplateFunctions: functions.Map()}}}
}

func (f *planFlags) groups() []flagGroup {
	return []flagGroup{
		{"Input", f.op.from.input()},
		{"Planning", f.planning()},
		{"Cluster", f.op.from.cluster("namespace of live objects, and of the Flux objects in files that name none")},
	}
}

func (f *planFlags) planning() *pflag.FlagSet {
	set := newFlagSet("planning")
	o := &f.op.options
	set.Var(newEnum(&o.To, convert.ToAuto, convert.ToFlux, convert.ToArgo), "to", "tool to move to; by default the one whose objects the input lacks")
	set.StringVar(&o.FluxNamespace, "flux-namespace", defaultFluxNamespace, "`namespace` of Flux objects")
	set.StringVar(&o.ArgoCDNamespace, "argocd-namespace", defaultArgoCDNamespace, "`namespace` that Argo CD runs in")
	set.StringArrayVar(&f.sources, "source", nil, "local checkout of a repository, as `URL[@REV]=DIR`; repeatable")
	set.VarP(newEnum(&f.op.format, formatMarkdown, formatMarkdown, formatJSON), "output", "o", "format of the runbook")
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return set
}

func parsePlan(args []string) (operation, error) {
	f := newPlanFlags()
	set, err := parseGroups("plan", f.groups(), args)
	if err != nil {
		return nil, err
	}
	if f.help {
		return helpOp{"plan"}, nil
	}
	f.op.from.resources = set.Args()
	rules := append(f.op.from.rules("plan"), rule{len(f.op.from.files) == 1 && f.op.from.files[0] == "-",
		"the runbook's commands read the input again: give files, not stdin"})
	if err := firstBroken("plan", rules); err != nil {
		return nil, err
	}
	f.op.options.Namespace = givenNamespace(set, f.op.from)
	f.op.sources, err = parseSources("plan", f.sources)
	return f.op, err
}
