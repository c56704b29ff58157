package main

import (
	"context"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"
	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/kyaml/filesys"

	"github.com/kubectl-gitops/kubectl-gitops/fn/function"
)

// kustomizeCommand is the hidden command that answers kustomize's exec plugin call.
const kustomizeCommand = "__kustomize"

// The place of the plugin below kustomize's plugin home: group, version, kind in lower
// case, kind (kustomize: api/internal/plugins/loader/loader.go).
var pluginPath = []string{"fn.kubectl-gitops.io", "v1alpha1", "gitopsconvert"}

const pluginName = "GitOpsConvert"

const pluginLong = `
kubectl kustomize runs no exec functions, only plugins that lie in a directory of
their own. This puts one there that calls kubectl-gitops, which has to be on PATH.
It is the function that kpt and kustomize also run: a kustomization names a
GitOpsConvert under transformers, and is built with --enable-alpha-plugins.

The directory is the first of these that exists, as kustomize looks for it, or else
the first that has a name: $KUSTOMIZE_PLUGIN_HOME, $XDG_CONFIG_HOME/kustomize/plugin,
~/.config/kustomize/plugin, ~/kustomize/plugin.
A file that this command did not write stays as it is.`

const pluginExamples = `
  kubectl gitops install-kustomize-plugin
  kubectl kustomize --enable-alpha-plugins examples/kustomize/flux-plugin

  # what it would do, and the way back
  kubectl gitops install-kustomize-plugin --dry-run
  kubectl gitops install-kustomize-plugin --uninstall`

func pluginCommand() command {
	return command{
		name:     "install-kustomize-plugin",
		args:     "[--uninstall]",
		summary:  "Let 'kubectl kustomize' convert what it builds",
		long:     pluginLong,
		examples: pluginExamples,
		flags:    func() []flagGroup { return []flagGroup{{"Flags", new(pluginOp).set()}} },
		parse:    parsePlugin,
	}
}

// pluginOp installs or removes the plugin.
type pluginOp struct {
	shimFlags
	dir string
}

func (op *pluginOp) set() *pflag.FlagSet {
	set := newFlagSet("install-kustomize-plugin")
	set.BoolVar(&op.uninstall, "uninstall", false, "remove the plugin")
	set.StringVar(&op.dir, "dir", "", "kustomize's plugin `directory`, which KUSTOMIZE_PLUGIN_HOME must then name")
	set.BoolVar(&op.dryRun, "dry-run", false, "say what would be done")
	return set
}

func parsePlugin(args []string) (operation, error) {
	const name = "install-kustomize-plugin"
	var op pluginOp
	set, help := op.set(), false
	set.BoolVarP(&help, "help", "h", false, "")
	err := set.Parse(args)
	switch {
	case err != nil:
		return nil, usagef(name, "%v", err)
	case help:
		return helpOp{name}, nil
	case set.NArg() > 0:
		return nil, usagef(name, "%s takes no arguments; --dir names a directory", name)
	}
	return op, nil
}

// Run implements operation.
func (op pluginOp) Run(_ context.Context, s streams) error {
	home, err := op.home()
	if err != nil {
		return err
	}
	dir := filepath.Join(append([]string{home}, pluginPath...)...)
	if err := op.apply(s.out, pluginShims(runtime.GOOS, dir)); err != nil || !op.uninstall || op.dryRun {
		return err
	}
	removeEmpty(dir, len(pluginPath))
	return nil
}

// removeEmpty removes dir and directories above it, n in all, up to one that holds more.
func removeEmpty(dir string, n int) {
	for range n {
		if os.Remove(dir) != nil {
			return
		}
		dir = filepath.Dir(dir)
	}
}

// pluginShims are the files of the plugin. kustomize looks for a file without a suffix
// and starts it by that name, for which Windows then takes the one with a suffix.
func pluginShims(goos, dir string) []shim {
	all := shims(goos, dir, pluginName, "kubectl-gitops "+kustomizeCommand)
	if goos == "windows" {
		all = append(all, shim{filepath.Join(dir, pluginName), shimMark + "\r\n"})
	}
	return all
}

// home is kustomize's plugin home. One that exists goes first: to make one that
// kustomize prefers would hide the plugins of the other.
func (op pluginOp) home() (string, error) {
	if op.dir != "" {
		return filepath.Abs(op.dir)
	}
	if dir, err := konfig.DefaultAbsPluginHome(filesys.MakeFsOnDisk()); err == nil {
		return filepath.Abs(dir)
	}
	if dir := os.Getenv(konfig.KustomizePluginHomeEnv); dir != "" {
		return filepath.Abs(dir)
	}
	config := os.Getenv(konfig.XdgConfigHomeEnv)
	if config == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		config = filepath.Join(home, konfig.XdgConfigHomeEnvDefault)
	}
	return filepath.Abs(filepath.Join(config, konfig.ProgramName, konfig.RelPluginHome))
}

// kustomizeOp answers one call of kustomize.
type kustomizeOp struct{ args []string }

func parseKustomize(args []string) (operation, error) { return kustomizeOp{args}, nil }

// Run implements operation. The function prints its own errors.
func (op kustomizeOp) Run(_ context.Context, s streams) error {
	if function.Main(op.args, os.Getenv, function.Streams{In: s.in, Out: s.out, Err: s.err}) != 0 {
		return errReported
	}
	return nil
}
