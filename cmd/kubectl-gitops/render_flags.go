package main

import "github.com/spf13/pflag"

// renderFlags bind the flags to an operation, and hold what is not yet one.
type renderFlags struct {
	op        *renderOp
	sources   []string
	keepGoing bool
	help      bool
}

func newRenderFlags() *renderFlags { return &renderFlags{op: &renderOp{from: newInputFlags()}} }

func (f *renderFlags) groups() []flagGroup {
	return []flagGroup{
		{"Input", f.op.from.input()},
		{"Sources", f.source()},
		{"Rendering", f.rendering()},
		{"Output", f.output()},
		{"Cluster", f.op.from.cluster("namespace of live objects, and of Flux objects in files that name none")},
	}
}

func (f *renderFlags) source() *pflag.FlagSet {
	set := newFlagSet("sources")
	set.StringArrayVar(&f.sources, "source", nil, "local directory in place of a source, as `URL[@REV]=DIR`; repeatable")
	set.BoolVar(&f.op.offline, "offline", false, "fetch nothing: what no --source stands for is an error")
	set.BoolVar(&f.op.from.liveSources, "live-sources", false, "read from the cluster the sources and ConfigMaps that the files of -f or -k lack")
	return set
}

func (f *renderFlags) rendering() *pflag.FlagSet {
	set := newFlagSet("rendering")
	set.BoolVar(&f.op.follow, "follow", false, "render also what the rendered objects deploy: Kustomizations, HelmReleases and Applications among them")
	set.StringVar(&f.op.kubeVersion, "kube-version", "", "`version` of Kubernetes that charts see, where the object sets none (default 1.37.0)")
	set.StringSliceVarP(&f.op.apiVersions, "api-versions", "a", nil, "further API `version` that charts see, as GROUP/VERSION[/KIND]; repeatable")
	set.BoolVar(&f.op.decrypt, "decrypt", false, "decrypt what SOPS encrypted, by the command sops and the keys that it finds")
	return set
}

func (f *renderFlags) output() *pflag.FlagSet {
	set := newFlagSet("output")
	op := f.op
	set.VarP(newEnum(&op.format, formatYAML, formatYAML, formatJSON, formatName), "output", "o", "format of the manifests")
	set.StringVar(&op.outputDir, "output-dir", "", "`directory` that gets numbered stages, the plan, and apply.sh, which applies them")
	set.StringVar(&op.plan, "plan", "", "`file` that gets the apply plan, as YAML ('kubectl gitops plan' plans a cut-over instead)")
	set.Var(newEnum(&op.failOn, failUnsupported, failUnknown, failUnsupported, failApproximate, failNever),
		"fail-on", "exit with 1 on findings as bad as this")
	set.BoolVar(&f.keepGoing, "keep-going", false, "render the other objects when one fails (default true for directories)")
	set.BoolVarP(&op.quiet, "quiet", "q", false, "no findings on stderr, only errors")
	set.BoolVar(&op.all, "all-findings", false, "show every finding on stderr")
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return set
}
