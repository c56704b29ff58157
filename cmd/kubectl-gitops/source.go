package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/source"
)

// A sourceFlag is one --source URL[@REV]=DIR.
type sourceFlag struct{ url, revision, dir string }

// parseSource splits URL[@REV]=DIR. The first = ends the URL.
func parseSource(s string) (sourceFlag, error) {
	url, dir, ok := strings.Cut(s, "=")
	if !ok || url == "" || dir == "" {
		return sourceFlag{}, fmt.Errorf("%q is not URL[@REV]=DIR", source.Public(s))
	}
	url, revision, ok := convert.CutRevision(url)
	if !ok {
		return sourceFlag{}, fmt.Errorf("%q has no revision after the @", source.Public(s))
	}
	return sourceFlag{url, revision, dir}, nil
}

// parseSources parses the values of --source of a command.
func parseSources(command string, values []string) (sources []sourceFlag, err error) {
	for _, s := range values {
		parsed, err := parseSource(s)
		if err != nil {
			return nil, usagef(command, "--source: %v", err)
		}
		sources = append(sources, parsed)
	}
	return sources, nil
}

func (f sourceFlag) checkout() (convert.Checkout, error) {
	info, err := os.Stat(f.dir)
	if err != nil {
		return convert.Checkout{}, fmt.Errorf("--source %s: %w", source.Public(f.url), err)
	}
	if !info.IsDir() {
		return convert.Checkout{}, fmt.Errorf("--source %s: %s is not a directory", source.Public(f.url), f.dir)
	}
	return convert.Checkout{URL: f.url, Revision: f.revision, FS: os.DirFS(f.dir)}, nil
}
