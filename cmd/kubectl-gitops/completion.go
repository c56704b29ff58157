package main

import (
	"context"
	"fmt"
)

const completionLong = `
kubectl completes a plugin through an executable named kubectl_complete-gitops on
PATH. This prints it. A link of that name to kubectl-gitops does the same.`

const completionExamples = `
  kubectl gitops completion > ~/.local/bin/kubectl_complete-gitops
  chmod +x ~/.local/bin/kubectl_complete-gitops`

const completionScript = "#!/bin/sh\nexec kubectl gitops " + completeCommand + ` "$@"` + "\n"

func completionCommand() command {
	return command{
		name:     "completion",
		summary:  "Print the script that completes 'kubectl gitops' in a shell",
		long:     completionLong,
		examples: completionExamples,
		parse: func(args []string) (operation, error) {
			rest, help, err := parseOnlyHelp("completion", args)
			switch {
			case err != nil:
				return nil, err
			case help:
				return helpOp{"completion"}, nil
			case len(rest) > 0:
				return nil, usagef("completion", "completion takes no arguments: the script serves every shell")
			}
			return completionOp{}, nil
		},
	}
}

type completionOp struct{}

// Run implements operation.
func (completionOp) Run(_ context.Context, s streams) error {
	_, err := fmt.Fprint(s.out, completionScript)
	return quietPipe(err)
}
