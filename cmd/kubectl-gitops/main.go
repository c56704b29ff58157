// Command kubectl-gitops is a kubectl plugin that converts between Argo CD and Flux
// and accounts for every field. It parses arguments into operations and runs them;
// the knowledge is in the packages below it.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/term"
)

// Exit codes, as diff and kubectl diff have them.
const (
	exitOK       = 0
	exitFindings = 1 // blocking findings, or some at or above --fail-on
	exitError    = 2
	// exitNotRecorded: the output is whole, the database failed.
	exitNotRecorded = 3
)

// completerName is what kubectl looks for on PATH to complete this plugin.
const completerName = "kubectl_complete-gitops"

// streams are the ends that an operation reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	// terminal says that a person watches err.
	terminal bool
	color    bool
}

func main() {
	os.Exit(run(os.Args))
}

func run(argv []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal cancels; a second one ends the process.
	context.AfterFunc(ctx, stop)
	// Caught rather than ignored, so that children such as credential plugins keep
	// the default: a write to a closed pipe then returns EPIPE, and findings still show.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	s := standardStreams()
	op, err := parse(arguments(argv))
	if err == nil {
		err = op.Run(ctx, s)
	}
	return conclude(s.err, err)
}

// arguments returns what follows the program's name; called as kubectl's completer,
// the binary is its own __complete command.
func arguments(argv []string) []string {
	name := strings.TrimSuffix(filepath.Base(argv[0]), ".exe")
	if name == completerName {
		return append([]string{completeCommand}, argv[1:]...)
	}
	return argv[1:]
}

func standardStreams() streams {
	terminal := term.IsTerminal(int(os.Stderr.Fd())) && os.Getenv("TERM") != "dumb"
	return streams{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		terminal: terminal,
		color:    terminal && os.Getenv("NO_COLOR") == "",
	}
}
