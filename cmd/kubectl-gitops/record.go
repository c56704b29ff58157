package main

import (
	"github.com/spf13/pflag"
)

// recordOp is `kubectl gitops record`, parsed.
type recordOp struct {
	from      inputFlags
	database  databaseFlags
	namespace string
	migrate   bool
	keepGoing *bool // nil: only when an input is a directory
	quiet     bool
}

const recordLong = `
Writes what Argo CD and Flux hold into a PostgreSQL database: Applications,
ApplicationSets, AppProjects, the objects of Flux, and how repositories are reached,
with their status where they are read from a cluster. No secret is written: values that
may be credentials are replaced before they leave this program. 'all' stands for every
type of the cluster that is recorded.

A run is recorded whole or not at all. A run that repeats the last one changes nothing,
but for the time of last sight, which is kept to the hour.

The tables are made in a database that has none; --migrate brings those of an older
version up to date. 'kubectl gitops stats' and 'history' read them.`

const recordExamples = `
  # Everything that the current cluster deploys
  kubectl gitops record all -A

  # A tree of manifests, under a name of its own
  kubectl gitops record -R -f clusters/production --cluster-name production

  # Prepare the database, as a user who may create tables
  kubectl gitops record --migrate --database postgres://owner@db.example.com/gitops`

func recordCommand() command {
	return command{
		name:     "record",
		args:     "(-f FILE|DIR|URL|- | -k DIR | TYPE [NAME...] | TYPE/NAME... | all) [flags]",
		summary:  "Record objects and their status in a database",
		long:     recordLong,
		examples: recordExamples,
		flags:    func() []flagGroup { return newRecordFlags().groups() },
		words:    func() []string { return append(liveTypes(), allTypes) },
		parse:    parseRecord,
	}
}

// recordFlags bind the flags to an operation.
type recordFlags struct {
	op        *recordOp
	keepGoing bool
	help      bool
}

func newRecordFlags() *recordFlags { return &recordFlags{op: &recordOp{from: newInputFlags()}} }

func (f *recordFlags) groups() []flagGroup {
	set := newFlagSet("record")
	set.BoolVar(&f.op.migrate, "migrate", false, "create or update the tables first; without an input do only that")
	set.BoolVar(&f.keepGoing, "keep-going", false, "record the other objects when one is broken (default true for directories)")
	set.BoolVarP(&f.op.quiet, "quiet", "q", false, "print errors only")
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return []flagGroup{
		{"Input", f.op.from.input()},
		{"Database", f.op.database.set("`name` to record under (default the kubeconfig's cluster for live objects, else " + defaultCluster + ")")},
		{"Recording", set},
		{"Cluster", f.op.from.cluster("namespace of live objects, and of objects in files that name none")},
	}
}

func parseRecord(args []string) (operation, error) {
	f := newRecordFlags()
	set, err := parseGroups("record", f.groups(), args)
	if err != nil {
		return nil, err
	}
	if f.help {
		return helpOp{"record"}, nil
	}
	f.op.from.resources = set.Args()
	rules := f.op.from.rules("record")
	if f.op.migrate {
		rules = rules[1:] // nothing need be recorded
	}
	if err := firstBroken("record", rules); err != nil {
		return nil, err
	}
	if set.Changed("keep-going") {
		f.op.keepGoing = &f.keepGoing
	}
	f.op.namespace = givenNamespace(set, f.op.from)
	return f.op, nil
}

// parseGroups parses the arguments of a command by its groups of flags.
func parseGroups(command string, groups []flagGroup, args []string) (*pflag.FlagSet, error) {
	set := newFlagSet(command)
	for _, group := range groups {
		set.AddFlagSet(group.set)
	}
	if err := set.Parse(args); err != nil {
		return nil, usagef(command, "%v", err)
	}
	return set, nil
}

// givenNamespace is that of --namespace for objects in files. Live objects know theirs.
func givenNamespace(set *pflag.FlagSet, from inputFlags) string {
	if set.Changed("namespace") && len(from.resources) == 0 {
		return *from.kube.Namespace
	}
	return ""
}
