package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"
)

const completionLong = `
kubectl completes a plugin through an executable named kubectl_complete-gitops on
PATH. Without flags this prints it; --install writes it beside kubectl-gitops, and
--uninstall removes it. A link of that name to kubectl-gitops does the same.
A file that this command did not write stays as it is.`

const completionExamples = `
  kubectl gitops completion --install
  kubectl gitops completion --install --dir ~/.local/bin --dry-run
  kubectl gitops completion --uninstall
  kubectl gitops completion > ~/.local/bin/kubectl_complete-gitops
  chmod +x ~/.local/bin/kubectl_complete-gitops`

const completionLine = "kubectl gitops " + completeCommand

func completionCommand() command {
	return command{
		name:     "completion",
		args:     "[--install | --uninstall] [--dir DIR]",
		summary:  "Print or install the script that completes 'kubectl gitops' in a shell",
		long:     completionLong,
		examples: completionExamples,
		flags:    func() []flagGroup { return []flagGroup{{"Flags", new(completionOp).set()}} },
		parse:    parseCompletion,
	}
}

// completionOp prints, installs or removes the completer.
type completionOp struct {
	shimFlags
	install bool
	dir     string
}

func (op *completionOp) set() *pflag.FlagSet {
	set := newFlagSet("completion")
	set.BoolVar(&op.install, "install", false, "write the script")
	set.BoolVar(&op.uninstall, "uninstall", false, "remove the script")
	set.StringVar(&op.dir, "dir", "", "`directory` on PATH to hold the script (default that of kubectl-gitops)")
	set.BoolVar(&op.dryRun, "dry-run", false, "say what would be done")
	return set
}

func parseCompletion(args []string) (operation, error) {
	var op completionOp
	set, help := op.set(), false
	set.BoolVarP(&help, "help", "h", false, "")
	err := set.Parse(args)
	switch {
	case err != nil:
		return nil, usagef("completion", "%v", err)
	case help:
		return helpOp{"completion"}, nil
	case set.NArg() > 0:
		return nil, usagef("completion", "completion takes no arguments: the script serves every shell")
	case op.install && op.uninstall:
		return nil, usagef("completion", "--install or --uninstall, not both")
	case !op.install && !op.uninstall && (op.dir != "" || op.dryRun):
		return nil, usagef("completion", "--dir and --dry-run need --install or --uninstall")
	}
	return op, nil
}

// Run implements operation.
func (op completionOp) Run(_ context.Context, s streams) error {
	if !op.install && !op.uninstall {
		_, err := fmt.Fprint(s.out, scriptOf(completionLine))
		return quietPipe(err)
	}
	dir, err := op.directory()
	if err != nil {
		return err
	}
	return op.apply(s.out, shims(runtime.GOOS, dir, completerName, completionLine))
}

// directory is where the script goes: by default where kubectl finds this plugin.
func (op completionOp) directory() (string, error) {
	if op.dir != "" {
		return filepath.Abs(op.dir)
	}
	program, err := exec.LookPath("kubectl-gitops")
	if err != nil {
		return "", errors.New("kubectl-gitops is not on PATH, so kubectl does not find it: put it there, or name a directory with --dir")
	}
	return filepath.Dir(program), nil
}
