package main

import (
	"fmt"
	"io"
	"time"
)

// A progress is one line on a terminal that shows how far long work is. It keeps
// silent for the first second, and altogether without a terminal.
type progress struct {
	w     io.Writer // nil: silent
	now   func() time.Time
	start time.Time
	last  time.Time
	shown bool
}

const (
	progressDelay = time.Second
	progressPace  = 100 * time.Millisecond
	eraseLine     = "\r\x1b[K"
)

func newProgress(s streams, quiet bool) *progress {
	p := &progress{now: time.Now}
	if s.terminal && !quiet {
		p.w = s.err
	}
	p.start = p.now()
	return p
}

// step says that n things are done.
func (p *progress) step(doing string, n int) { p.show("%s… %d", doing, n) }

// part says that n of all things are done.
func (p *progress) part(doing string, n, all int) { p.show("%s… %d of %d", doing, n, all) }

func (p *progress) show(format string, args ...any) {
	if p.w == nil {
		return
	}
	now := p.now()
	if now.Sub(p.start) < progressDelay || now.Sub(p.last) < progressPace {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.w, eraseLine+format, args...)
}

// clear removes the line, so that other text can follow.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, eraseLine)
		p.shown = false
	}
}
