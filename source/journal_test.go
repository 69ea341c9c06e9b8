package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

func TestJournalFollows(t *testing.T) {
	w := newJournalWorld(t)
	w.entries(1, 200)
	w.open()
	w.want(1, 200)
	w.caughtUp()
	w.entries(1, 203)
	w.want(201, 203)
	w.gaps(0, NoPlace)
	if err := w.j.Err(); err != nil || !w.j.Stats().Watched {
		t.Error(err, w.j.Stats())
	}
	w.restart()
	w.entries(1, 205)
	w.want(204, 205)
	w.gaps(0, Found)
}

// TestJournalIsCaughtUpWhenCounted: not before the last entry was given and another
// asked for.
func TestJournalIsCaughtUpWhenCounted(t *testing.T) {
	w := newJournalWorld(t)
	w.entries(1, 3)
	w.open()
	w.until("the last", func() bool {
		if w.j.CaughtUp() {
			t.Fatal("caught up before all was given")
		}
		return len(w.got) == 3
	})
	time.Sleep(50 * time.Millisecond)
	if w.j.CaughtUp() {
		t.Fatal("caught up before the last was counted")
	}
	w.caughtUp()
}

func TestJournalRecord(t *testing.T) {
	w := newJournalWorld(t)
	w.entries(16, 16)
	w.open()
	line, at, err := w.j.Next()
	for err == io.EOF {
		w.must(w.j.Wait(t.Context()))
		line, at, err = w.j.Next()
	}
	want := maillog.Record{Time: time.UnixMicro(1_700_000_000_000_016).UTC(), Host: "mx", Program: "postfix/smtp", PID: 8, Text: "m16"}
	if err != nil || *line.Record != want || at != (checkpoint.Pos{NotAfter: 1_800_000_000}) {
		t.Errorf("%+v at %+v, %v", line.Record, at, err)
	}
	place := checkpoint.Place{Log: "journal", Path: "journal SYSLOG_FACILITY=2", Cursor: "s=f;i=10", NotAfter: 1_800_000_000}
	if got := w.j.Place(); got != place {
		t.Errorf("%+v", got)
	}
	w.close()
	if got := w.j.Place(); got != place {
		t.Errorf("closed: %+v", got)
	}
	if _, _, err := w.j.Next(); err != io.EOF || w.j.Wait(t.Context()) != io.EOF {
		t.Error("closed, it goes on")
	}
}

// Each kind of restart after each entry: none is lost, none comes twice.
func TestJournalRestarts(t *testing.T) {
	w := newJournalWorld(t)
	w.entries(1, 12)
	w.open()
	for n := 1; n <= 12; n++ {
		w.want(n, n)
		w.restart()
		w.until("the place", func() bool { return w.j.Resumed().How == Found || n == 12 && w.j.CaughtUp() })
	}
	w.caughtUp()
	w.gaps(0, Found)
}

// A journalctl that dies, between two entries or inside one, is started again
// behind what it gave.
func TestJournalctlDies(t *testing.T) {
	w := newJournalWorld(t)
	w.entries(1, 5)
	w.open()
	w.want(1, 5)
	w.caughtUp()
	w.tell("die", "now")
	w.until("its last words", func() bool {
		err := w.j.Err()
		return err != nil && err.Error() == "waiting for the journal: journalctl: I have to go"
	})
	w.entries(1, 7)
	w.want(6, 7)
	w.until("the fault to end", func() bool { return w.j.Err() == nil })
	for _, bytes := range []string{"1", "30", "200", "201", "420", "700"} {
		w.close()
		w.tell("cut", bytes)
		w.o.At = checkpoint.Place{}
		w.open()
		w.want(1, 7)
		w.gaps(0, NoPlace)
	}
}

func TestJournalctlFails(t *testing.T) {
	for _, c := range []struct{ file, text, want string }{
		{"fail", "Hint: x\nNo journal files were opened due to insufficient permissions.\n", "journalctl: No journal files were opened due to insufficient permissions."},
		{"fail", "half a \x1b[1mline", "journalctl: half a ?[1mline"},
		{"fail", " ", "journalctl: exit status 1"},
		{"garbage", "-- No entries --\n", "what comes is not the export format"},
		{"hang", "yes", "it said nothing for too long"},
		{"closed", "yes", "it said nothing for too long"},
	} {
		w := newJournalWorld(t)
		w.o.Silence = 3 * time.Second // the race detector makes a slow start
		w.entries(1, 3)
		w.tell(c.file, c.text)
		w.open()
		if c.file == "closed" {
			continue // dying is long; Close must end it all the same
		}
		w.until("the fault", func() bool { return w.j.Err() != nil })
		place := w.j.Place()
		if err := w.j.Err(); !strings.Contains(err.Error(), c.want) || w.j.CaughtUp() || place != (checkpoint.Place{}) {
			t.Errorf("%s %q: %v, at %+v", c.file, c.text, err, place)
		}
		w.untell(c.file)
		w.want(1, 3)
		w.caughtUp()
		if err := w.j.Err(); err != nil {
			t.Error(err)
		}
	}
}

