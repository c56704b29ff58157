package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
)

var (
	// errFindings says that the answer is no; the findings say why.
	errFindings = errors.New("blocking findings, or some at or above --fail-on")
	// errReported says that the errors were printed when they occurred.
	errReported = errors.New("some objects failed")
)

// notRecorded says that all but the recording was done.
type notRecorded struct{ error }

func (e notRecorded) Unwrap() error { return e.error }

func (e notRecorded) Error() string {
	return "the output is complete, but it was not recorded: " + e.error.Error()
}

// A usageError is about the command line; hint names the help that would have told.
type usageError struct {
	message string
	command string
}

func (e *usageError) Error() string {
	help := "kubectl gitops --help"
	if e.command != "" {
		help = "kubectl gitops " + e.command + " --help"
	}
	return e.message + "\nSee '" + help + "'."
}

func usagef(command, format string, args ...any) error {
	return &usageError{fmt.Sprintf(format, args...), command}
}

// conclude prints err where nobody has yet and returns the exit code.
func conclude(w io.Writer, err error) int {
	var unrecorded notRecorded
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &unrecorded):
		printError(w, unrecorded)
		return exitNotRecorded
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errReported):
		return exitError
	case errors.Is(err, context.Canceled):
		printError(w, errors.New("interrupted"))
	default:
		printError(w, err)
	}
	return exitError
}

func printError(w io.Writer, err error) {
	fmt.Fprintf(w, "error: %v\n", err)
}

// quietPipe forgives a reader that has seen enough, such as head.
func quietPipe(err error) error {
	if errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return err
}
