package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
)

// The formats of -o.
const (
	formatYAML = "yaml"
	formatJSON = "json"
	formatName = "name"
)

// prepare turns outputs into what a format writes, so that writing cannot fail half
// way for their sake. Documents without content, such as a lone comment, have no JSON.
func prepare(format string, outputs []convert.Output) ([]convert.Output, error) {
	switch format {
	case formatYAML:
		return outputs, nil
	case formatName:
		return names(outputs), nil
	}
	var prepared []convert.Output
	for _, o := range outputs {
		data, err := yaml.YAMLToJSON(o.Data)
		if err != nil {
			return nil, fmt.Errorf("cannot become JSON: %w", err)
		}
		if string(data) != "null" {
			prepared = append(prepared, convert.Output{Object: o.Object, Data: data})
		}
	}
	return prepared, nil
}

// An objectWriter writes prepared outputs one by one; Close ends what they form.
type objectWriter interface {
	Write(convert.Output) error
	Close() error
}

func newObjectWriter(w io.Writer, format string) objectWriter {
	switch format {
	case formatJSON:
		return &listWriter{w: w}
	case formatName:
		return nameWriter{w}
	default:
		return yamlWriter{convert.NewStream(w)}
	}
}

type yamlWriter struct{ *convert.Stream }

func (yamlWriter) Close() error { return nil }

type nameWriter struct{ w io.Writer }

func (n nameWriter) Write(o convert.Output) error {
	_, err := fmt.Fprintln(n.w, resourceName(o.Object))
	return err
}

func (nameWriter) Close() error { return nil }

// A listWriter writes one object as it is and any other number as a List, like
// kubectl; so it holds the first until it knows.
type listWriter struct {
	w     io.Writer
	first []byte
	n     int
}

func (l *listWriter) Write(o convert.Output) error {
	l.n++
	switch l.n {
	case 1:
		l.first = o.Data
		return nil
	case 2:
		if err := l.item(listStart, l.first); err != nil {
			return err
		}
		l.first = nil
	}
	return l.item(",", o.Data)
}

const (
	listStart = "{\n    \"apiVersion\": \"v1\",\n    \"items\": ["
	listEnd   = "],\n    \"kind\": \"List\"\n}\n"
)

func (l *listWriter) item(lead string, data []byte) error {
	b := bytes.NewBufferString(lead + "\n        ")
	if err := json.Indent(b, data, "        ", "    "); err != nil {
		return err
	}
	_, err := l.w.Write(b.Bytes())
	return err
}

func (l *listWriter) Close() error {
	var b bytes.Buffer
	switch l.n {
	case 0:
		b.WriteString(listStart + listEnd)
	case 1:
		if err := json.Indent(&b, l.first, "", "    "); err != nil {
			return err
		}
		b.WriteByte('\n')
	default:
		b.WriteString("\n    " + listEnd)
	}
	_, err := l.w.Write(b.Bytes())
	return err
}
