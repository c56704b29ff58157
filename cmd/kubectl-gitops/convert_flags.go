package main

import (
	"github.com/spf13/pflag"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/appset/functions"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
)

// convertFlags bind the flags to an operation, and hold what is not yet one.
type convertFlags struct {
	op         *convertOp
	perApp     bool
	keepGoing  bool
	sources    []string
	sourceURLs []string
	appOfApps  string
	help       bool
}

func newConvertFlags() *convertFlags {
	return &convertFlags{op: &convertOp{from: newInputFlags(), options: convert.Options{TemplateFunctions: functions.Map()}}}
}

func (f *convertFlags) groups() []flagGroup {
	return []flagGroup{
		{"Input", f.op.from.input()},
		{"Conversion", f.conversion()},
		{"Conversion to Flux", f.toFlux()},
		{"Conversion to Argo CD", f.toArgo()},
		{"Output", f.output()},
		{"Record", f.record()},
		{"Cluster", f.op.from.cluster("namespace of live objects, and of the Flux objects in files that name none")},
	}
}

func (f *convertFlags) all() *pflag.FlagSet {
	set := newFlagSet("convert")
	for _, group := range f.groups() {
		set.AddFlagSet(group.set)
	}
	return set
}

func (f *convertFlags) conversion() *pflag.FlagSet {
	set := newFlagSet("conversion")
	o := &f.op.options
	set.Var(newEnum(&o.To, convert.ToAuto, convert.ToFlux, convert.ToArgo), "to", "tool to convert to; by default the one whose objects the input lacks")
	set.StringVar(&o.ArgoCDNamespace, "argocd-namespace", defaultArgoCDNamespace, "`namespace` that Argo CD runs in")
	set.StringArrayVar(&f.sources, "source", nil, "local checkout of a repository, as `URL[@REV]=DIR`; repeatable")
	set.BoolVar(&o.Preserve, "preserve", false, "keep what the other tool cannot hold in an annotation, from which the way back restores it")
	set.BoolVar(&o.AllowBlocking, "allow-blocking", false, "leave on what would deploy something else, and let it be no reason to exit with 1")
	set.BoolVar(&o.Suspend, "suspend", false, "write turned off whatever deploys, as 'kubectl gitops plan' needs it")
	return set
}

func (f *convertFlags) toFlux() *pflag.FlagSet {
	set := newFlagSet("to flux")
	o := &f.op.options
	set.StringVar(&o.FluxNamespace, "flux-namespace", defaultFluxNamespace, "`namespace` of Flux objects")
	set.Var(newEnum(&o.Placement, convert.PlaceByNamespace, convert.PlaceByNamespace, convert.PlaceSingle, convert.PlacePerApp),
		"placement", "namespace rule: by-namespace leaves Applications outside Argo CD's where they are, single collects all in the Flux namespace, per-app follows the destination")
	set.BoolVar(&f.perApp, "namespace-per-app", false, "short for --placement per-app")
	set.BoolVar(&o.ExpandOnly, "expand-only", false, "print the Applications that ApplicationSets make, and convert nothing")
	set.StringVar(&o.ConvertedPath, "converted-path", "flux", "`directory` of a repository below which you will commit what its child Applications become")
	set.Var(newEnum(&o.AppSet, convert.AppSetStatic, convert.AppSetStatic, convert.AppSetResourceSet),
		"appset", "what ApplicationSets become: static converts the Applications that they make now, resourceset writes a ResourceSet of flux-operator that goes on following lists, directories and pull requests")
	set.StringVar(&o.DefaultBranch, "default-branch", "", "`branch` that HEAD means where no --source tells; main is assumed, with a finding that says so")
	set.StringVar(&o.FluxVersion, "flux-version", "2.9", "oldest Flux `version` that must understand the output")
	set.Var(newEnum(&o.RefValues, convert.RefAuto, convert.RefAuto, convert.RefInline, convert.RefArtifact, convert.RefConfigMap),
		"ref-values", "how values files of another source ($ref/...) cross")
	return set
}

func (f *convertFlags) toArgo() *pflag.FlagSet {
	set := newFlagSet("to argocd")
	set.StringArrayVar(&f.sourceURLs, "source-url", nil, "where a source is that the input lacks, as `NAME=URL[@REV]`; repeatable")
	set.BoolVar(&f.op.from.liveSources, "live-sources", false, "read from the cluster the sources and values that the files of -f or -k lack")
	set.BoolVar(&f.op.options.Substitute, "substitute", false, "put the values of postBuild variables into the manifests below the paths of Kustomizations")
	set.BoolVar(&f.op.options.Collapse, "collapse", false, "make one ApplicationSet of Applications that differ in texts only, where there are 3 or more")
	set.StringVar(&f.appOfApps, "app-of-apps", "", "add an Application that deploys the others, as `[NAME=]URL//PATH[?ref=REV]`")
	return set
}

func (f *convertFlags) record() *pflag.FlagSet {
	set := newFlagSet("record")
	set.Var(&f.op.record, "record", "record what was read and what became of it, in the database at `[=ADDRESS]`, "+store.DatabaseEnv+" or where libpq's variables lead")
	set.Lookup("record").NoOptDefVal = recordByEnvironment
	set.BoolVar(&f.op.recordAll, "record-all", false, "record exact fields and those of the cluster's state, too")
	set.StringVar(&f.op.cluster, "cluster-name", "", "`name` to record under (default the kubeconfig's cluster for live objects, else "+defaultCluster+")")
	return set
}

func (f *convertFlags) output() *pflag.FlagSet {
	set := newFlagSet("output")
	op := f.op
	set.VarP(newEnum(&op.format, formatYAML, formatYAML, formatJSON, formatName), "output", "o", "format of the objects")
	set.StringVar(&op.outputDir, "output-dir", "", "`directory` that gets one file for each input file")
	set.StringVar(&op.ledger, "ledger", "", "`file` that gets what became of every field, as JSON")
	set.Var(newEnum(&op.failOn, failUnknown, failUnknown, failUnsupported, failApproximate, failNever),
		"fail-on", "exit with 1 on findings as bad as this; never: on blocking ones neither")
	set.BoolVar(&op.options.RedactSecrets, "redact-secrets", false, "write placeholders for the values of all Secrets")
	set.BoolVar(&f.keepGoing, "keep-going", false, "convert the other objects when one is broken (default true for directories)")
	set.BoolVarP(&op.quiet, "quiet", "q", false, "no findings on stderr, only errors")
	set.BoolVar(&op.all, "all-findings", false, "show every field of every object on stderr")
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return set
}
