package e2e

// What must be the same after a bout.

import (
	"os"
	"path/filepath"
	"strings"
)

// settle has the last run count the rest, and another one begin with what it
// saved. Both must have what report has, which reads the truth.
func (b *bout) settle(s *server) {
	b.t.Helper()
	b.syslogd.atRest(b.checkFiles)
	want := report(b.t, b.binary, b.truth, fewMessages)
	lines := b.syslogd.lines()
	if n, _ := want.sum(logLines); int(n) != lines {
		b.t.Fatalf("rsyslogd was sent %d lines and wrote %v", lines, n)
	}
	peace := serveWith(b.t, b.binary, b.truth, "", fewMessages)
	own := peace.after(lines)
	peace.stop()
	for range 2 {
		got := s.after(lines)
		sameLog(b.t, got, want)
		sameOwn(b.t, got, own)
		s.stop()
		s = b.start()
	}
	b.kill(s)
	b.scraping.stop()
	if len(b.scraper.ready) < rounds || b.scraper.scrapes < len(b.served) {
		b.t.Error("the scraper saw too little: the test proves nothing")
	}
	b.t.Logf("%d lines, %d rotations, %d runs that missed %v of them, %d of them ready, %d scrapes, %d refused",
		lines, b.rotated.Load(), len(b.served), b.away, len(b.scraper.ready), b.scraper.scrapes, b.scraper.refused)
}

func (b *bout) explain() {
	if !b.t.Failed() {
		return
	}
	entries, _ := os.ReadDir(filepath.Dir(b.log))
	b.t.Logf("logrotate:\n%s%v", b.told.String(), entries)
	for i, s := range b.served {
		b.t.Logf("run %d said:\n%s", i+1, s.stderr.String())
	}
}

// checkFiles sees to it that logrotate did what the table says.
func (b *bout) checkFiles() {
	b.t.Helper()
	names, err := filepath.Glob(b.log + "?*")
	if err != nil {
		b.t.Fatal(err)
	}
	plain := 0
	for _, name := range names {
		if b.how.packer == "" || !strings.HasSuffix(name, suffixes[b.how.packer]) {
			plain++
		}
	}
	if len(names) != keeps || plain != b.how.plain {
		b.t.Errorf("logrotate left %q, want %d files, %d of them not packed", names, keeps, b.how.plain)
	}
}
