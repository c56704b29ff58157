package main

import (
	"bufio"
	"errors"
	"io"
	"os"
)

// An openFile collects the outcomes of one input.
type openFile struct {
	name    string
	staged  string
	file    io.Closer
	buffer  *bufio.Writer
	objects objectWriter // nil until there is an object
	changed bool
	tree    bool // it will be in a directory that Flux builds
}

func (f *openFile) open(file *os.File, staged, format string) {
	f.staged, f.file, f.buffer = staged, file, bufio.NewWriter(file)
	f.objects = newObjectWriter(f.buffer, format)
}

func (f *openFile) close() error {
	return errors.Join(f.objects.Close(), f.buffer.Flush(), f.file.Close())
}
