package source

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestQueueKeepsOrder: many fill it while one empties it; each one's lines come whole,
// in their order, and no more is held than there is room.
func TestQueueKeepsOrder(t *testing.T) {
	wake := make(chan struct{}, 1)
	q := newLineQueue(1, wake)
	const senders, each = 8, 20_000
	var all sync.WaitGroup
	for s := range senders {
		all.Go(func() {
			for i := range each {
				q.wait(fmt.Sprintf("%d %d %s", s, i, strings.Repeat("x", i%500)), streamLine{})
			}
		})
	}
	go func() {
		all.Wait()
		q.end()
	}()
	var next [senders]int
	var b *streamBatch
	for !q.isOver() {
		if b = q.take(b); b == nil {
			<-wake
			continue
		}
		if n := q.held(); n > minStreamBatches*streamBatchBytes {
			t.Fatalf("%d bytes are held", n)
		}
		begin := int32(0)
		for _, l := range b.lines {
			var s, i int
			fmt.Sscanf(string(b.text[begin:l.end]), "%d %d", &s, &i)
			if begin = l.end; i != next[s] {
				t.Fatalf("line %d of %d comes as %d", i, s, next[s])
			}
			next[s]++
		}
	}
	for s, n := range next {
		if n != each {
			t.Errorf("%d lines of %d", n, s)
		}
	}
	if q.take(b); q.held() != 0 {
		t.Errorf("%d bytes are left", q.held())
	}
}

// TestQueueCostsNoAllocation a line.
func TestQueueCostsNoAllocation(t *testing.T) {
	q := newLineQueue(1, make(chan struct{}, 1))
	line := strings.Repeat("x", 150)
	var b *streamBatch
	if n := testing.AllocsPerRun(100, func() {
		for range 100 {
			q.offer(line, streamLine{})
		}
		b = q.take(b)
	}); n != 0 {
		t.Errorf("%v allocations for 100 lines", n)
	}
}

// TestQueueGathers: the counting is told once of many lines, and soon.
func TestQueueGathers(t *testing.T) {
	wake := make(chan struct{}, 1)
	q := newLineQueue(1, wake)
	begun := time.Now()
	for range 100 {
		q.offer("x", streamLine{})
	}
	<-wake
	if took := time.Since(begun); took > time.Second {
		t.Errorf("after %v", took)
	}
	select {
	case <-wake:
		t.Error("twice")
	case <-time.After(20 * wakeDelay):
	}
}

// TestQueueIsNotPutOff: a line doesn't make the counting wait that was to be told of
// another.
func TestQueueIsNotPutOff(t *testing.T) {
	q := newLineQueue(1, make(chan struct{}, 1))
	q.offer("x", streamLine{})
	again := make(chan struct{}, 1)
	q.mu.Lock()
	q.armed, q.timer = true, time.AfterFunc(time.Hour, func() { again <- struct{}{} })
	q.mu.Unlock()
	q.offer("y", streamLine{})
	select {
	case <-again:
		t.Error("the timer was set again")
	case <-time.After(20 * wakeDelay):
	}
	q.timer.Stop()
}

func BenchmarkQueue(b *testing.B) {
	q := newLineQueue(DefaultQueueBytes, make(chan struct{}, 1))
	line := strings.Repeat("x", 150)
	var have *streamBatch
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if q.offer(line, streamLine{}); i%512 == 0 {
			have = q.take(have)
		}
	}
}
