package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set by the linker in releases; otherwise the module's version tells.
var version string

func versionCommand() command {
	return command{
		name:    "version",
		summary: "Print the version",
		parse: func(args []string) (operation, error) {
			rest, help, err := parseOnlyHelp("version", args)
			switch {
			case err != nil:
				return nil, err
			case help:
				return helpOp{"version"}, nil
			case len(rest) > 0:
				return nil, usagef("version", "version takes no arguments")
			}
			return versionOp{}, nil
		},
	}
}

type versionOp struct{}

// Run implements operation.
func (versionOp) Run(_ context.Context, s streams) error {
	info, _ := debug.ReadBuildInfo()
	_, err := fmt.Fprintln(s.out, describe(version, info))
	return quietPipe(err)
}

func describe(version string, info *debug.BuildInfo) string {
	revision := ""
	if info != nil {
		revision = vcs(info)
	}
	version = released(version, info)
	return fmt.Sprintf("kubectl-gitops %s (%s%s, %s/%s)",
		version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// toolVersion is the version alone.
func toolVersion() string {
	info, _ := debug.ReadBuildInfo()
	return released(version, info)
}

func released(version string, info *debug.BuildInfo) string {
	if version == "" && info != nil {
		version = info.Main.Version
	}
	if version == "" {
		version = "(devel)"
	}
	return version
}

// vcs is the commit that the binary was built from, as "commit 0123456789ab, ".
func vcs(info *debug.BuildInfo) string {
	revision, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " modified"
		}
	}
	if revision == "" {
		return ""
	}
	return "commit " + revision + dirty + ", "
}
