package main

import (
	"context"
	"time"
)

// stopTimeout is how long the others may take once one has ended. A read from a
// dead network file system may never come back.
const stopTimeout = 10 * time.Second

// actor runs until ctx ends or it is done.
type actor func(ctx context.Context) error

// runAll runs the actors until the first ends, stops the others and returns
// the first one's error.
func runAll(ctx context.Context, actors ...actor) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(actors)) // holds all: none that is late hangs
	for _, a := range actors {
		go func() { ended <- a(ctx) }()
	}
	first := <-ended
	stop()
	late := time.After(stopTimeout)
	for range len(actors) - 1 {
		select {
		case <-ended:
		case <-late:
			return first
		}
	}
	return first
}
