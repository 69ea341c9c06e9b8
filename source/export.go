// The journal's export format, as journalctl writes it (systemd's JOURNAL EXPORT
// FORMATS): a field on each line, KEY=value; or, where the value holds a newline or
// another control byte, KEY, a newline, its length in eight bytes, the value, a
// newline. A blank line ends an entry.

package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"

	"postfix_exporter/checkpoint"
)

// The bounds of what is taken for the export format. journald allows 1024 fields
// (ENTRY_FIELD_COUNT_MAX), names of 64 bytes and values of 768 MiB (DATA_SIZE_MAX).
const (
	maxFields    = 2048
	maxFieldName = 64
	maxFieldSize = 768 << 20
)

// field is one that is kept.
type field int

const (
	fieldCursor field = iota
	fieldStored
	fieldSent
	fieldHost
	fieldTag
	fieldTagPID
	fieldPID
	fieldMessage
	fieldCount
)

// fields by what they are called, and how many bytes of them are kept.
var fields = [fieldCount]struct {
	name string
	max  int
}{
	fieldCursor:  {"__CURSOR", checkpoint.MaxCursor + 1},
	fieldStored:  {"__REALTIME_TIMESTAMP", 32},
	fieldSent:    {"_SOURCE_REALTIME_TIMESTAMP", 32},
	fieldHost:    {"_HOSTNAME", 256},
	fieldTag:     {"SYSLOG_IDENTIFIER", 512},
	fieldTagPID:  {"SYSLOG_PID", 32},
	fieldPID:     {"_PID", 32},
	fieldMessage: {"MESSAGE", MaxLine + 1},
}

var errNotExport = errors.New("what comes is not the export format")

// exportEntry is what is kept of an entry.
type exportEntry struct {
	values [fieldCount][]byte
	has    [fieldCount]bool
	passed bool // it is not handed out
}

// text of a field; it aliases the entry.
func (e *exportEntry) text(f field) string {
	b := e.values[f]
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// exportReader reads entries.
type exportReader struct{ r *bufio.Reader }

// next reads one entry. io.EOF: the end, before or inside an entry; what was read
// of it is no entry.
func (x exportReader) next(e *exportEntry) error {
	*e = exportEntry{values: e.values}
	for n := 0; n <= maxFields; {
		blank, err := x.field(e)
		switch {
		case err != nil:
			return err
		case !blank:
			n++
		case n > 0:
			return nil
		}
	}
	return fmt.Errorf("%w: an entry of more than %d fields", errNotExport, maxFields)
}

// field reads one field. blank: it is the end of the entry.
func (x exportReader) field(e *exportEntry) (blank bool, err error) {
	b, err := x.r.ReadSlice('\n')
	if err != nil && err != bufio.ErrBufferFull {
		return false, err
	}
	if len(b) == 1 {
		return true, nil
	}
	name, value, isLine := bytes.Cut(b, []byte("="))
	if !isLine {
		name = bytes.TrimSuffix(b, []byte("\n"))
	}
	if !isFieldName(name) {
		return false, fmt.Errorf("%w: a field's name is %.40q", errNotExport, name)
	}
	into := e.slot(string(name))
	if !isLine {
		return false, x.binary(into)
	}
	into.add(bytes.TrimSuffix(value, []byte("\n")))
	if err == bufio.ErrBufferFull {
		return false, x.line(into)
	}
	return false, nil
}

// isFieldName knows the journal's names (journal_field_valid).
func isFieldName(name []byte) bool {
	for _, c := range name {
		if c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return len(name) > 0 && len(name) <= maxFieldName
}

// slot is where the field's value is to be kept; its capacity is the limit. nil:
// nowhere. The first of a name counts: the fields that a client can't set come once.
func (e *exportEntry) slot(name string) *kept {
	for f := range fields {
		if fields[f].name == name && !e.has[f] {
			e.has[f] = true
			e.values[f] = e.values[f][:0]
			return &kept{&e.values[f], fields[f].max}
		}
	}
	return nil
}

// kept is where a value goes, up to a limit. A nil *kept drops all.
type kept struct {
	b   *[]byte
	max int
}

func (k *kept) add(b []byte) {
	if k != nil {
		*k.b = append(*k.b, b[:min(len(b), k.max-len(*k.b))]...)
	}
}

// line reads what is left of a long value, up to its newline.
func (x exportReader) line(into *kept) error {
	for size := 0; size <= maxFieldSize; {
		b, err := x.r.ReadSlice('\n')
		size += len(b)
		switch err {
		case nil:
			into.add(b[:len(b)-1])
			return nil
		case bufio.ErrBufferFull:
			into.add(b)
		default:
			return err
		}
	}
	return fmt.Errorf("%w: a field of more than %d bytes", errNotExport, maxFieldSize)
}

// binary reads a value behind its length.
func (x exportReader) binary(into *kept) error {
	head, err := x.r.Peek(8)
	if err != nil {
		return err
	}
	left := binary.LittleEndian.Uint64(head)
	_, _ = x.r.Discard(8) // is buffered
	if left > maxFieldSize {
		return fmt.Errorf("%w: a field of %d bytes", errNotExport, left)
	}
	for left > 0 {
		b, err := x.r.Peek(int(min(left, uint64(max(x.r.Buffered(), 1)))))
		if err != nil {
			return err
		}
		into.add(b)
		n, _ := x.r.Discard(len(b))
		left -= uint64(n)
	}
	c, err := x.r.ReadByte()
	if err == nil && c != '\n' {
		return fmt.Errorf("%w: no newline behind a field", errNotExport)
	}
	return err
}
