// What an entry of a journal says.

package source

import (
	"strconv"
	"time"

	"postfix_exporter/maillog"
)

// fill makes the record that a syslog daemon would have made a line of: the time at
// which it was sent, as the kernel says, and the process that the tag names. The
// time at which it was stored may be much later on a busy host, and _PID is a
// relay's where there is one. PRIORITY isn't needed: Postfix writes the severity in
// words (util/msg_syslog.c).
func (j *Journal) fill(e *exportEntry) {
	text := e.text(fieldMessage)
	if len(text) > MaxLine {
		text = text[:MaxLine]
		j.state.cut.Add(1)
	}
	sent := microseconds(e.text(fieldSent))
	if sent == 0 {
		sent = microseconds(e.text(fieldStored))
	}
	j.record = maillog.Record{Host: e.text(fieldHost), Program: e.text(fieldTag), PID: maillog.Unread, Text: text}
	if sent != 0 {
		j.record.Time = time.UnixMicro(sent).UTC()
	}
	for _, f := range [...]field{fieldPID, fieldTagPID} {
		if pid, err := strconv.ParseInt(e.text(f), 10, 32); err == nil && pid > 0 {
			j.record.PID = int(pid)
		}
	}
}

// microseconds reads a time, as Unix time; 0 where it can't be one.
func microseconds(s string) int64 {
	const year10000 = 253_402_300_800e6
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n >= year10000 {
		return 0
	}
	return n
}
