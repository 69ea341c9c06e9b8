package track

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unsafe"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
)

func anyVerdict(*classify.Verdict) error { return nil }

func saved(tr *Tracker) string {
	var to checkpoint.Encoder
	tr.Save(&to)
	return string(to.Bytes())
}

func restored(t *testing.T, state string, limit int) *Tracker {
	t.Helper()
	tr := New(limit)
	from := checkpoint.NewDecoder([]byte(state))
	if err := tr.Restore(from, anyVerdict); err != nil {
		t.Fatal(err)
	}
	if from.End(); from.Err() != nil {
		t.Fatal(from.Err())
	}
	return tr
}

// Whatever line a log is cut before, each line's outcome is as if it was not, also
// where messages leave because there are too many, and on several hosts.
func TestCutAnywhere(t *testing.T) {
	var messages [][]string
	for i := range 12 {
		m := strings.ReplaceAll(strings.TrimSpace(oneMessage), "4A5B6C7D", fmt.Sprintf("4A5B6C%02X", i/2))
		m = strings.ReplaceAll(m, " mx ", fmt.Sprintf(" mx%d ", i%3))
		m = strings.ReplaceAll(m, " postfix/", []string{" postfix/", " postfix-out/"}[i%2])
		m = strings.ReplaceAll(m, "(timeout", fmt.Sprintf("(timeout%d", i%5))
		messages = append(messages, strings.Split(m, "\n"))
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for _, limit := range []int{5, 100} {
		lines := shuffle(rng, messages)
		tr := New(limit)
		want := tell(feed(t, tr, strings.Join(lines, "\n")))
		for cut := range lines {
			first := New(limit)
			got := tell(feed(t, first, strings.Join(lines[:cut], "\n")))
			state := saved(first)
			second := restored(t, state, limit)
			if again := saved(second); again != state {
				t.Fatalf("cut at %d: the state is another when it was restored", cut)
			}
			got += tell(feed(t, second, strings.Join(lines[cut:], "\n")))
			if got != want || second.Evicted() != tr.Evicted() || second.waiting != tr.waiting {
				t.Fatalf("limit %d, cut at %d: got\n%s%d evicted\nwant\n%s%d evicted", limit, cut, got, second.Evicted(), want, tr.Evicted())
			}
		}
	}
}

func tell(all []Outcome) string {
	var b strings.Builder
	for _, o := range all {
		o.Message.Received = o.Message.Received.UTC()
		fmt.Fprintln(&b, o)
	}
	return b.String()
}

// The counts go on, and waiting recipients that are still held are told from those
// that were not.
func TestForgottenGoesOn(t *testing.T) {
	deferred := func(n int) string {
		return fmt.Sprintf("\nNov 21 03:00:01 mx postfix/smtp[4]: 4A5B6C7D: to=<b%d@b.example>, orig_to=<c@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)", n)
	}
	tr := New(1)
	log := "Nov 21 03:00:01 mx postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>"
	for n := range 8 {
		log += deferred(n)
	}
	feed(t, tr, log)
	tr = restored(t, saved(tr), 1)
	feed(t, tr, deferred(2)+deferred(7))
	if tr.Forgotten() != 4 || tr.waiting != 5 {
		t.Errorf("%d forgotten, %d waiting, want 4 and 5", tr.Forgotten(), tr.waiting)
	}
}

func TestLowerLimit(t *testing.T) {
	tr := New(10)
	for i := range 10 {
		feed(t, tr, strings.ReplaceAll(`
Nov 21 03:00:01 mx postfix/pickup[3]: 4A5B6C7X: uid=0 from=<root>
Nov 21 03:00:01 mx postfix/smtp[4]: 4A5B6C7X: to=<b@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=4.4.1, status=deferred (timeout x)`, "X", fmt.Sprint(i)))
	}
	tr = restored(t, saved(tr), 4)
	if tr.Len() != 4 || tr.Evicted() != 6 || tr.waiting != 4 {
		t.Errorf("%d messages, %d evicted, %d waiting", tr.Len(), tr.Evicted(), tr.waiting)
	}
	o := feed(t, tr, "Nov 21 03:00:02 mx postfix/qmgr[3]: 4A5B6C75: removed\nNov 21 03:00:02 mx postfix/qmgr[3]: 4A5B6C76: removed")
	if o[0].Known || !o[1].Known {
		t.Error("others than the newest are there")
	}
}

// Names that are longer than a domain can be are cut, so that a state has a bound.
func TestLongNames(t *testing.T) {
	long := strings.Repeat("d", 300)
	tr := New(1)
	log := "\nNov 21 03:00:01 " + long + " postfix/qmgr[3]: 4A5B6C7D: from=<a@" + long + ">, size=1, nrcpt=1 (queue active)"
	if o := feed(t, tr, log+log); o[1].Message.Attempts != 2 {
		t.Errorf("%+v", o[1].Message)
	}
	if n := strings.Count(saved(tr), "d"); n < 250 || n > 265 {
		t.Errorf("%d letters of a host's name are saved", n)
	}
}

// Two states hash one address to different numbers.
func TestSalt(t *testing.T) {
	a, b := New(1), New(1)
	for _, tr := range []*Tracker{a, b} {
		feed(t, tr, strings.Join(strings.Split(strings.TrimSpace(oneMessage), "\n")[:6], "\n"))
	}
	hash := func(tr *Tracker) uint64 { return tr.messages.at(tr.messages.oldest).waiting[0].recipient }
	if hash(a) == hash(b) {
		t.Error("the hash of an address is the same in two states")
	}
	if again := restored(t, saved(a), 1); hash(again) != hash(a) || again.salt != a.salt {
		t.Error("a restored state hashes in another way")
	}
}

// An entry is as small as it can be: there are many.
func TestEntrySize(t *testing.T) {
	if n := unsafe.Sizeof(entry{}); n != 88 {
		t.Errorf("an entry has %d bytes, want 88", n)
	}
}

func TestSaveDoesNotAllocate(t *testing.T) {
	tr := New(10)
	feed(t, tr, strings.Join(strings.Split(strings.TrimSpace(oneMessage), "\n")[:6], "\n"))
	var to checkpoint.Encoder
	if n := testing.AllocsPerRun(50, func() {
		to.Reset()
		tr.Save(&to)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// put makes a state by hand, in Save's order.
type put struct{ checkpoint.Encoder }

func (p *put) head(scopes ...string) *put {
	p.Fixed(1)
	p.Uint(2)
	p.Uint(3)
	p.Uint(uint64(len(scopes)))
	for _, s := range scopes {
		p.String(s)
		p.String("postfix")
	}
	return p
}

func (p *put) verdicts(classes ...string) *put {
	p.Uint(uint64(len(classes)))
	for _, c := range classes {
		p.String(c)
		p.String("soft")
		p.String("other")
	}
	return p
}

func (p *put) message(id string, scope, attempts uint64, verdicts ...uint64) *put {
	p.String(id)
	p.Uint(scope)
	p.Time(time.Time{})
	p.Uint(attempts)
	p.Uint(uint64(len(verdicts)))
	for i, v := range verdicts {
		p.Fixed(uint64(i))
		p.Uint(v)
	}
	return p
}

func (p *put) count(n int) *put {
	p.Uint(uint64(n))
	return p
}

func (p *put) session(scope, pid uint64) *put {
	p.Uint(scope)
	p.Uint(pid)
	p.Time(time.Unix(5, 0))
	return p
}

func newPut() *put { return &put{} }

// What can't be is an error, and says what.
func TestImpossibleStates(t *testing.T) {
	two := func() *put { return newPut().head("mx1", "mx2").verdicts("full", "odd") }
	for _, c := range []struct {
		name  string
		state *put
		want  string // "" it is taken
	}{
		{"all in order", two().count(2).message("4A5B6", 1, 0).message("4A5B6", 2, 3, 0, 1).count(2).session(1, 7).session(2, 7), ""},
		{"a host twice", newPut().head("mx1", "mx1").verdicts().count(0).count(0), `the instance "postfix" of host "mx1" is there twice`},
		{"a host's name", newPut().head(strings.Repeat("x", 256)).verdicts().count(0).count(0), `has too long a name`},
		{"hosts", newPut().head(strings.Split(strings.Repeat("x,", maxScopes), ",")...).verdicts(), `4097 hosts and instances are too many`},
		{"a verdict twice", newPut().head().verdicts("full", "full").count(0).count(0), `a verdict is there twice`},
		{"a verdict that is asked about", newPut().head().verdicts("bad").count(0).count(0), `it is bad`},
		{"verdicts", newPut().head().verdicts(strings.Split(strings.Repeat("x,", maxVerdicts), ",")...), `65537 verdicts are too many`},
		{"a message twice", two().count(2).message("4A5B6", 1, 1).message("4A5B6", 1, 1).count(0), `message "4A5B6" is there twice`},
		{"an id too long", two().count(1).message(strings.Repeat("A", 25), 1, 1).count(0), `message "AAAAAAAAAAAAAAAAAAAAAAAA" can't be`},
		{"no id", two().count(1).message("", 1, 1).count(0), `message "" can't be`},
		{"a message of no host", two().count(1).message("4A5B6", 0, 1).count(0), `message "4A5B6" can't be`},
		{"a message of an unknown host", two().count(1).message("4A5B6", 3, 1).count(0), `message "4A5B6" can't be`},
		{"attempts", two().count(1).message("4A5B6", 1, 1<<31).count(0), `can't be: 2147483648 attempts`},
		{"a number of a verdict", two().count(1).message("4A5B6", 1, 1, 2).count(0), `verdict 2 of 2`},
		{"waiting recipients", two().count(1).message("4A5B6", 1, 1, make([]uint64, maxWaiting+1)...).count(0), `5001 waiting recipients of one message are too many`},
		{"more messages than bytes", two().count(1 << 40), `a list of`},
		{"a session twice", two().count(0).count(2).session(1, 7).session(1, 7), `session of process 7 can't be, or is there twice`},
		{"a session of no host", two().count(0).count(1).session(0, 7), `session of process 7 can't be`},
		{"a session of an unknown host", two().count(0).count(1).session(1<<32+1, 7), `session of process 7 can't be`},
		{"a process", two().count(0).count(1).session(1, 1<<32), `session of process 4294967296 can't be`},
		{"more than there is", two().count(0), `a value is missing`},
	} {
		check := func(v *classify.Verdict) error {
			if v.Class == "bad" {
				return errors.New("it is bad")
			}
			return nil
		}
		err := New(10).Restore(checkpoint.NewDecoder(c.state.Bytes()), check)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	huge := newPut()
	huge.Fixed(1)
	huge.Uint(1 << 63)
	if err := New(10).Restore(checkpoint.NewDecoder(huge.Bytes()), anyVerdict); err == nil || !strings.Contains(err.Error(), "9223372036854775808 is no count") {
		t.Error(err)
	}
}

// The scope that all share when there are too many has no name, and is known again.
func TestSharedScope(t *testing.T) {
	tr := New(5)
	for i := range maxScopes + 2 {
		tr.scopes.add(scope{fmt.Sprint("mx", i), ""})
	}
	feed(t, tr, "Nov 21 03:00:01 far postfix/pickup[3]: 4A5B6C7D: uid=0 from=<root>\nNov 21 03:00:02 far postfix/smtpd[9]: connect from a.example[192.0.2.1]")
	tr = restored(t, saved(tr), 5)
	o := feed(t, tr, "Nov 21 03:00:04 farther postfix/smtpd[9]: disconnect from a.example[192.0.2.1] commands=0/0\nNov 21 03:00:04 farther postfix/qmgr[3]: 4A5B6C7D: removed")
	if o[0].SessionTime != 2*time.Second || o[1].QueueTime != 3*time.Second {
		t.Errorf("session of %v, %v in the queue", o[0].SessionTime, o[1].QueueTime)
	}
}
