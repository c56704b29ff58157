package main

import (
	"context"
	"fmt"

	"github.com/kubectl-gitops/kubectl-gitops/pkg/render"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/render/manifest"
	"github.com/kubectl-gitops/kubectl-gitops/pkg/report"
)

// A renderJob takes rendered apps to where they belong.
type renderJob struct {
	op        *renderOp
	s         streams
	bar       *progress
	rendering *render.Run
	keepGoing bool

	sink  renderSink
	text  *report.Text // nil with --quiet
	count struct{ apps, failed, objects, bad int }
}

func (op *renderOp) newJob(s streams, l *loader, bar *progress, run *render.Run) (*renderJob, error) {
	j := &renderJob{op: op, s: s, bar: bar, rendering: run, keepGoing: l.directory}
	if op.keepGoing != nil {
		j.keepGoing = *op.keepGoing
	}
	if !op.quiet {
		j.text = report.NewText(s.err, report.TextOptions{Color: s.color, All: op.all})
	}
	var err error
	j.sink, err = op.newSink(s, run)
	return j, err
}

func (j *renderJob) run(ctx context.Context) error {
	for app := range j.rendering.Apps(ctx) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := j.take(app); err != nil {
			return err
		}
		j.bar.step("rendering", j.count.apps)
	}
	j.bar.clear()
	return j.finish()
}

func (j *renderJob) take(app *manifest.App) error {
	j.count.apps++
	o := outcome(app)
	if app.Err != nil {
		if !j.keepGoing {
			return located(o)
		}
		j.count.failed++
		j.bar.clear()
		printError(j.s.err, located(o))
	}
	n, err := bad(app.Findings, j.op.failOn)
	if err != nil {
		return err
	}
	j.count.bad += n
	j.count.objects += len(app.Objects)
	if j.text != nil {
		if err := j.text.Write(o); err != nil {
			return err
		}
	}
	return j.sink.add(app)
}

// finish makes the results visible, objects before findings.
func (j *renderJob) finish() error {
	if err := j.sink.commit(); err != nil {
		return err
	}
	if j.text != nil {
		if err := j.text.Flush(); err != nil {
			return err
		}
		j.summary()
	}
	switch {
	case j.count.failed > 0:
		return errReported
	case j.count.bad > 0:
		return errFindings
	default:
		return nil
	}
}

func (j *renderJob) summary() {
	fmt.Fprintf(j.s.err, "%d of %d rendered to %d manifests\n", j.count.apps-j.count.failed, j.count.apps, j.count.objects)
	if j.count.bad > 0 {
		fmt.Fprintf(j.s.err, "%d findings at or above --fail-on %s\n", j.count.bad, j.op.failOn)
	}
}

func (j *renderJob) close() { j.sink.close() }
