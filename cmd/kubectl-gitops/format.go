package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert/ledger"
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
	if format != formatJSON {
		return outputs, nil
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

// write writes prepared outputs.
func write(w io.Writer, format string, outputs []convert.Output) error {
	switch format {
	case formatJSON:
		return writeJSON(w, outputs)
	case formatName:
		return writeNames(w, outputs)
	}
	stream := convert.NewStream(w)
	for _, o := range outputs {
		if err := stream.Write(o); err != nil {
			return err
		}
	}
	return nil
}

// writeJSON writes one object as it is and any other number as a List, like kubectl.
func writeJSON(w io.Writer, outputs []convert.Output) error {
	if len(outputs) == 1 {
		return writeIndented(w, "", outputs[0].Data, "", "\n")
	}
	if _, err := io.WriteString(w, "{\n    \"apiVersion\": \"v1\",\n    \"items\": ["); err != nil {
		return err
	}
	lead, end := "\n        ", "]"
	for _, o := range outputs {
		if err := writeIndented(w, lead, o.Data, "        ", ""); err != nil {
			return err
		}
		lead, end = ",\n        ", "\n    ]"
	}
	_, err := io.WriteString(w, end+",\n    \"kind\": \"List\"\n}\n")
	return err
}

func writeIndented(w io.Writer, lead string, data []byte, prefix, end string) error {
	var b bytes.Buffer
	b.WriteString(lead)
	if err := json.Indent(&b, data, prefix, "    "); err != nil {
		return err
	}
	b.WriteString(end)
	_, err := w.Write(b.Bytes())
	return err
}

func writeNames(w io.Writer, outputs []convert.Output) error {
	for _, o := range outputs {
		if o.Object.Kind == "" {
			continue
		}
		if _, err := fmt.Fprintln(w, resourceName(o.Object)); err != nil {
			return err
		}
	}
	return nil
}

// resourceName is kind.group/name, as kubectl's -o name has it.
func resourceName(o ledger.Object) string {
	kind := strings.ToLower(o.Kind)
	if group, _, ok := strings.Cut(o.APIVersion, "/"); ok {
		kind += "." + group
	}
	return kind + "/" + o.Name
}
