package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"sigs.k8s.io/yaml"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/convert"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/plan"
)

// A renderSink takes rendered apps and shows nothing of them until commit. close drops
// what was not committed.
type renderSink interface {
	add(*manifest.App) error
	commit() error
	close() error
}

// printSink prints manifests, and writes the plan where --plan asks for it.
type printSink struct {
	*stdoutSink
	format string
	run    *render.Run
	plan   *atomicFile // nil without --plan
}

func (op *renderOp) newSink(s streams, run *render.Run) (renderSink, error) {
	if op.outputDir != "" {
		dir, err := plan.NewDir(op.outputDir)
		return stageSink{dir, run}, err
	}
	sink := &printSink{stdoutSink: newStdoutSink(s.out, op.format), format: op.format, run: run}
	if op.plan != "" {
		f, err := createAtomic(op.plan)
		if err != nil {
			return nil, fmt.Errorf("--plan: %w", err)
		}
		sink.plan = f
	}
	return sink, nil
}

func (s *printSink) add(app *manifest.App) error {
	out, err := written(app, s.format)
	if err != nil {
		return err
	}
	return s.stdoutSink.add(convert.Outcome{Out: out})
}

func (s *printSink) commit() error {
	if err := s.stdoutSink.commit(); err != nil || s.plan == nil {
		return err
	}
	data, err := yaml.Marshal(s.run.Plan())
	if err == nil {
		_, err = s.plan.Write(data)
	}
	if err == nil {
		err = s.plan.commit()
	}
	if err != nil {
		return fmt.Errorf("--plan: %w", err)
	}
	return nil
}

func (s *printSink) close() error {
	if s.plan != nil {
		s.plan.close()
	}
	return s.stdoutSink.close()
}

// stageSink writes the stages of a plan.
type stageSink struct {
	*plan.Dir
	run *render.Run
}

func (s stageSink) add(app *manifest.App) error { return s.Add(app, s.run.Stages(app)) }
func (s stageSink) commit() error               { return s.Finish(s.run.Plan()) }
func (s stageSink) close() error                { return s.Close() }

// written returns the objects in a format.
func written(app *manifest.App, format string) (outputs []convert.Output, err error) {
	for i := range app.Objects {
		o := convert.Output{Object: app.Objects[i].ID()}
		var failed error
		switch format {
		case formatYAML:
			o.Data, failed = manifest.Encode(app.Objects[i].Object)
		case formatJSON:
			o.Data, failed = json.Marshal(app.Objects[i].Object)
		}
		err = errors.Join(err, failed)
		outputs = append(outputs, o)
	}
	return outputs, err
}
