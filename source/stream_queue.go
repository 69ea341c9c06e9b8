// The queue between the goroutines that receive lines and the one that counts them:
// bounded in bytes and in lines, filled and emptied in batches, so that a line costs
// a copy and no allocation.

package source

import (
	"sync"
	"time"

	"postfix_exporter/maillog"
)

const (
	streamBatchBytes = 2 * MaxLine // has room for the longest line
	streamBatchLines = 2048
	minStreamBatches = 4
	// wakeDelay is how long lines are gathered before the counting is woken: a
	// wake-up costs more than many lines.
	wakeDelay = time.Millisecond
)

// streamLine is where a line ends in its batch, and where it is from.
type streamLine struct {
	end  int32
	at   int64           // Unix time of its receipt
	from *maillog.Sender // nil: a line of a log
}

type streamBatch struct {
	text  []byte
	lines []streamLine
}

func (b *streamBatch) holds(n int) bool {
	return len(b.text)+n <= cap(b.text) && len(b.lines) < cap(b.lines)
}

// lineQueue belongs to no goroutine: all may call it, but for take, which has one caller.
type lineQueue struct {
	mu     sync.Mutex
	room   sync.Cond // told when a batch was emptied, or the queue ends
	full   []*streamBatch
	tail   *streamBatch // being filled; nil: none
	free   []*streamBatch
	unmade int   // batches that were never needed
	spare  int   // so many are left to those who can't wait
	bytes  int64 // of the lines held
	ended  bool  // nothing more is taken
	wake   chan<- struct{}
	timer  *time.Timer
	armed  bool
}

// newLineQueue holds about so many bytes of lines.
func newLineQueue(bytes int, wake chan<- struct{}) *lineQueue {
	n := max(minStreamBatches, bytes/streamBatchBytes)
	q := &lineQueue{unmade: n, spare: n / 2, wake: wake}
	q.room.L = &q.mu
	q.timer = time.AfterFunc(time.Hour, q.ring)
	q.timer.Stop()
	return q
}

// offer takes a line, or is false where there is no room: its sender doesn't wait.
func (q *lineQueue) offer(line string, l streamLine) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return !q.ended && q.put(line, l, 0)
}

// wait takes a line once there is room. Half of the queue is not for those who wait: a
// stream that is faster than the counting leaves room for datagrams. It is false when
// the queue ended.
func (q *lineQueue) wait(line string, l streamLine) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.ended && !q.put(line, l, q.spare) {
		q.room.Wait()
	}
	return !q.ended
}

func (q *lineQueue) put(line string, l streamLine, spare int) bool {
	if (q.tail == nil || !q.tail.holds(len(line))) && !q.extend(spare) {
		return false
	}
	b := q.tail
	b.text = append(b.text, line...)
	l.end = int32(len(b.text))
	b.lines = append(b.lines, l)
	q.bytes += int64(len(line))
	if !q.armed {
		q.armed = true
		q.timer.Reset(wakeDelay)
	}
	return true
}

// extend begins another batch, if more than spare are left.
func (q *lineQueue) extend(spare int) bool {
	if len(q.free)+q.unmade <= spare {
		return false
	}
	if q.tail != nil {
		q.full = append(q.full, q.tail)
	}
	if n := len(q.free); n > 0 {
		q.tail, q.free = q.free[n-1], q.free[:n-1]
		return true
	}
	q.unmade--
	q.tail = &streamBatch{text: make([]byte, 0, streamBatchBytes), lines: make([]streamLine, 0, streamBatchLines)}
	return true
}

// take is the oldest batch, nil if there is none. done is given back.
func (q *lineQueue) take(done *streamBatch) (b *streamBatch) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if done != nil {
		q.bytes -= int64(len(done.text))
		done.text, done.lines = done.text[:0], done.lines[:0]
		q.free = append(q.free, done)
		q.room.Broadcast()
	}
	if len(q.full) > 0 {
		b = q.full[0]
		q.full = q.full[:copy(q.full, q.full[1:])]
		return b
	}
	b, q.tail = q.tail, nil
	return b
}

// isOver is true once nothing is held and nothing more is taken.
func (q *lineQueue) isOver() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.ended && q.tail == nil && len(q.full) == 0
}

// held is how many bytes are not counted yet.
func (q *lineQueue) held() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes
}

// end takes no more; what is held can still be taken.
func (q *lineQueue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.ended = true
	q.room.Broadcast()
	q.timer.Reset(0)
}

// drop forgets what is held.
func (q *lineQueue) drop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.full, q.tail, q.free, q.bytes = nil, nil, nil, 0
}

// ring tells the counting that there is something.
func (q *lineQueue) ring() {
	q.mu.Lock()
	q.armed = false
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default: // it was told already
	}
}
