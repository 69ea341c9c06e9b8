package e2e

// Counts that survive the real logrotate(8), on a log of the real rsyslogd. No
// Postfix is needed, nor root.

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// keeps is how many rotated files are kept. An exporter that has read all, and
// saved that, must not lose a line over so many rotations.
const keeps = 4

// logrotation is a way to set up logrotate.
type logrotation struct {
	name     string
	conf     string // directives; a colon stands for a space
	copies   bool   // copytruncate: there is nobody to be told
	packer   string // a program; "": none
	plain    int    // rotated files that are not packed
	template string // of rsyslog; "" is its default
}

// But for copytruncate, old files are packed a rotation later (delaycompress):
// rsyslogd writes to them until the HUP has come through, and what comes while a
// file is packed is lost.
var logrotations = []logrotation{
	{name: "debian", conf: "create compress delaycompress", packer: "gzip", plain: 1},
	{name: "dateext", conf: "create compress delaycompress dateext dateformat:-%Y%m%d-%s", packer: "gzip", plain: 1},
	{name: "copytruncate", conf: "copytruncate compress", copies: true, packer: "gzip"},
	{name: "nocompress", conf: "create:0640 nocompress", plain: keeps, template: "RSYSLOG_TraditionalFileFormat"},
	{name: "xz", conf: "nocreate compress delaycompress compresscmd:xz compressoptions:-1 compressext:.xz", packer: "xz", plain: 1},
	{name: "zstd", conf: "create compress delaycompress compresscmd:zstd compressext:.zst", packer: "zstd", plain: 1},
}

// logrotateConf is what Debian's rsyslog package installs, but for what CONF says.
// That one's script has systemd send the HUP.
const logrotateConf = `LOG
{
	rotate KEEPS
	daily
	missingok
	notifempty
	sharedscripts
	CONF
	postrotate
		HUP
	endscript
}
`

// write writes the configuration for a log that a process writes.
func (l *logrotation) write(t *testing.T, conf, log string, pid int) {
	t.Helper()
	hup := fmt.Sprintf("kill -HUP %d", pid)
	if l.copies {
		hup = "true"
	}
	lines := strings.NewReplacer(" ", "\n\t", ":", " ").Replace(l.conf)
	text := strings.NewReplacer("LOG", log, "KEEPS", fmt.Sprint(keeps), "CONF", lines, "HUP", hup).Replace(logrotateConf)
	if err := os.WriteFile(conf, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestLogrotate rotates a log that is written to while its exporter is killed and
// started. The ways are taken all at once: they wait, mostly.
func TestLogrotate(t *testing.T) {
	if testing.Short() {
		t.Skip("rotations take half a minute: skipped by -short")
	}
	needTool(t, "rsyslogd")
	needTool(t, "logrotate")
	seed, binary := newSeed(t), buildExporter(t)
	var all sync.WaitGroup
	for i, how := range logrotations {
		all.Go(func() {
			t.Run(how.name, func(t *testing.T) {
				if how.packer != "" {
					needTool(t, how.packer)
				}
				newBout(t, binary, how, seed, uint64(i)).fight()
			})
		})
	}
	all.Wait()
}

func needTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is missing: make deps installs it (%v)", name, err)
	}
}

// rotate runs logrotate that many times, a second and more from one to the next:
// dates are in seconds.
func (b *bout) rotate(times int) func(context.Context) {
	return func(ctx context.Context) {
		for range times {
			if !sleep(ctx, time.Second+50*time.Millisecond+b.gaps(600*time.Millisecond)) {
				return
			}
			if b.how.copies {
				// What is written between logrotate's copy and its truncation is in
				// neither file: equal counts can be asked for only if nothing is.
				b.syslogd.atRest(b.logrotate)
			} else {
				b.logrotate()
				b.syslogd.awaitReopened()
			}
			b.rotated.Add(1)
		}
	}
}

func (b *bout) logrotate() {
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, "logrotate", "-f", "-s", filepath.Join(b.dir, "logrotate.state"), b.conf).CombinedOutput()
	if err != nil || len(out) > 0 {
		b.t.Errorf("rotation %d: logrotate: %v\n%s", b.rotated.Load()+1, err, out)
	}
	fmt.Fprintf(&b.told, "%s logrotate is done\n", time.Now().UTC().Format(time.StampMilli))
}