// TestJournalPauses: each failure in a row is followed by a longer pause.
func TestJournalPauses(t *testing.T) {
	w := newJournalWorld(t)
	pauses := make(chan time.Duration, 100)
	w.o.After = func(d time.Duration) <-chan time.Time {
		pauses <- d // nobody waits for entries, so there are no others
		return time.After(d / 1000)
	}
	w.tell("fail", "no\n")
	w.open()
	for _, want := range []int{1, 2, 4, 8, 16, 30, 30} {
		if got := <-pauses; got != time.Duration(want)*time.Second {
			t.Errorf("a pause of %v, want %d s", got, want)
		}
	}
}

// Where the entry that was read last is gone, that is a gap, told once; not so if
// the next one has the next number, nor if that one was asked for otherwise.
func TestJournalIsVacuumed(t *testing.T) {
	for _, c := range []struct {
		name         string
		from, to     int // what is left
		unit         string
		gaps         int64
		how          Resumed
		first, later int // what comes at once, and then
	}{
		{"nothing is gone", 1, 9, "", 0, Found, 6, 9},
		{"all that was read", 6, 9, "", 0, Found, 6, 9},
		{"one that was not", 7, 9, "", 1, Gap, 7, 9},
		{"all but new ones", 20, 22, "", 1, Gap, 20, 22},
		{"all", 1, 0, "", 1, Gap, 6, 5},
		{"asked otherwise", 7, 9, "postfix@-", 0, Found, 7, 9},
	} {
		w := newJournalWorld(t)
		w.entries(1, 5)
		w.open()
		w.want(1, 5)
		w.close()
		w.entries(c.from, c.to)
		if c.unit != "" {
			w.o.Units = []string{c.unit}
		}
		w.restart()
		w.want(c.first, c.later)
		w.caughtUp()
		w.gaps(c.gaps, c.how)
		w.entries(c.later+1, c.later+2)
		w.want(c.later+1, c.later+2)
		w.restart()
		w.entries(c.later+1, c.later+3)
		w.want(c.later+3, c.later+3)
		w.gaps(0, Found)
		w.close()
	}
}

// A vacuum while journalctl is away is one gap, too.
func TestJournalIsVacuumedMeanwhile(t *testing.T) {
	w := newJournalWorld(t)
	w.entries(1, 5)
	w.open()
	w.want(1, 5)
	w.caughtUp()
	w.entries(1, 0)
	w.tell("die", "now")
	w.until("the gap", func() bool { return w.j.Stats().Gaps == 1 })
	w.tell("die", "again")
	w.until("the second death", func() bool { return (&fake{dir: w.dir}).told("die") == "" })
	w.entries(9, 10)
	w.want(9, 10)
	w.gaps(1, NoPlace)
}

func TestJournalFromEnd(t *testing.T) {
	w := newJournalWorld(t)
	w.o.From = End
	w.entries(1, 5)
	w.open()
	w.caughtUp()
	if len(w.got) != 0 || w.j.Place().Cursor != "s=f;i=5" {
		t.Errorf("%q, %+v", w.got, w.j.Place())
	}
	w.restart()
	w.entries(1, 7)
	w.want(6, 7)
}

// In a journal that was empty, all is new: after a restart as well.
func TestJournalFromEndOfNothing(t *testing.T) {
	w := newJournalWorld(t)
	w.o.From = End
	w.open()
	if p := w.j.Place(); p != (checkpoint.Place{}) {
		t.Errorf("nothing was seen, and that is %+v", p)
	}
	w.caughtUp()
	w.close()
	w.entries(1, 2)
	w.restart()
	w.want(1, 2)
	w.gaps(0, NoPlace)
}

