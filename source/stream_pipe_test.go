package source

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"golang.org/x/sys/unix"
)

func (w *streamWorld) fifo(name string) string {
	w.Helper()
	w.must(unix.Mkfifo(w.path(name), 0o600))
	return w.path(name)
}

// writer opens a FIFO as a program does that logs to it.
func (w *streamWorld) writer(path string) *os.File {
	w.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	w.must(err)
	w.Cleanup(func() { f.Close() })
	return f
}

func TestPipeWriters(t *testing.T) {
	w := newStreamWorld(t)
	path := w.fifo("log")
	w.open(StreamOptions{Pipes: []string{path}})
	w.until("opened", func() bool { return w.s.readers[0].(*pipe).current() != nil })
	one := w.writer(path)
	w.say(one, "a\nha")
	w.want("a")
	w.say(one, "lf\n")
	w.want("half")
	w.say(one, "no newline")
	w.must(one.Close())
	w.want("no newline")
	for _, text := range []string{"b\n", "c\r\n", "d"} { // each gone before it is looked at
		f := w.writer(path)
		w.say(f, text)
		w.must(f.Close())
		time.Sleep(2 * pipeTick)
	}
	w.want("b", "c", "d")
	two, three := w.writer(path), w.writer(path)
	w.say(two, "e\n")
	w.must(two.Close())
	w.say(three, "f\n"+strings.Repeat("x", MaxLine+1)+"\n")
	w.want("e", "f", strings.Repeat("x", MaxLine))
	if st := w.s.Stats(); st.LongLines != 1 || st.Received != 9 || w.s.Err() != nil {
		t.Errorf("%+v, %v", st, w.s.Err())
	}
}

// TestPipeWithoutWriterIsQuiet: there is no busy loop.
func TestPipeWithoutWriterIsQuiet(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Pipes: []string{w.fifo("log")}})
	w.until("opened", func() bool { return w.s.readers[0].(*pipe).current() != nil })
	before := cpuTime(t)
	time.Sleep(time.Second)
	if spent := cpuTime(t) - before; spent > 200*time.Millisecond {
		t.Errorf("%v of the processor in a second", spent)
	}
}

func cpuTime(t *testing.T) time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func TestPipeThatIsNotThereYet(t *testing.T) {
	w := newStreamWorld(t)
	path := w.path("log")
	w.open(StreamOptions{Pipes: []string{path}})
	w.until("a fault", func() bool { return w.s.Err() != nil })
	if err := w.s.Err().Error(); !strings.HasPrefix(err, "waiting for the log: open "+path+": no such file") {
		t.Error(err)
	}
	w.must(os.WriteFile(path, []byte("a\n"), 0o600))
	w.until("another fault", func() bool { return strings.Contains(w.s.Err().Error(), "is no FIFO") })
	w.must(os.Remove(path))
	w.fifo("log")
	w.say(w.writer(path), "b\n")
	w.want("b")
	w.until("all well", func() bool { return w.s.Err() == nil })
}

// TestPipeIsReplaced: the old one is read to its end first.
func TestPipeIsReplaced(t *testing.T) {
	w := newStreamWorld(t)
	path := w.fifo("log")
	w.open(StreamOptions{Pipes: []string{path}})
	old := w.writer(path)
	w.say(old, "a\n")
	w.want("a")
	w.must(os.Remove(path))
	w.until("a fault", func() bool { return w.s.Err() != nil })
	w.fifo("log")
	w.say(old, "b\nhalf")
	w.want("b")
	time.Sleep(pipePatience + 200*time.Millisecond) // it may have more to say
	w.say(old, " of it\n")
	w.want("half of it")
	w.say(old, "half")
	w.must(old.Close())
	next := w.writer(path)
	w.say(next, "c\n")
	w.want("half", "c")
	if err := w.s.Err(); err != nil {
		t.Error(err)
	}

	w.must(os.Remove(path)) // and a writer that stays but says nothing holds up nobody
	w.fifo("log")
	w.say(w.writer(path), "d\n")
	w.want("d")
}

func TestPipeStops(t *testing.T) {
	w := newStreamWorld(t)
	path := w.fifo("log")
	w.open(StreamOptions{Pipes: []string{path, w.path("missing")}})
	f := w.writer(path)
	w.say(f, "a\n")
	w.want("a")
	w.say(f, strings.Repeat("b\n", 1000)+"half")
	w.s.Stop()
	w.toEnd()
	if len(w.got) != 1000 {
		t.Errorf("%d lines", len(w.got))
	}
}

func TestStandardInput(t *testing.T) {
	text := strings.Repeat("a\n", 50_000) + "b\r\n" + strings.Repeat("x", MaxLine+7) + "\n\nhalf"
	want, _ := slowLines(text, MaxLine)
	for name, in := range map[string]io.Reader{
		"whole":             strings.NewReader(text),
		"one byte at once":  iotest.OneByteReader(strings.NewReader(text)),
		"end with the last": iotest.DataErrReader(strings.NewReader(text)),
	} {
		w := newStreamWorld(t)
		w.open(StreamOptions{Pipes: []string{Stdin}, Stdin: in})
		w.toEnd()
		w.want(want...)
		if st := w.s.Stats(); st.LongLines != 1 || st.Received != int64(len(want)) || st.Lag != 0 {
			t.Errorf("%s: %+v", name, st)
		}
	}
}

func TestStandardInputBreaksOff(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Pipes: []string{Stdin}, Stdin: io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errors.New("too bad")))})
	got := readAll(t, w.s)
	if want := "a|b"; strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
	if err := w.s.Err(); err == nil || !strings.Contains(err.Error(), "standard input: too bad") {
		t.Error(err)
	}
}

// TestStandardInputThatBlocks holds up neither Stop nor Close.
func TestStandardInputThatBlocks(t *testing.T) {
	w := newStreamWorld(t)
	in, writer := io.Pipe()
	defer writer.Close()
	w.open(StreamOptions{Pipes: []string{Stdin}, Stdin: in})
	w.say(writer, "a\nha")
	w.want("a")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := w.s.Wait(ctx); err != context.DeadlineExceeded && err != nil {
		t.Error(err)
	}
	begun := time.Now()
	w.s.Stop()
	w.toEnd()
	w.must(w.s.Close())
	if took := time.Since(begun); took > stopPatience {
		t.Errorf("it took %v", took)
	}
}

// TestStandardInputBesideASocket isn't the end of all.
func TestStandardInputBesideASocket(t *testing.T) {
	w := newStreamWorld(t)
	w.open(StreamOptions{Listen: []string{w.path("log")}, Pipes: []string{Stdin}, Stdin: strings.NewReader("a\n")})
	w.want("a")
	w.say(w.dial("unixgram", w.path("log")), "b")
	w.want("|b")
}
