// What is a part of a line, and the parts of one that are held.

package source

import (
	"strings"
	"unsafe"
)

// The forms in which runtimes write a container's output, and its streams.
const (
	formCRI    = iota // Kubernetes: a stamp, stdout or stderr, P for a part and F for the end, text
	formDocker        // Docker's json-file: {"log":"text\n","stream":"stdout",...}; a part has no \n
	forms
	streams = 2
)

const dockerStart = `{"log":"`

// part is a container's line, taken apart. Its strings alias the line.
type part struct {
	form, stream int
	more         bool   // more comes
	head         string // before the text
	mark         int    // CRI: where the P or F is in head
	text, tail   string
}

// mayBePart is true for the first byte of a runtime's line.
func mayBePart(line string) bool {
	return line != "" && (line[0]-'0' <= 9 && hasStream(line) || line[0] == '{')
}

// stampEnd is the length of a stamp of RFC 3339 up to the blank behind it, 0 for
// none: 35 bytes at most, with nine decimal places and a zone.
func stampEnd(line string) int {
	const least, most = len("2026-11-21T03:55:40Z"), len("2026-11-21T03:55:40.810051000+00:00")
	if len(line) <= least || line[10] != 'T' {
		return 0
	}
	i := strings.IndexByte(line[least:min(len(line), most+1)], ' ')
	if i < 0 {
		return 0
	}
	return least + i
}

// hasStream is true if a stream's name stands behind a stamp, where a syslog daemon
// writes the host's.
func hasStream(line string) bool {
	end := stampEnd(line)
	return end > 0 && len(line) >= end+len(" stdout P") && line[end+1:end+4] == "std"
}

// parsePart takes a runtime's line apart. ok is false for any other.
func parsePart(line string) (p part, ok bool) {
	if strings.HasPrefix(line, dockerStart) {
		return parseDocker(line)
	}
	if !hasStream(line) {
		return p, false
	}
	p.form, p.mark = formCRI, stampEnd(line)+len(" stdout ")
	switch line[p.mark-len("stdout ") : p.mark] {
	case "stdout ":
	case "stderr ":
		p.stream = 1
	default:
		return p, false
	}
	tags, text, _ := strings.Cut(line[p.mark:], " ")
	if tags == "" || tags[0] != 'P' && tags[0] != 'F' || len(tags) > 1 && tags[1] != ':' {
		return p, false
	}
	p.more, p.head, p.text = tags[0] == 'P', line[:len(line)-len(text)], text
	return p, true
}

func parseDocker(line string) (p part, ok bool) {
	text := line[len(dockerStart):]
	end := closingQuote(text)
	if end < 0 {
		return p, false
	}
	p = part{form: formDocker, head: dockerStart, text: text[:end], tail: text[end:]}
	if strings.HasPrefix(p.tail, `","stream":"stderr"`) {
		p.stream = 1
	}
	newline := strings.HasSuffix(p.text, `\n`) && backslashes(p.text[:end-1])%2 == 1
	p.more = !newline
	return p, true
}

// closingQuote is where a JSON string ends, -1 where it doesn't.
func closingQuote(s string) int {
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '"')
		if i < 0 {
			return -1
		}
		if from += i; backslashes(s[:from])%2 == 0 {
			return from
		}
		from++
	}
}

// backslashes counts those at the end.
func backslashes(s string) (n int) {
	for n < len(s) && s[len(s)-1-n] == '\\' {
		n++
	}
	return n
}

// held is a line of which parts are there. Its memory is used again.
type held struct {
	held, cut bool
	form      int
	at        int64  // the place before its first part
	text      []byte // head and texts
	tail      []byte
}

// begin takes what stands around the first part: the whole looks as it would have
// with the stamp of that one.
func (h *held) begin(at int64, p *part) {
	h.held, h.cut, h.form, h.at = true, false, p.form, at
	h.text = append(h.text[:0], p.head...)
	h.tail = append(h.tail[:0], p.tail...)
	if p.form == formCRI {
		h.text[p.mark] = 'F'
		if len(p.text) == 0 && !strings.HasSuffix(p.head, " ") {
			h.text = append(h.text, ' ')
		}
	}
}

// add takes a text, as far as the line stays within limit. Once it was cut, nothing
// more is taken.
func (h *held) add(text string, limit int) {
	if h.cut {
		return
	}
	if room := max(0, limit-len(h.text)-len(h.tail)); len(text) > room {
		h.cut = true
		if h.form == formDocker {
			room = beforeEscape(text, room)
		}
		text = text[:room]
	}
	h.text = append(h.text, text...)
}

// beforeEscape is the longest length up to n that doesn't end in an escape of JSON.
func beforeEscape(text string, n int) int {
	for i := 0; i < n; {
		step := 1
		if text[i] == '\\' {
			step = len(`\n`)
			if i+1 < len(text) && text[i+1] == 'u' {
				step = len(`\u0000`)
			}
		}
		if i+step > n {
			return i
		}
		i += step
	}
	return n
}

// end is the line, good until another begins.
func (h *held) end() string {
	h.held = false
	h.text = append(h.text, h.tail...)
	return unsafe.String(unsafe.SliceData(h.text), len(h.text))
}
