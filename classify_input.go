package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// What classify reads: lines, or a table whose first line names the columns.

// maxReplyLine is the length of a line at most.
const maxReplyLine = 1 << 20

// replyLines reads lines, with or without a carriage return.
type replyLines struct {
	reader *bufio.Reader
	number int // of the line at hand
}

func newReplyLines(r io.Reader) *replyLines {
	return &replyLines{reader: bufio.NewReaderSize(r, maxReplyLine+len("\r\n"))}
}

// next is the next line, io.EOF at the end.
func (l *replyLines) next() (string, error) {
	b, err := l.reader.ReadSlice('\n')
	if err == io.EOF && len(b) == 0 {
		return "", io.EOF
	}
	l.number++
	if err != nil && err != io.EOF && err != bufio.ErrBufferFull {
		return "", err
	}
	line := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	if err == bufio.ErrBufferFull || len(line) > maxReplyLine {
		return "", fmt.Errorf("longer than %d bytes", maxReplyLine)
	}
	if l.number == 1 {
		line = strings.TrimPrefix(line, "\ufeff")
	}
	return line, nil
}

// replyTable knows which column of a table has what.
type replyTable struct {
	columns int
	at      map[string]int
}

// readHeader reads the first line of a table: the names of its columns. Those
// that it doesn't know are of no interest.
func readHeader(in *replyLines) (*replyTable, error) {
	line, err := in.next()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("standard input, line 1: %w", err)
	}
	names := strings.Split(line, "\t")
	t := &replyTable{columns: len(names), at: map[string]int{}}
	for i, name := range names {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := t.at[name]; twice && isReplyColumn(name) {
			return nil, fmt.Errorf("standard input, line 1: the column %q is there twice", name)
		}
		t.at[name] = i
	}
	if _, ok := t.at["text"]; !ok {
		return nil, fmt.Errorf("standard input, line 1: no column is named text, among %q; the first line names the columns", strings.Join(names, " "))
	}
	return t, nil
}

func isReplyColumn(name string) bool {
	switch name {
	case "code", "enhanced", "host", "command", "text":
		return true
	}
	return false
}

// readRow takes a reply out of a row. What is not in a column of its own may be
// in the text.
func (t *replyTable) readRow(line string) (r classify.Reply, err error) {
	fields := strings.Split(line, "\t")
	if len(fields) > t.columns {
		return r, fmt.Errorf("%d columns, but the first line names %d", len(fields), t.columns)
	}
	field := func(name string) string {
		if i, ok := t.at[name]; ok && i < len(fields) {
			return strings.TrimSpace(fields[i])
		}
		return ""
	}
	r = classify.ReplyOf(&maillog.DeliveryRecord{Text: field("text")})
	host, _, _ := strings.Cut(field("host"), "[") // of a relay, mx.example.com[192.0.2.1]:25
	r.Host, r.Enhanced, r.Command = cmp.Or(host, r.Host), cmp.Or(field("enhanced"), r.Enhanced), cmp.Or(field("command"), r.Command)
	if code := field("code"); code != "" {
		if r.Code, err = strconv.Atoi(code); err != nil || len(code) != 3 || r.Code < 200 || r.Code > 599 {
			return r, fmt.Errorf("the code %q is not an SMTP reply code, 200 to 599", code)
		}
	}
	return r, nil
}
