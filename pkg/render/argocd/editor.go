package argocd

import (
	"io"
	"path/filepath"

	"sigs.k8s.io/kustomize/api/kv"
	"sigs.k8s.io/kustomize/api/pkg/loader"
	"sigs.k8s.io/kustomize/api/provider"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/edit/add"
	"sigs.k8s.io/kustomize/kustomize/v5/commands/edit/set"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// An editor runs `kustomize edit` in a directory. It is the file system that the command
// sees there: names are relative to dir, and what is written stays in memory.
type editor struct {
	filesys.FileSystem
	dir string
	// files are those written, by absolute path.
	files map[string][]byte
	// err is the first error. After one nothing is done.
	err error
}

// list runs a command with arguments, if there are any.
func (e *editor) list(command, args []string) {
	if len(args) > 0 {
		e.run(append(command, args...)...)
	}
}

// run runs a command, which begins with "set" or "add".
func (e *editor) run(args ...string) {
	if e.err != nil {
		return
	}
	deps := provider.NewDefaultDepProvider()
	values := kv.NewLoader(loader.NewFileLoaderAtCwd(e), deps.GetFieldValidator())
	command := set.NewCmdSet(e, values, deps.GetFieldValidator(), deps.GetResourceFactory())
	if args[0] == "add" {
		command = add.NewCmdAdd(e, values, deps.GetResourceFactory())
	}
	command.SetArgs(args[1:])
	command.SetOut(io.Discard)
	command.SetErr(io.Discard)
	command.SilenceErrors, command.SilenceUsage = true, true
	e.fail(command.Execute())
}

func (e *editor) fail(err error) {
	if e.err == nil {
		e.err = err
	}
}

// abs returns the absolute path of a name.
func (e *editor) abs(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(e.dir, name)
}

func (e *editor) Exists(name string) bool { return e.FileSystem.Exists(e.abs(name)) }
func (e *editor) IsDir(name string) bool  { return e.FileSystem.IsDir(e.abs(name)) }

func (e *editor) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	return e.FileSystem.CleanedAbs(e.abs(name))
}

func (e *editor) ReadFile(name string) ([]byte, error) {
	if data, ok := e.files[e.abs(name)]; ok {
		return data, nil
	}
	return e.FileSystem.ReadFile(e.abs(name))
}

func (e *editor) WriteFile(name string, data []byte) error {
	e.files[e.abs(name)] = data
	return nil
}

// Glob returns matches as they were asked for: relative to the directory.
func (e *editor) Glob(pattern string) ([]string, error) {
	matches, err := e.FileSystem.Glob(e.abs(pattern))
	for i, match := range matches {
		if rel, err := filepath.Rel(e.dir, match); err == nil && !filepath.IsAbs(pattern) {
			matches[i] = rel
		}
	}
	return matches, err
}
