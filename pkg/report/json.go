package report

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
)

// JSON writes every ledger entry as one JSON array, an entry a line, as they come:
// the file of ten thousand objects needs the memory of one entry.
type JSON struct {
	w       io.Writer
	line    bytes.Buffer
	encoder *json.Encoder
	started bool
}

// NewJSON returns a JSON printer that writes to w.
func NewJSON(w io.Writer) *JSON {
	j := &JSON{w: w}
	j.encoder = json.NewEncoder(&j.line)
	j.encoder.SetEscapeHTML(false)
	return j
}

// Write appends the entries of one outcome.
func (j *JSON) Write(o convert.Outcome) error {
	for _, e := range o.Entries {
		if err := j.entry(e); err != nil {
			return err
		}
	}
	return nil
}

// Flush ends the array.
func (j *JSON) Flush() error {
	end := "\n]\n"
	if !j.started {
		end = "[]\n"
	}
	_, err := io.WriteString(j.w, end)
	return err
}

func (j *JSON) entry(e ledger.Entry) error {
	if e.To == nil {
		e.To = []ledger.To{} // readers iterate over it: never null
	}
	j.line.Reset()
	if j.started {
		j.line.WriteString(",\n")
	} else {
		j.line.WriteString("[\n")
	}
	if err := j.encoder.Encode(e); err != nil {
		return err
	}
	j.started = true
	_, err := j.w.Write(bytes.TrimSuffix(j.line.Bytes(), []byte("\n")))
	return err
}
