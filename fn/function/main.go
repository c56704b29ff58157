// Package function adapts the compiler in pkg/convert to the KRM functions
// specification and to kustomize's older exec plugins.
package function

import (
	"fmt"
	"io"
	"os"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/fn/framework"
	"sigs.k8s.io/kustomize/kyaml/kio"
	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// configEnv is how kustomize hands its config to an exec plugin, beside argv[1].
const configEnv = "KUSTOMIZE_PLUGIN_CONFIG_STRING"

// Streams are the standard streams of the process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Main runs the function and returns its exit code. Without arguments it reads a
// ResourceList; with a config file as the argument it is kustomize's exec plugin.
func Main(args []string, getenv func(string) string, s Streams) int {
	var err error
	switch {
	case len(args) == 1 && (args[0] == "--help" || args[0] == "-h"):
		_, err = io.WriteString(s.Out, help())
	case len(args) == 0:
		return execute(&kio.ByteReadWriter{
			Reader: s.In, Writer: s.Out, OmitReaderAnnotations: true, KeepReaderAnnotations: true,
		}, s.Err)
	case len(args) > 1 || strings.HasPrefix(args[0], "-"):
		err = fmt.Errorf("unexpected arguments %q: see --help", args)
	default:
		var config *yaml.RNode
		if config, err = pluginConfig(args[0], getenv(configEnv)); err == nil {
			return execute(&kio.ByteReadWriter{
				Reader: s.In, Writer: s.Out, OmitReaderAnnotations: true, KeepReaderAnnotations: true,
				NoWrap: true, FunctionConfig: config,
			}, s.Err)
		}
	}
	if err != nil {
		printError(s.Err, err)
		return 1
	}
	return 0
}

// pluginConfig reads the config of the exec plugin call.
func pluginConfig(file, text string) (*yaml.RNode, error) {
	if text == "" {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text = string(data)
	}
	config, err := yaml.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return config, nil
}

// execute runs the function over rw and reports to stderr what stdout may not
// show: kustomize drops results.
func execute(rw *kio.ByteReadWriter, stderr io.Writer) int {
	p := &processor{list: rw}
	err := framework.Execute(p, rw)
	failed := p.results.ExitCode() != 0
	for _, r := range p.results {
		if !failed || r.Severity == framework.Error {
			printResult(stderr, r)
		}
	}
	if err != nil && !failed {
		printError(stderr, err)
	}
	if err != nil || failed {
		return 1
	}
	return 0
}
