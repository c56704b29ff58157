package main

import (
	"os"
	"runtime/debug"
)

// What a conversion holds at once grows with the input by a small factor; the rest of a
// heap is garbage that the collector has not come to.
const (
	memoryBase   = 24 << 20
	memoryFactor = 5
)

// boundMemory makes the collector work before the heap outgrows what the inputs need. It
// is a soft limit, and the user's own wins.
func boundMemory(inputs []input) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	total := int64(memoryBase)
	for _, in := range inputs {
		total += memoryFactor * int64(len(in.Data))
	}
	debug.SetMemoryLimit(total)
}

// relaxCollector trades a little memory for the time of the collector: what rendering
// holds at once is small, and nearly all that it makes is garbage soon.
func relaxCollector() {
	const percent = 300
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
