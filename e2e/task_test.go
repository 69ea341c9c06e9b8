package e2e

import (
	"context"
	"sync"
	"testing"
	"time"
)

// task is a function that runs beside the test until it is told to stop.
type task struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func startTask(t *testing.T, run func(context.Context)) *task {
	ctx, cancel := context.WithCancel(context.Background())
	k := &task{cancel: cancel}
	k.done.Go(func() { run(ctx) })
	t.Cleanup(k.stop)
	return k
}

// stop waits for the function's end. It may be called again.
func (k *task) stop() {
	k.cancel()
	k.done.Wait()
}

// sleep is false if ctx ends before d is over.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
