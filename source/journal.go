// Journal follows systemd's journal, as journalctl tells it. Here is what is handed
// out; journal_record.go makes records, journal_pump.go reads, journal_child.go runs
// journalctl.

package source

import (
	"context"
	"io"
	"sync/atomic"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Journal is the source of a journal. One goroutine runs journalctl and reads what
// it writes, some entries ahead.
type Journal struct {
	o       JournalOptions
	program string   // journalctl's path
	log     string   // which journal
	asked   string   // what of it
	matches []string // the same as arguments

	stop context.CancelFunc
	done chan struct{} // the goroutine has ended, and journalctl with it
	full chan *batch
	free chan *batch

	have   *batch // being handed out; nil: none
	next   int    // entry of it
	record maillog.Record
	cursor []byte // of the entry that Next gave last
	read   int64  // the second in which it was stored
	before checkpoint.Place
	closed bool
	state  journalState
}

// journalState is what is left for others to read.
type journalState struct {
	gaps, cut          atomic.Int64
	caughtUp, followed atomic.Bool
	err                atomic.Pointer[error]
	resume             atomic.Pointer[Resume]
}

// NewJournal begins to read. What is wrong with the journal now is no error: Err
// tells, and it is tried again. That there is no journalctl is one, and a unit that
// is none.
func NewJournal(o JournalOptions) (*Journal, error) {
	j := &Journal{o: o, done: make(chan struct{}), full: make(chan *batch, batches), free: make(chan *batch, batches)}
	if err := j.prepare(); err != nil {
		return nil, err
	}
	for range batches {
		j.free <- &batch{entries: make([]exportEntry, batchSize)}
	}
	p := &pump{j: j}
	j.begin(p)
	ctx, stop := context.WithCancel(context.Background())
	j.stop = stop
	go p.run(ctx)
	return j, nil
}

// begin says where reading begins. A place without a cursor is that of a journal in
// which there was nothing: all that is there now is new.
func (j *Journal) begin(p *pump) {
	at, resume := j.o.At, Resume{}
	switch {
	case at.Log == j.log:
		j.before, p.cursor = at, at.Cursor
		p.other = at.Path != j.asked
		if at.Cursor != "" {
			resume = Resume{How: Pending, Was: at.Path}
		}
	case !at.IsZero() || at.Log != "":
		resume = Resume{How: OtherLog, Was: at.Path, Path: j.asked}
		fallthrough
	default:
		p.fromEnd = j.o.From == End
	}
	j.state.resume.Store(&resume)
}

// Next is the next entry, as a Record, and its time. io.EOF: nothing now. There is
// no other error: Err tells what is waited for.
func (j *Journal) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	for !j.closed && j.take() {
		if j.next == j.have.n {
			j.release()
			continue
		}
		e := &j.have.entries[j.next]
		j.next++
		j.note(e)
		if e.passed {
			continue
		}
		j.fill(e)
		return maillog.Line{Record: &j.record}, checkpoint.Pos{NotAfter: j.read}, nil
	}
	return maillog.Line{}, checkpoint.Pos{NotAfter: j.read}, io.EOF
}

// take is false if nothing was read meanwhile.
func (j *Journal) take() bool {
	if j.have == nil {
		select {
		case j.have = <-j.full:
		default:
			return false
		}
	}
	return true
}

// release gives back a batch. All of it was counted by now.
func (j *Journal) release() {
	if j.have.looked && len(j.cursor) == 0 && j.before.Log == "" {
		j.before = checkpoint.Place{Log: j.log}
	}
	if j.have.caughtUp {
		j.state.caughtUp.Store(true)
	}
	*j.have = batch{entries: j.have.entries}
	j.free <- j.have
	j.have, j.next = nil, 0
}

// note keeps where reading stands.
func (j *Journal) note(e *exportEntry) {
	j.cursor = append(j.cursor[:0], e.values[fieldCursor]...)
	if stored := microseconds(e.text(fieldStored)); stored != 0 {
		j.read = stored / 1e6
	}
}

// Wait blocks until there may be more, for a second at most.
func (j *Journal) Wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if j.closed {
		return io.EOF
	}
	if j.have != nil {
		return nil
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case j.have = <-j.full:
	case <-j.o.After(DefaultTick):
	}
	return nil
}

// Place is the place behind the last entry that Next gave; if it gave none yet, that
// which was to be taken up. It belongs to Next's goroutine, and stays as it was
// after Close.
func (j *Journal) Place() checkpoint.Place {
	if len(j.cursor) == 0 {
		return j.before
	}
	return checkpoint.Place{Log: j.log, Path: j.asked, Cursor: string(j.cursor), NotAfter: j.read}
}

// Close ends journalctl, and waits for its end. Nothing more comes.
func (j *Journal) Close() error {
	j.closed = true
	j.stop()
	<-j.done
	return nil
}
