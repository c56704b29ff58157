package main

import (
	"fmt"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/store/analysis"
)

// The formats of tables.
const (
	formatTable = "table"
	formatCSV   = "csv"
)

// The reports that take runs as arguments.
const (
	reportRun     = "run"
	reportChanges = "changes"
)

// statsOp is `kubectl gitops stats`, parsed.
type statsOp struct {
	report   string
	runs     []string // of the reports on runs
	from     inputFlags
	database databaseFlags
	format   string
	// namespace and to are for objects in files.
	namespace string
	to        convert.Direction
}

const statsLong = `
Answers from what was recorded in a database or, where an input is given, from files or
a live cluster without any database. Without a report it lists them.

  run RUN            what became of each object in a recorded run
  changes RUN RUN    what differs between two runs
%s
RUN is the beginning of a run's identifier, as the report 'runs' shows it. The database
has the same reports as views (docs/store.md).`

const statsExamples = `
  # How is the fleet doing, by what was recorded last?
  kubectl gitops stats sync
  kubectl gitops stats failing --cluster-name production -o json

  # The same of a cluster, without a database
  kubectl gitops stats failing applications,kustomizations -A

  # How much of a tree of manifests would cross to the other tool?
  kubectl gitops stats readiness -R -f clusters/`

func statsCommand() command {
	return command{
		name:     "stats",
		args:     "[REPORT] [RUN...] [-f FILE|DIR|URL|- | -k DIR | TYPE... | all] [flags]",
		summary:  "Analyse what is recorded, or what files or a cluster hold",
		long:     fmt.Sprintf(statsLong, reportList()),
		examples: statsExamples,
		flags:    func() []flagGroup { return newStatsFlags().groups() },
		words:    reportNames,
		parse:    parseStats,
	}
}

func reportNames() []string {
	var names []string
	for _, r := range analysis.Reports() {
		names = append(names, r.Name)
	}
	return append(names, reportRun, reportChanges)
}

func reportList() string {
	var b strings.Builder
	for _, r := range analysis.Reports() {
		fmt.Fprintf(&b, "  %-18s %s\n", r.Name, r.Summary)
	}
	return b.String()
}

// statsFlags bind the flags to an operation.
type statsFlags struct {
	op   *statsOp
	help bool
}

func newStatsFlags() *statsFlags { return &statsFlags{op: &statsOp{from: newInputFlags()}} }

func (f *statsFlags) groups() []flagGroup {
	set := newFlagSet("stats")
	set.VarP(newEnum(&f.op.format, formatTable, formatTable, formatJSON, formatCSV), "output", "o", "format of the answer")
	set.Var(newEnum(&f.op.to, convert.ToAuto, convert.ToFlux, convert.ToArgo), "to", "tool that readiness is about, where the input holds objects of both")
	set.BoolVarP(&f.help, "help", "h", false, "explain this command")
	return []flagGroup{
		{"Input", f.op.from.input()},
		{"Database", f.op.database.set("`name` of the cluster to report on (default all of the database)")},
		{"Report", set},
		{"Cluster", f.op.from.cluster("namespace of live objects, and of objects in files that name none")},
	}
}

func parseStats(args []string) (operation, error) {
	f := newStatsFlags()
	set, err := parseGroups("stats", f.groups(), args)
	if err != nil {
		return nil, err
	}
	if f.help {
		return helpOp{"stats"}, nil
	}
	rest := set.Args()
	if len(rest) == 0 {
		if f.op.from.empty() {
			return reportsOp{}, nil
		}
		return nil, usagef("stats", "name a report: %s", strings.Join(reportNames(), ", "))
	}
	f.op.report, rest = rest[0], rest[1:]
	if n, ok := map[string]int{reportRun: 1, reportChanges: 2}[f.op.report]; ok {
		if len(rest) != n || !f.op.from.empty() {
			return nil, usagef("stats", "the report %s takes %d identifiers of recorded runs and no input", f.op.report, n)
		}
		f.op.runs = rest
		return f.op, nil
	}
	f.op.from.resources = rest
	f.op.namespace = givenNamespace(set, f.op.from)
	return f.op, f.op.check()
}

// check finds a report that is unknown or cannot be given.
func (op *statsOp) check() error {
	r, ok := analysis.Find(op.report)
	switch {
	case !ok:
		return usagef("stats", "unknown report %q; the reports are %s", op.report, strings.Join(reportNames(), ", "))
	case op.from.empty():
		return firstBroken("stats", op.from.rules("report on")[1:])
	case r.Recorded():
		return usagef("stats", "the report %s is about a database: it takes no input", r.Name)
	}
	return firstBroken("stats", op.from.rules("report on"))
}
