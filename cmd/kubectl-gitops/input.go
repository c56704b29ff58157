package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

const (
	maxInputBytes = 512 << 20
	fetchTimeout  = 30 * time.Second
	stdinName     = "<stdin>"
)

// An input is a stream of documents and the file that mirrors it in --output-dir.
type input struct {
	convert.Input
	mirror string
	kind   string // of a live object
}

// A loader reads inputs.
type loader struct {
	stdin    io.Reader
	client   *http.Client
	maxBytes int64
	bar      *progress

	inputs []input
	seen   map[string]bool
	// directory says that an input was one.
	directory bool
	// warnings say what could not be read and can be done without.
	warnings []string
}

func newLoader(stdin io.Reader, bar *progress) *loader {
	return &loader{
		stdin:    stdin,
		client:   &http.Client{Timeout: fetchTimeout},
		maxBytes: maxInputBytes,
		bar:      bar,
		seen:     map[string]bool{},
	}
}

// load reads everything that the flags name. Pipes, terminals and servers can leave
// it hanging: an interrupt ends it.
func (l *loader) load(ctx context.Context, from inputFlags) error {
	return await(ctx, func() error {
		switch {
		case from.kustomize != "":
			return l.kustomize(from.kustomize)
		case len(from.resources) > 0:
			return l.live(from)
		}
		for _, file := range from.files {
			if err := l.one(ctx, file, from.recursive); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *loader) one(ctx context.Context, file string, recursive bool) error {
	switch {
	case file == "-":
		return l.read(stdinName, "stdin.yaml", l.stdin, 0)
	case strings.HasPrefix(file, "http://") || strings.HasPrefix(file, "https://"):
		return l.fetch(ctx, file)
	default:
		return l.path(filepath.Clean(file), recursive)
	}
}

// await returns early when ctx is done; fn is then left behind, for libraries that
// take no context. The program is about to end.
func await(ctx context.Context, fn func() error) error {
	done := make(chan error, 1)
	go func() { done <- fn() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// read adds what r holds; size is a hint. What is named twice is read once.
func (l *loader) read(name, mirror string, r io.Reader, size int64) error {
	if l.seen[name] {
		return nil
	}
	if size > l.maxBytes {
		return l.tooLarge(name)
	}
	data, err := readAll(io.LimitReader(r, l.maxBytes+1), size)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if int64(len(data)) > l.maxBytes {
		return l.tooLarge(name)
	}
	l.addFile(name, mirror, data)
	return nil
}

func (l *loader) addFile(name, mirror string, data []byte) {
	l.add(input{convert.Input{Name: name, Data: data}, mirror, ""})
}

func (l *loader) add(in input) {
	if l.seen[in.Name] {
		return
	}
	l.seen[in.Name] = true
	l.inputs = append(l.inputs, in)
	l.bar.step("reading", len(l.inputs))
}

// documents are the inputs as the compiler takes them.
func (l *loader) documents() []convert.Input {
	documents := make([]convert.Input, len(l.inputs))
	for i, in := range l.inputs {
		documents[i] = in.Input
	}
	return documents
}

// settle ends the reading and says what could not be read and can be done without.
func (l *loader) settle(s streams, quiet bool) {
	l.bar.clear()
	if quiet {
		return
	}
	for _, w := range l.warnings {
		fmt.Fprintf(s.err, "warning: %s\n", w)
	}
}

func (l *loader) tooLarge(name string) error {
	return fmt.Errorf("%s: larger than %d MiB", name, l.maxBytes>>20)
}

// readAll is io.ReadAll with a first buffer of the right size, so that a large file
// is not copied again and again while the buffer grows.
func readAll(r io.Reader, size int64) ([]byte, error) {
	data := make([]byte, 0, size+512)
	for {
		n, err := r.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		if err == io.EOF {
			return data, nil
		}
		if err != nil {
			return nil, err
		}
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
	}
}

// isManifest tells the files that kubectl reads in a directory.
func isManifest(name string) bool {
	switch path.Ext(name) {
	case ".yaml", ".yml", ".json":
		return true
	default:
		return false
	}
}
