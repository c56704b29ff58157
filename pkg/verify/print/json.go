// Package print writes what a verification found, for people and for machines.
package print

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/verify"
)

// A Printer takes results as they come.
type Printer interface {
	Write(*verify.Result) error
	// Flush ends the output.
	Flush(verify.Summary) error
}

// JSON writes one object: "deployments", a result a line, and "summary". The text of ten
// thousand deployments needs the memory of one.
type JSON struct {
	w       io.Writer
	started bool
}

// NewJSON returns a JSON printer that writes to w.
func NewJSON(w io.Writer) *JSON { return &JSON{w: w} }

// Write implements Printer.
func (j *JSON) Write(r *verify.Result) error {
	lead := ",\n"
	if !j.started {
		lead, j.started = "{\"deployments\":[\n", true
	}
	return j.line(lead, r, "")
}

// Flush implements Printer.
func (j *JSON) Flush(s verify.Summary) error {
	lead := "\n],\n\"summary\":"
	if !j.started {
		lead = "{\"deployments\":[" + lead[1:]
	}
	return j.line(lead, s, "}\n")
}

func (j *JSON) line(lead string, value any, end string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(value); err != nil {
		return err
	}
	_, err := fmt.Fprintf(j.w, "%s%s%s", lead, bytes.TrimSpace(b.Bytes()), end)
	return err
}