func TestJournalOfAnotherLog(t *testing.T) {
	for _, at := range []checkpoint.Place{
		{Log: "/var/log/mail.log", Path: "/var/log/mail.log", Offset: 9},
		{Log: "/var/log/mail.log"},
		{Log: "journal /elsewhere", Path: "journal /elsewhere SYSLOG_FACILITY=2", Cursor: "s=f;i=4"},
	} {
		w := newJournalWorld(t)
		w.o.At, w.o.From = at, End
		w.entries(1, 5)
		w.open()
		w.caughtUp()
		w.gaps(0, OtherLog)
		w.entries(1, 6)
		w.want(6, 6)
		w.close()
	}
	// And a file that is followed doesn't take up a journal.
	path := filepath.Join(t.TempDir(), "mail.log")
	if err := os.WriteFile(path, []byte("a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := NewFollow(path, FollowOptions{Poll: true, At: checkpoint.Place{Log: "journal", Path: "journal SYSLOG_FACILITY=2", Cursor: "s=f;i=4"}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if line, _, err := f.Next(); line.Text != "a" || err != nil || f.Resumed().How != OtherLog || f.Stats().Gaps != 0 {
		t.Errorf("%q, %v, %+v", line.Text, err, f.Resumed())
	}
}

func TestJournalArguments(t *testing.T) {
	w := newJournalWorld(t)
	w.o.Directory = "/logs/journal/"
	w.o.Units, w.o.Slices, w.o.Identifiers = []string{"postfix", "postfix@out.service", "postfix"}, []string{"mail"}, []string{"postfix/smtp"}
	w.entries(1, 1)
	w.open()
	w.want(1, 1)
	w.caughtUp()
	w.until("the second call", func() bool { return strings.Count((&fake{dir: w.dir}).told("calls"), "\n") == 2 })
	const fields = "__CURSOR,__REALTIME_TIMESTAMP,_SOURCE_REALTIME_TIMESTAMP,_HOSTNAME,SYSLOG_IDENTIFIER,SYSLOG_PID,_PID,MESSAGE"
	const what = " --merge --directory=/logs/journal/ SYSLOG_IDENTIFIER=postfix/smtp _SYSTEMD_SLICE=mail.slice _SYSTEMD_UNIT=postfix.service _SYSTEMD_UNIT=postfix@out.service\n"
	const start = "--quiet --no-pager --output=export --output-fields=" + fields
	if got, want := (&fake{dir: w.dir}).told("calls"), start+what+start+" --follow --no-tail --cursor=s=f;i=1"+what; got != want {
		t.Errorf("called with\n%swant\n%s", got, want)
	}
	for _, o := range []JournalOptions{{Units: []string{""}}, {Units: []string{"postfix*"}}, {Identifiers: []string{"a\nb"}}, {Slices: []string{"a?"}}} {
		if _, err := NewJournal(o); err == nil || errors.Is(err, ErrNoJournalctl) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := NewJournal(JournalOptions{Command: "no-such-journalctl"}); !errors.Is(err, ErrNoJournalctl) {
		t.Error(err)
	}
}

// Close ends journalctl and what it started, and Wait ends with its context.
func TestJournalEnds(t *testing.T) {
	w := newJournalWorld(t)
	w.tell("hang", "yes")
	w.o.Silence = time.Hour
	w.o.After = nil
	w.open()
	var group int
	w.until("its process", func() bool { n, _ := fmt.Sscan((&fake{dir: w.dir}).told("pid"), &group); return n == 1 })
	ctx, stop := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, stop)
	if err := w.j.Wait(ctx); err != context.Canceled {
		t.Error(err)
	}
	begun := time.Now()
	w.close()
	if took := time.Since(begun); took > 500*time.Millisecond {
		t.Errorf("it took %v to end", took)
	}
	for end := time.Now().Add(5 * time.Second); syscall.Kill(-group, 0) != syscall.ESRCH; { // init has to reap it
		if time.Now().After(end) {
			t.Fatal("what it started is still there")
		}
		time.Sleep(time.Millisecond)
	}
}

// TestJournalEndsUnread: Close doesn't wait for a reader.
func TestJournalEndsUnread(t *testing.T) {
	for n := range 20 {
		w := newJournalWorld(t)
		w.entries(1, batches*batchSize+n)
		w.open()
		for len(w.j.full) < batches {
			time.Sleep(time.Millisecond)
		}
		done := make(chan bool)
		go func() {
			w.must(w.j.Close())
			close(done)
		}()
		select {
		case <-done:
		case <-time.After(patience):
			t.Fatalf("%d entries: it waits", batches*batchSize+n)
		}
	}
}
