package main

import (
	"os"
	"runtime/debug"
)

// What a conversion holds at once grows with the input by a small factor; the rest of a
// heap is garbage that the collector has not come to.
const (
	memoryBase   = 64 << 20
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
