// Package container writes lines as container runtimes keep them, whole or in parts:
//
//	2026-11-21T03:55:40.810051Z stdout P Nov 21 03:55:40 mx post
//	2026-11-21T03:55:40.810051Z stdout F fix/smtp[393]: 4C0FFEE123: removed
//
// as Kubernetes' runtimes do (CRI), or, as Docker's json-file driver does,
//
//	{"log":"Nov 21 03:55:40 mx post","stream":"stdout","time":"2026-11-21T03:55:40.810051Z"}
//	{"log":"fix/smtp[393]: 4C0FFEE123: removed\n","stream":"stdout","time":"2026-11-21T03:55:40.810051Z"}
//
// It is for tests.
package container

import (
	"encoding/json"
	"math/rand/v2"
	"time"
	"unicode/utf8"
)

// Form is how a runtime writes.
type Form string

// The forms there are.
const (
	CRI    Form = "cri"
	Docker Form = "docker"
)

// Line is what a program printed. A line holds no newline.
type Line struct {
	Time   time.Time
	Stream string // stdout or stderr
	Text   string
}

// Write is one write of the runtime: a whole line of its file, with the newline. more
// says that the line goes on.
func (f Form) Write(l Line, more bool) string {
	if f == CRI {
		tag := "F"
		if more {
			tag = "P"
		}
		return l.Time.Format(time.RFC3339Nano) + " " + l.Stream + " " + tag + " " + l.Text + "\n"
	}
	if !more {
		l.Text += "\n"
	}
	b, _ := json.Marshal(struct { // strings and a time: no error
		Log    string    `json:"log"`
		Stream string    `json:"stream"`
		Time   time.Time `json:"time"`
	}{l.Text, l.Stream, l.Time})
	return string(b) + "\n"
}

// Parts are the writes of a line that is cut anywhere but within a character: there
// Docker's driver destroys it. About every third one is cut.
func (f Form) Parts(random *rand.Rand, l Line) (writes []string) {
	for text := l.Text; random.IntN(3) == 0 && len(l.Text) > 0; {
		n := random.IntN(len(text) + 1)
		for n > 0 && n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		part := l
		part.Text, text = text[:n], text[n:]
		l.Text = text
		writes = append(writes, f.Write(part, true))
	}
	return append(writes, f.Write(l, false))
}

// Render writes all lines, some in parts. Neighbours of different streams may lie
// between each other's parts; the order in which they end stays theirs.
func (f Form) Render(random *rand.Rand, lines []Line) (b []byte) {
	var before []string // the last write of the line before, and of this one what comes ahead
	stream := ""
	for _, l := range lines {
		writes := f.Parts(random, l)
		if l.Stream == stream { // the line before must end first
			b = join(b, before)
			before = nil
		}
		last := len(writes) - 1
		ahead := random.IntN(last + 1)
		b = join(b, writes[:min(ahead, last)])
		b = join(b, before)
		b = join(b, writes[min(ahead, last):last])
		before, stream = writes[last:], l.Stream
	}
	return join(b, before)
}

func join(b []byte, writes []string) []byte {
	for _, w := range writes {
		b = append(b, w...)
	}
	return b
}
