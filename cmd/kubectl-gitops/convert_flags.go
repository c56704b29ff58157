package main

import (
	"github.com/spf13/pflag"
	"k8s.io/cli-runtime/pkg/genericclioptions"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const convertLong = `
Reads Argo CD Applications from files or from a cluster and prints Flux objects that
do the same; everything else passes as it is. Objects go to stdout, findings to stderr,
and --ledger accounts for every field. With --output-dir every input file gets a file
of the same relative path instead.

An error in one object stops the run with nothing written, unless --keep-going is
given or an input is a directory: then the other objects are converted, each error is
printed once, and the exit code is 2 all the same.

--source gives a local checkout of a repository that Applications name, so that what
depends on its contents (source type, default branch, values files) is known. REV is
one targetRevision that the checkout stands for; it may contain slashes.`

const convertExamples = `
  # A file, with what needs attention on stderr
  kubectl gitops convert -f guestbook.yaml > guestbook-flux.yaml

  # A tree of manifests into another tree, with the account of every field
  kubectl gitops convert -R -f clusters/ --output-dir flux/ --ledger ledger.json

  # What runs in the cluster, with the repository at hand
  kubectl gitops convert applications -n argocd -l team=web \
    --source https://github.com/example/deploy.git@main=../deploy`

// convertFlags bind the flags to an operation, and hold what is not yet one.
type convertFlags struct {
	op        *convertOp
	perApp    bool
	keepGoing bool
	sources   []string
	help      bool
}

func newConvertFlags() *convertFlags {
	kube := genericclioptions.NewConfigFlags(true).WithDiscoveryBurst(300).WithDiscoveryQPS(50)
	return &convertFlags{op: &convertOp{from: inputFlags{kube: kube}}}
}

func (f *convertFlags) groups() []flagGroup {
	cluster := newFlagSet("cluster")
	f.op.from.kube.AddFlags(cluster)
	return []flagGroup{
		{"Input", f.input()},
		{"Conversion", f.conversion()},
		{"Output", f.output()},
		{"Cluster", cluster},
	}
}

func (f *convertFlags) all() *pflag.FlagSet {
	set := newFlagSet("convert")
	for _, group := range f.groups() {
		set.AddFlagSet(group.set)
	}
	return set
}

func (f *convertFlags) input() *pflag.FlagSet {
	set := newFlagSet("input")
	from := &f.op.from
	set.StringSliceVarP(&from.files, "filename", "f", nil, "`file`, directory, URL or - (stdin) to read; repeatable")
	set.BoolVarP(&from.recursive, "recursive", "R", false, "read the directories below those of -f too")
	set.StringVarP(&from.kustomize, "kustomize", "k", "", "`directory` to build with kustomize")
	set.StringVarP(&from.selector, "selector", "l", "", "label `selector` of live objects")
	set.BoolVarP(&from.allNamespaces, "all-namespaces", "A", false, "live objects of all namespaces")
	return set
}

func (f *convertFlags) conversion() *pflag.FlagSet {
	set := newFlagSet("conversion")
	o := &f.op.options
	set.Var(newEnum(&o.To, convert.ToAuto, convert.ToFlux, convert.ToArgo), "to", "tool to convert to; by default the one whose objects the input lacks")
	set.StringVar(&o.FluxNamespace, "flux-namespace", "flux-system", "`namespace` of Flux objects")
	set.StringVar(&o.ArgoCDNamespace, "argocd-namespace", "argocd", "`namespace` that Argo CD runs in")
	set.Var(newEnum(&o.Placement, convert.PlaceByNamespace, convert.PlaceByNamespace, convert.PlaceSingle, convert.PlacePerApp),
		"placement", "namespace rule: by-namespace leaves Applications outside Argo CD's where they are, single collects all in the Flux namespace, per-app follows the destination")
	set.BoolVar(&f.perApp, "namespace-per-app", false, "short for --placement per-app")
	set.StringVar(&o.DefaultBranch, "default-branch", "", "`branch` that HEAD means where no --source tells; main is assumed, with a finding that says so")
	set.StringVar(&o.FluxVersion, "flux-version", "2.9", "oldest Flux `version` that must understand the output")
	set.Var(newEnum(&o.RefValues, convert.RefAuto, convert.RefAuto, convert.RefInline, convert.RefArtifact, convert.RefConfigMap),
		"ref-values", "how values files of another source ($ref/...) cross")
	set.StringArrayVar(&f.sources, "source", nil, "local checkout of a repository, as `URL[@REV]=DIR`; repeatable")
	set.BoolVar(&o.Preserve, "preserve", false, "keep what Flux cannot hold in an annotation")
	return set
}

func (f *convertFlags) output() *pflag.FlagSet {
	set := newFlagSet("output")
	op := f.op
	set.VarP(newEnum(&op.format, formatYAML, formatYAML, formatJSON, formatName), "output", "o", "format of the objects")
	set.StringVar(&op.outputDir, "output-dir", "", "`directory` that gets one file for each input file")
	set.StringVar(&op.ledger, "ledger", "", "`file` that gets what became of every field, as JSON")
	set.Var(newEnum(&op.failOn, failUnknown, failUnknown, failUnsupported, failApproximate, failNever),
		"fail-on", "exit with 1 on findings as bad as this")
	set.BoolVar(&f.keepGoing, "keep-going", false, "convert the other objects when one is broken (default true for directories)")
	set.BoolVarP(&op.quiet, "quiet", "q", false, "no findings on stderr, only errors")
	set.BoolVar(&op.all, "all-findings", false, "show every field of every object on stderr")
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return set
}
