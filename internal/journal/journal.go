// Package journal builds journals for tests, with systemd's own
// systemd-journal-remote, where it is.
package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Entry is what a program said.
type Entry struct {
	Time    time.Time
	Host    string
	Program string
	PID     int
	Unit    string
	Text    string
}

// Append adds entries to the file of that name in the folder of a journal, which it
// makes. It skips the test where there is no systemd-journal-remote or no
// journalctl. boot tells boots apart.
func Append(t testing.TB, dir, name string, boot byte, entries []Entry) {
	t.Helper()
	remote := find(t)
	export := filepath.Join(t.TempDir(), "export")
	var b bytes.Buffer
	var stored int64 // journald stores in the order in which entries come, whenever they were sent
	for _, e := range entries {
		stored = max(stored, e.Time.UnixMicro()+20)
		write(&b, boot, stored, e)
	}
	if err := os.WriteFile(export, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(remote, "--output="+filepath.Join(dir, name), "--split-mode=none", export)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("systemd-journal-remote: %v\n%s", err, out)
	}
}

// find is the program, in PATH or where make deps puts it.
func find(t testing.TB) string {
	if _, err := exec.LookPath("journalctl"); err != nil {
		t.Skip("no journalctl: 'make deps' installs it")
	}
	const name = "systemd-journal-remote"
	places := []string{name, "/lib/systemd/" + name, "/usr/lib/systemd/" + name}
	for _, up := range []string{".", "..", "../.."} {
		place, _ := filepath.Abs(filepath.Join(up, ".cache", "bin", name))
		places = append(places, place)
	}
	for _, p := range places {
		if path, err := exec.LookPath(p); err == nil {
			return path
		}
	}
	t.Skip("no systemd-journal-remote: 'make deps' takes it out of its package")
	return ""
}

// write writes an entry in the journal's export format.
func write(b *bytes.Buffer, boot byte, stored int64, e Entry) {
	fmt.Fprintf(b, "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=%s\n", stored, stored%1e13, strings.Repeat(fmt.Sprintf("%02x", boot), 16))
	fmt.Fprintf(b, "_TRANSPORT=syslog\nPRIORITY=6\nSYSLOG_FACILITY=2\n_PID=%d\nSYSLOG_PID=%d\n_SOURCE_REALTIME_TIMESTAMP=%d\n", e.PID, e.PID, e.Time.UnixMicro())
	for _, f := range []struct{ name, value string }{{"_HOSTNAME", e.Host}, {"SYSLOG_IDENTIFIER", e.Program}, {"_SYSTEMD_UNIT", e.Unit}, {"MESSAGE", e.Text}} {
		b.WriteString(f.name + "\n")
		b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(f.value))))
		b.WriteString(f.value + "\n")
	}
	b.WriteByte('\n')
}

// Parse takes a line apart: "STAMP HOST TAG[PID]: TEXT", the stamp RFC 3339's, or
// RFC 3164's, which is in that year.
func Parse(line string, year int) (e Entry, ok bool) {
	stamp, rest, _ := strings.Cut(line, " ")
	var err error
	if e.Time, err = time.Parse(time.RFC3339Nano, stamp); err != nil && len(line) > len(time.Stamp) {
		e.Time, err = time.Parse("2006 "+time.Stamp, fmt.Sprint(year, " ", line[:len(time.Stamp)]))
		rest = strings.TrimPrefix(line[len(time.Stamp):], " ")
	}
	parts := strings.SplitN(rest, " ", 3)
	if err != nil || len(parts) < 3 {
		return e, false
	}
	tag, ok := strings.CutSuffix(parts[1], ":")
	name, pid, _ := strings.Cut(strings.TrimSuffix(tag, "]"), "[")
	_, _ = fmt.Sscan(pid, &e.PID)
	e.Host, e.Program, e.Text, e.Unit = parts[0], name, parts[2], "postfix@-.service"
	return e, ok
}
