package e2e

// An exporter against logrotate: in each round it is killed and started while the
// log is rotated as often as old files are kept, and between them it draws breath.

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	rounds    = 2
	kills     = 4 // in a round, at least
	lookEvery = 100 * time.Millisecond
	saved     = "postfix_exporter_checkpoint_timestamp_seconds"
)

// bout is a run of TestLogrotate.
type bout struct {
	*ordeal
	how     logrotation
	dir     string
	conf    string
	syslogd *syslogd
	pauses  *rand.Rand // between rotations, which are not the test's goroutine
	rotated atomic.Int64
	away    []int64 // rotations that the exporter wasn't there for, each time
	told    output
}

func newBout(t *testing.T, binary string, how logrotation, seed, stream uint64) *bout {
	t.Helper()
	dir := tempDir(t)
	template := how.template
	if template == "" {
		template = "RSYSLOG_FileFormat"
	}
	b := &bout{how: how, dir: dir, conf: filepath.Join(dir, "logrotate.conf"), pauses: newRandom(seed, 2*stream+1)}
	b.syslogd = startSyslogd(t, dir, template, seed+stream)
	how.write(t, b.conf, b.syslogd.log, b.syslogd.cmd.Process.Pid)
	b.ordeal = &ordeal{t: t, binary: binary, log: b.syslogd.log, truth: b.syslogd.truth, state: filepath.Join(dir, "state"),
		random: newRandom(seed, 2*stream), scraper: newScraper(t, b.syslogd.lines)}
	b.scraper.spare = []string{truncations}
	t.Cleanup(b.explain)
	return b
}

// start starts a run of the exporter. Whatever Postfix runs here is not its concern.
func (b *bout) start() *server {
	b.t.Helper()
	s := serveWith(b.t, b.binary, b.log, b.state, fewMessages)
	b.served = append(b.served, s)
	b.scraper.turnTo(s)
	return s
}

// gaps is for the rotations.
func (b *bout) gaps(d time.Duration) time.Duration {
	return time.Duration(b.pauses.Int64N(int64(d)))
}

func (b *bout) fight() {
	b.writing = startTask(b.t, b.syslogd.run)
	b.scraping = startTask(b.t, b.watch)
	s := b.start()
	for range rounds {
		b.breathe(s)
		s = b.round(s)
	}
	b.writing.stop()
	b.settle(s)
}

// watch scrapes, but not so often as to starve the other runs.
func (b *bout) watch(ctx context.Context) {
	for sleep(ctx, lookEvery) {
		if target := b.scraper.target.Load(); target != nil {
			b.scraper.look(target)
		}
	}
}

// breathe waits until the exporter stands in the live log and has saved that.
func (b *bout) breathe(s *server) {
	b.t.Helper()
	s.after(b.syslogd.lines() + sendRate/2)
	read := float64(time.Now().UnixMilli()) / 1000
	await(b.t, "the state to be saved", func() bool {
		at, _ := s.scrape().sum(saved)
		return at > read
	})
}

// round kills the exporter until all rotations are done. Once it stays away over
// two or three, and once it is stopped over one, as a host does that has no time.
func (b *bout) round(s *server) *server {
	b.t.Helper()
	goal := b.rotated.Load() + keeps
	rotating := startTask(b.t, b.rotate(keeps))
	for long, stop, i := b.random.IntN(2), b.random.IntN(2), 0; i < kills || b.rotated.Load() < goal; i++ {
		time.Sleep(b.life())
		if i == stop {
			s.cmd.Process.Signal(syscall.SIGSTOP)
			b.awaitRotations(min(goal, b.rotated.Load()+1))
			s.cmd.Process.Signal(syscall.SIGCONT)
			time.Sleep(b.life())
		}
		b.kill(s)
		down := b.rotated.Load()
		if i == long {
			b.awaitRotations(min(goal, down+2+b.random.Int64N(2)))
		}
		time.Sleep(b.upTo(400 * time.Millisecond))
		b.away = append(b.away, b.rotated.Load()-down)
		s = b.start()
	}
	rotating.stop()
	return s
}

func (b *bout) awaitRotations(n int64) {
	b.t.Helper()
	await(b.t, "a rotation", func() bool { return b.rotated.Load() >= n })
}
