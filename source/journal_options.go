// What can be chosen about a Journal, and what is told about one.

package source

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"postfix_exporter/checkpoint"
)

// JournalOptions of Journal. The zero value reads what was logged to the mail
// facility of the host's own journal: there Postfix writes, whatever its units are
// called.
type JournalOptions struct {
	Directory   string   // of the journal's files; "" is the host's own
	Units       []string // one of these; "" behind the last dot is .service
	Slices      []string // and one of these
	Identifiers []string // and one of these tags: "postfix/smtpd"
	From        From
	At          checkpoint.Place // where to go on; the zero Place leaves it to From

	Command string                               // journalctl's name or path; "" is journalctl
	Silence time.Duration                        // how long it may say nothing while it still has to; 0 is a minute
	After   func(time.Duration) <-chan time.Time // the clock that is slept by; nil is time.After

	wake chan struct{} // told when there is an entry; nil: nobody is
}

// silence is how long journalctl may look for the first entry, on a cold disk, say.
const silence = time.Minute

// ErrNoJournalctl says that there is no journalctl to run.
var ErrNoJournalctl = errors.New("there is no journalctl here: install systemd, or read a file of the log")

func (j *Journal) prepare() error {
	o := &j.o
	o.Silence = cmp.Or(o.Silence, silence)
	if o.After == nil {
		o.After = time.After
	}
	j.log = o.log()
	if err := j.choose(); err != nil {
		return err
	}
	var err error
	if j.program, err = exec.LookPath(cmp.Or(o.Command, "journalctl")); err != nil {
		return fmt.Errorf("%w (%w)", ErrNoJournalctl, err)
	}
	return nil
}

// log is what a place in the journal calls it.
func (o *JournalOptions) log() string {
	if o.Directory == "" {
		return "journal"
	}
	return "journal " + filepath.Clean(o.Directory)
}

// choose makes the matches: alternatives of one field, all of several. A unit is
// matched by the field that journald sets itself, not by journalctl's --unit: that
// also takes what others say about the unit.
func (j *Journal) choose() error {
	for _, want := range []struct {
		field, suffix string
		values        []string
	}{
		{"_SYSTEMD_UNIT", ".service", j.o.Units},
		{"_SYSTEMD_SLICE", ".slice", j.o.Slices},
		{"SYSLOG_IDENTIFIER", "", j.o.Identifiers},
	} {
		for _, v := range want.values {
			if v == "" || strings.ContainsAny(v, "*?[\n") {
				return fmt.Errorf("%q is not a name: patterns are not known here, repeat the flag", v)
			}
			if want.suffix != "" && !strings.Contains(v, ".") {
				v += want.suffix
			}
			j.matches = append(j.matches, want.field+"="+v)
		}
	}
	if len(j.matches) == 0 {
		j.matches = []string{"SYSLOG_FACILITY=2"} // mail, RFC 5424 §6.2.1
	}
	slices.Sort(j.matches)
	j.matches = slices.Compact(j.matches)
	j.asked = j.log + " " + strings.Join(j.matches, " ")
	return nil
}

// where are the arguments that say which journal. Without --merge journalctl
// --follow shows nothing of before the last boot, whatever cursor it is given; with
// it, other machines' journals (of containers) too, unless they are matched out.
func (j *Journal) where() []string {
	args := []string{"--merge"}
	if j.o.Directory != "" {
		return append(args, "--directory="+j.o.Directory)
	}
	if id := machine(); id != "" {
		args = append(args, "_MACHINE_ID="+id)
	}
	return args
}

var machineID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// machine is the host's own id (machine-id(5)); "" where it has none.
func machine() string {
	b, err := os.ReadFile("/etc/machine-id")
	if err != nil || !machineID.Match(bytes.TrimSpace(b)) {
		return ""
	}
	return string(bytes.TrimSpace(b))
}

// CaughtUp is true once all that was there at the start was handed out. It stays
// true. It may be called from any goroutine.
func (j *Journal) CaughtUp() bool { return j.state.caughtUp.Load() }

// Resumed may be called from any goroutine.
func (j *Journal) Resumed() Resume { return *j.state.resume.Load() }

// tell says how the taking up ended.
func (j *Journal) tell(how Resumed) {
	if r := j.Resumed(); r.How == Pending {
		j.state.resume.Store(&Resume{How: how, Was: r.Was, Path: j.asked})
	}
}

// Stats may be called from any goroutine. How much is still to be read isn't known:
// Size, Offset and Lag are 0.
func (j *Journal) Stats() Stats {
	s := &j.state
	return Stats{Gaps: s.gaps.Load(), LongLines: s.cut.Load(), Watched: s.followed.Load()}
}

// Err is what keeps the journal from being read now. It is nil if all is well. It
// may be called from any goroutine.
func (j *Journal) Err() error {
	if err := j.state.err.Load(); err != nil {
		return fmt.Errorf("waiting for the journal: %w", *err)
	}
	return nil
}
