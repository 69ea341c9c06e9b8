package source

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/internal/journal"
	"postfix_exporter/maillog"
)

// The real journalctl, on real journals.

// realLog are the entries of a log of a real Postfix.
func realLog(t *testing.T) (entries []journal.Entry) {
	t.Helper()
	b, err := os.ReadFile("../testdata/logs/rfc3339.log")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		e, ok := journal.Parse(strings.TrimSuffix(line, "\n"), 0)
		if !ok {
			t.Fatalf("%q", line)
		}
		entries = append(entries, e)
	}
	return entries
}

func recordOf(e journal.Entry) maillog.Record {
	r := maillog.Record{Time: e.Time.UTC(), Host: e.Host, Program: e.Program, PID: e.PID, Text: e.Text}
	if e.PID == 0 {
		r.PID = maillog.Unread
	}
	return r
}

// realWorld reads a real journal.
type realWorld struct {
	*testing.T
	o JournalOptions
	j *Journal
}

func newRealWorld(t *testing.T) *realWorld {
	w := &realWorld{T: t, o: JournalOptions{Directory: t.TempDir()}}
	t.Cleanup(w.close)
	return w
}

func (w *realWorld) close() {
	if w.j != nil {
		w.j.Close()
	}
}

func (w *realWorld) open(at checkpoint.Place) {
	w.Helper()
	w.close()
	w.o.At = at
	var err error
	if w.j, err = NewJournal(w.o); err != nil {
		w.Fatal(err)
	}
}

// want reads entries, which must be those.
func (w *realWorld) want(entries []journal.Entry) {
	w.Helper()
	end := time.Now().Add(20 * time.Second)
	for n := 0; n < len(entries); {
		line, _, err := w.j.Next()
		if err == io.EOF {
			if err := w.j.Wait(w.Context()); err != nil || time.Now().After(end) {
				w.Fatalf("%d of %d entries; %v, %v", n, len(entries), err, w.j.Err())
			}
			continue
		}
		got, want := *line.Record, recordOf(entries[n])
		if want.Text = strings.TrimSuffix(want.Text, "\n"); !got.Time.Equal(want.Time) {
			w.Fatalf("entry %d at %v, want %v", n, got.Time, want.Time)
		}
		if got.Time = want.Time; got != want {
			w.Fatalf("entry %d\n got %+v\nwant %+v", n, got, want)
		}
		n++
	}
}

func (w *realWorld) caughtUp() {
	w.Helper()
	for end := time.Now().Add(20 * time.Second); !w.j.CaughtUp(); {
		if line, _, err := w.j.Next(); err == nil {
			w.Fatalf("one too many: %+v", line.Record)
		}
		if w.j.CaughtUp() {
			return
		}
		if err := w.j.Wait(w.Context()); err != nil || time.Now().After(end) {
			w.Fatal(err, w.j.Err())
		}
	}
}

// TestRealJournal restarts at any entry, also over boots and rotated files, while
// entries come: none is lost, none comes twice.
func TestRealJournal(t *testing.T) {
	entries := realLog(t)
	w := newRealWorld(t)
	random := rand.New(rand.NewPCG(1, 2))
	n := len(entries)
	journal.Append(t, w.o.Directory, "a.journal", 1, entries[:n/3])
	journal.Append(t, w.o.Directory, "b.journal", 2, entries[n/3:n/2])
	w.open(checkpoint.Place{})
	at := 0
	for range 15 {
		next := min(at+random.IntN(n/15), n/2)
		w.want(entries[at:next])
		at = next
		w.open(w.j.Place())
	}
	w.want(entries[at : n/2])
	w.caughtUp()
	journal.Append(t, w.o.Directory, "b.journal", 2, entries[n/2:n/2+100]) // it is followed
	w.want(entries[n/2 : n/2+100])
	journal.Append(t, w.o.Directory, "c.journal", 3, entries[n/2+100:n/2+200]) // a new file, after a boot
	w.want(entries[n/2+100 : n/2+200])
	w.open(w.j.Place())
	journal.Append(t, w.o.Directory, "c.journal", 3, entries[n/2+200:])
	w.want(entries[n/2+200:])
	w.caughtUp()
	if s := w.j.Stats(); s.Gaps != 0 || w.j.Resumed().How != Found || w.j.Err() != nil {
		t.Errorf("%+v, %+v, %v", s, w.j.Resumed(), w.j.Err())
	}
}

// TestRealVacuum takes away the file that was read last.
func TestRealVacuum(t *testing.T) {
	entries := realLog(t)[:300]
	w := newRealWorld(t)
	journal.Append(t, w.o.Directory, "a.journal", 1, entries[:100])
	journal.Append(t, w.o.Directory, "b.journal", 1, entries[100:200])
	w.open(checkpoint.Place{})
	w.want(entries[:50])
	place := w.j.Place()
	w.close()
	for _, file := range []string{"a.journal", "b.journal"} {
		if err := os.Remove(filepath.Join(w.o.Directory, file)); err != nil {
			t.Fatal(err)
		}
		w.open(place)
		if file == "a.journal" {
			w.want(entries[100:200])
		}
		w.caughtUp()
		if s := w.j.Stats(); s.Gaps != 1 || w.j.Resumed().How != Gap {
			t.Errorf("without %s: %+v, %+v", file, s, w.j.Resumed())
		}
		place = w.j.Place()
	}
	journal.Append(t, w.o.Directory, "c.journal", 1, entries[200:])
	w.want(entries[200:])
	if s := w.j.Stats(); s.Gaps != 1 || w.j.Err() != nil {
		t.Errorf("%+v, %v", s, w.j.Err())
	}
}

// What is asked for by unit or tag, and texts that a file can't hold.
func TestRealChoice(t *testing.T) {
	w := newRealWorld(t)
	begun := time.Unix(1_795_000_000, 0)
	var all []journal.Entry
	for i := range 40 {
		e := journal.Entry{Time: begun.Add(time.Duration(i) * time.Second), Host: "mx", Program: "postfix/smtp", PID: i + 1, Unit: "postfix@-.service", Text: fmt.Sprint("text ", i)}
		switch i % 4 {
		case 1:
			e.Unit = "cron.service"
		case 2:
			e.Program = "postfix/smtpd"
		case 3:
			e.Text = fmt.Sprintf("%d\n\nMESSAGE=forged\n\n\x00\xff\x85", i)
		}
		all = append(all, e)
	}
	journal.Append(t, w.o.Directory, "a.journal", 1, all)
	w.wantChosen(all, JournalOptions{}, func(journal.Entry) bool { return true })
	w.wantChosen(all, JournalOptions{Units: []string{"postfix@-"}}, func(e journal.Entry) bool { return e.Unit == "postfix@-.service" })
	w.wantChosen(all, JournalOptions{Units: []string{"postfix@-", "cron"}, Identifiers: []string{"postfix/smtp"}}, func(e journal.Entry) bool { return e.Program == "postfix/smtp" })
	w.wantChosen(all, JournalOptions{Slices: []string{"mail"}}, func(journal.Entry) bool { return false })
}

func (w *realWorld) wantChosen(all []journal.Entry, o JournalOptions, chosen func(journal.Entry) bool) {
	w.Helper()
	var entries []journal.Entry
	for _, e := range all {
		if chosen(e) {
			entries = append(entries, e)
		}
	}
	o.Directory = w.o.Directory
	w.o = o
	w.open(checkpoint.Place{})
	w.want(entries)
	w.caughtUp()
}
