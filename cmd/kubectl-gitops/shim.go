package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// shimMark tells the files that may be replaced and removed from those of others.
const shimMark = "kubectl-gitops wrote this file and may replace or remove it."

// A shim is a small executable that leads another program to this one. It names no
// path, so that it survives upgrades.
type shim struct {
	path    string
	content string
}

// shims returns the files that make name, in dir, run a command line with the arguments
// it gets. Windows finds an executable by its suffix alone.
func shims(goos, dir, name, commandLine string) []shim {
	if goos == "windows" {
		return []shim{{filepath.Join(dir, name+".bat"), "@rem " + shimMark + "\r\n@" + commandLine + " %*\r\n"}}
	}
	return []shim{{filepath.Join(dir, name), scriptOf(commandLine)}}
}

func scriptOf(commandLine string) string {
	return "#!/bin/sh\n# " + shimMark + "\nexec " + commandLine + ` "$@"` + "\n"
}

// shimFlags are the flags of the commands that write shims.
type shimFlags struct {
	uninstall, dryRun bool
}

// apply writes or removes the shims and says on out what it did, or would do.
func (f shimFlags) apply(out io.Writer, all []shim) error {
	for _, s := range all {
		state, err := s.state()
		if err != nil {
			return err
		}
		if err := f.one(out, s, state); err != nil {
			return err
		}
	}
	return nil
}

func (f shimFlags) one(out io.Writer, s shim, state shimState) error {
	verb, act := "wrote", s.write
	switch {
	case f.uninstall && state == shimMissing:
		verb, act = "not there:", nil
	case f.uninstall:
		verb, act = "removed", s.remove
	case state == shimCurrent:
		verb, act = "up to date:", nil
	}
	if act != nil && f.dryRun {
		verb, act = map[string]string{"wrote": "would write", "removed": "would remove"}[verb], nil
	}
	if act != nil {
		if err := act(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%s %s\n", verb, s.path)
	return quietPipe(err)
}

type shimState int

const (
	shimMissing shimState = iota
	shimCurrent
	shimOld // ours, of another version
)

// state looks at what is there; something that is not ours is an error.
func (s shim) state() (shimState, error) {
	info, err := os.Lstat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return shimMissing, nil
	}
	if err != nil {
		return 0, err
	}
	if !info.Mode().IsRegular() {
		return 0, s.foreign()
	}
	data, err := os.ReadFile(s.path)
	switch {
	case err != nil:
		return 0, err
	case !bytes.Contains(data, []byte(shimMark)):
		return 0, s.foreign()
	case string(data) == s.content && (runtime.GOOS == "windows" || info.Mode()&0o111 == 0o111):
		return shimCurrent, nil
	default:
		return shimOld, nil
	}
}

func (s shim) foreign() error {
	return fmt.Errorf("%s is there and kubectl gitops did not write it: move it away, or choose another directory", s.path)
}

func (s shim) write() error {
	if err := os.MkdirAll(filepath.Dir(s.path), 0o755); err != nil {
		return err
	}
	file, err := createAtomic(s.path)
	if err != nil {
		return err
	}
	defer file.close()
	if _, err := file.WriteString(s.content); err != nil {
		return err
	}
	if err := file.file.Chmod(0o755); err != nil {
		return err
	}
	return file.commit()
}

func (s shim) remove() error { return os.Remove(s.path) }
