package main

import (
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/store"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify/policy"
)

// verifyOp is `kubectl gitops verify`, parsed.
type verifyOp struct {
	// convert is the conversion of the left side.
	convert *convertOp
	against inputFlags

	offline     bool
	kubeVersion string
	apiVersions []string
	decrypt     bool

	accept []string
	format string
}

const verifyLong = `
Answers whether a conversion is whole, syncs the same way and deploys the same, for each
Application, or Kustomization and HelmRelease, of the input. Without --against the input is
converted in memory, with the flags that 'kubectl gitops convert' has; with it, the input
is compared with what somebody wrote by hand.

  fields   every field of the input is accounted for; one that no rule knows is a failure
  schema   both sides are as the API server wants them, rules in CEL included
  policy   how both sides sync, row by row: same, differs, or cannot be compared
  content  both sides are rendered and compared object by object: equivalent, differs, or
           not proven where a side cannot be rendered as its tool would do it

Nothing is called equivalent that was not rendered on both sides. Sources are taken from
--source, else fetched. Values of Secrets are never shown.

Exit codes: 0 all is well, 1 something is not, 2 it could not be verified. Rows of the
policy that were read and are fine can be left out of the answer by --accept.`

const verifyExamples = `
  # Convert in memory and verify that
  kubectl gitops verify -f apps/ --source https://github.com/example/deploy=../deploy

  # What somebody wrote by hand
  kubectl gitops verify -f argo/ --against flux/ -o json

  # In CI: the guard against empty sources has no counterpart, and that is known
  kubectl gitops verify -R -f apps/ --offline --accept empty-source,trigger`

func verifyCommand() command {
	return command{
		name:     "verify",
		args:     "(-f FILE|DIR|URL|- | -k DIR | TYPE [NAME...] | TYPE/NAME...) [--against FILE|DIR|URL] [flags]",
		summary:  "Tell whether a conversion is whole, and syncs and deploys the same",
		long:     verifyLong,
		examples: verifyExamples,
		flags:    func() []flagGroup { return newVerifyFlags().groups() },
		words:    liveTypes,
		parse:    parseVerify,
	}
}

// verifyFlags bind the flags to an operation.
type verifyFlags struct {
	op      *verifyOp
	convert *convertFlags
}

func newVerifyFlags() *verifyFlags {
	c := newConvertFlags()
	return &verifyFlags{op: &verifyOp{convert: c.op, against: newInputFlags()}, convert: c}
}

func (f *verifyFlags) groups() []flagGroup {
	c := f.convert
	return []flagGroup{
		{"Input", f.input()},
		{"Verification", f.verification()},
		{"Record", f.record()},
		{"Conversion", c.conversion()},
		{"Conversion to Flux", c.toFlux()},
		{"Conversion to Argo CD", c.toArgo()},
		{"Cluster", c.op.from.cluster("namespace of live objects, and of the Flux objects in files that name none")},
	}
}

func (f *verifyFlags) input() *pflag.FlagSet {
	set := f.convert.op.from.input()
	set.StringSliceVar(&f.op.against.files, "against", nil, "`file`, directory or URL with the other side, in place of a conversion; repeatable")
	return set
}

func (f *verifyFlags) verification() *pflag.FlagSet {
	set := newFlagSet("verification")
	op := f.op
	set.VarP(newEnum(&op.format, formatTable, formatTable, formatJSON), "output", "o", "format of the answer")
	set.StringSliceVar(&op.accept, "accept", nil, "`row` of the policy that may differ, such as prune; repeatable")
	set.BoolVar(&op.offline, "offline", false, "fetch nothing: what no --source stands for is not proven")
	set.StringVar(&op.kubeVersion, "kube-version", "", "`version` of Kubernetes that charts see, where the object sets none (default 1.37.0)")
	set.StringSliceVarP(&op.apiVersions, "api-versions", "a", nil, "further API `version` that charts see, as GROUP/VERSION[/KIND]; repeatable")
	set.BoolVar(&op.decrypt, "decrypt", false, "decrypt what SOPS encrypted, by the command sops and the keys that it finds")
	set.BoolVarP(&op.convert.quiet, "quiet", "q", false, "no progress and no warnings on stderr")
	set.BoolVarP(&f.convert.help, "help", "h", false, "explain this command")
	return set
}

func (f *verifyFlags) record() *pflag.FlagSet {
	set := newFlagSet("record")
	op := f.op.convert
	set.Var(&op.record, "record", "record what was found, in the database at `[=ADDRESS]`, "+store.DatabaseEnv+" or where libpq's variables lead")
	set.Lookup("record").NoOptDefVal = recordByEnvironment
	set.StringVar(&op.cluster, "cluster-name", "", "`name` to record under (default the kubeconfig's cluster for live objects, else "+defaultCluster+")")
	return set
}

func parseVerify(args []string) (operation, error) {
	f := newVerifyFlags()
	set, err := parseGroups("verify", f.groups(), args)
	if err != nil {
		return nil, err
	}
	if f.convert.help {
		return helpOp{"verify"}, nil
	}
	from := &f.convert.op.from
	from.resources = set.Args()
	f.op.against.recursive = from.recursive
	rules := append(from.rules("verify"), rule{f.op.twiceStdin(), "only one of -f and --against can be stdin"},
		rule{set.Changed("against") && len(f.op.against.files) == 0 || slices.Contains(f.op.against.files, ""), "--against is empty"})
	if err := firstBroken("verify", rules); err != nil {
		return nil, err
	}
	for _, row := range f.op.accept {
		if ids := policy.IDs(); !slices.Contains(ids, row) {
			return nil, usagef("verify", "--accept: there is no row %q; the rows are %s", row, strings.Join(ids, ", "))
		}
	}
	_, err = f.convert.finish(set)
	return f.op, err
}

func (op *verifyOp) twiceStdin() bool {
	return isStdin(op.convert.from.files) && isStdin(op.against.files)
}
