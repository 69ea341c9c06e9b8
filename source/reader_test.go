package source

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// lines is what all sources have; the collector asks for it.
type lines interface {
	Next() (maillog.Line, checkpoint.Pos, error)
	Wait(context.Context) error
	Close() error
}

var _ = []lines{(*Follow)(nil), (*Files)(nil), (*Reader)(nil)}

// readAll reads to the very end. An error stands among the lines.
func readAll(t *testing.T, l lines) (got []string) {
	t.Helper()
	for {
		line, _, err := l.Next()
		switch {
		case err == nil:
			got = append(got, strings.Clone(line.Text))
		case err != io.EOF:
			got = append(got, "error: "+err.Error())
		default:
			if err := l.Wait(t.Context()); err == io.EOF {
				return got
			} else if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestReader(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	text := randomLog(r, 2_000) + "half"
	want, cut := slowLines(text, MaxLine)
	for name, in := range map[string]io.Reader{
		"whole":             strings.NewReader(text),
		"one byte at once":  iotest.OneByteReader(strings.NewReader(text)),
		"end with the last": iotest.DataErrReader(strings.NewReader(text)),
		"pieces":            &chunks{r: strings.NewReader(text), sizes: []byte{255, 0, 17, 120}},
	} {
		s := NewReader(in, "standard input", nil)
		if got := readAll(t, s); !slices.Equal(got, want) || s.LongLines() != cut {
			t.Errorf("%s: %d lines, %d cut; want %d, %d", name, len(got), s.LongLines(), len(want), cut)
		}
		s.Close()
		s.Close()
	}
}

func TestReaderFault(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(errors.New("it broke")))
	s := NewReader(broken, "standard input", nil)
	want := []string{"a", "b", "error: read standard input: it broke"}
	if got := readAll(t, s); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// idler gives nothing, and says nothing about it.
type idler struct{}

func (idler) Read([]byte) (int, error) { return 0, nil }

func TestReaderThatGivesNothing(t *testing.T) {
	s := NewReader(idler{}, "x", nil)
	if got := readAll(t, s); len(got) != 1 || !strings.Contains(got[0], io.ErrNoProgress.Error()) {
		t.Errorf("got %q", got)
	}
}

// A pipe that stands still: nothing now, and waiting can be given up.
func TestReaderWaits(t *testing.T) {
	in, out := io.Pipe()
	now := time.Unix(1_800_000_000, 0)
	s := NewReader(in, "x", func() time.Time { return now })
	if _, _, err := s.Next(); err != io.EOF {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	later(cancel)
	if err := s.Wait(ctx); err != context.Canceled {
		t.Fatal(err)
	}
	go io.WriteString(out, "ha")
	for _, want := range []string{"", "half"} {
		if err := s.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Wait(t.Context()); err != nil { // there is still more
			t.Fatal(err)
		}
		line, at, err := s.Next()
		if line.Text != want || (err == io.EOF) != (want == "") {
			t.Fatalf("%q, %v", line.Text, err)
		}
		if want != "" && at != (checkpoint.Pos{Offset: 5, NotAfter: now.Unix()}) {
			t.Errorf("%+v", at)
		}
		go io.WriteString(out, "lf\n")
	}
	s.Close()
	in.Close()
}
