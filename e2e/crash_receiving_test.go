package e2e

// Counts of what can't be read again: an exporter that receives syslog is killed while
// it is scraped. What it lost is lost, but nothing that was shown is.

import (
	"context"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"
)

// TestCrashWhileReceiving kills it at any moment.
func TestCrashWhileReceiving(t *testing.T) {
	if testing.Short() {
		t.Skip("crashes take half a minute: skipped by -short")
	}
	const runs = 25
	binary, dir, random := buildExporter(t), t.TempDir(), newRandom(newSeed(t), 0)
	var sent atomic.Int64
	scraper := newScraper(t, func() int { return int(sent.Load()) })
	socket := filepath.Join(dir, "log")
	sending := startTask(t, func(ctx context.Context) { sendAlways(ctx, socket, &sent) })
	scraping := startTask(t, scraper.run)
	start := func() *server {
		s := startExporter(t, binary, "--syslog.listen="+socket, "--state.file="+filepath.Join(dir, "state"))
		scraper.turnTo(s)
		return s
	}
	for range runs {
		s := start()
		time.Sleep(time.Duration(random.Int64N(int64(1200 * time.Millisecond))))
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
	s := start()
	await(t, "lines of the last run", func() bool { n, _ := s.scrape().sum("postfix_exporter_received_lines_total"); return n > 1000 })
	sending.stop()
	scraping.stop()
	s.stop()
	t.Logf("%d messages were sent; %d scrapes of %d runs", sent.Load(), scraper.scrapes, len(scraper.ready))
	if len(scraper.ready) < runs/3 || scraper.scrapes < 2*runs {
		t.Error("the scraper saw too little: the test proves nothing")
	}
}

// sendAlways sends messages while there is somebody to send them to.
func sendAlways(ctx context.Context, socket string, sent *atomic.Int64) {
	datagrams := makeDatagrams()
	for sleep(ctx, time.Millisecond) {
		c, err := net.Dial("unixgram", socket)
		if err != nil {
			continue
		}
		c.SetWriteDeadline(time.Now().Add(10 * time.Second))
		for err == nil && sleep(ctx, time.Millisecond) {
			for n := 0; n < 5 && err == nil; n++ {
				_, err = c.Write(datagrams[int(sent.Add(1))%len(datagrams)])
			}
		}
		c.Close()
	}
}
