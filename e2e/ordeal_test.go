package e2e

// What all tests of crashes have: a log that is written and rotated, an exporter
// that follows it with a state file, a scraper that watches, and the truth.

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

const (
	firstLines  = 100_000                // are there before the first crash
	fewMessages = "--limit.messages=500" // so that some are evicted
	lastRuns    = 3                      // whose own log is shown when a test fails
	lastSteps   = 40                     // of rotations, as well
)

// ordeal is one such test.
type ordeal struct {
	t       *testing.T
	binary  string
	log     string
	state   string
	truth   string
	random  *rand.Rand
	writer  *logWriter
	rotator *rotator
	scraper *scraper
	served  []*server

	writing, rotating, scraping *task
}

// newOrdeal prepares it. state is the state file's path; "" is one beside the log.
func newOrdeal(t *testing.T, state string) *ordeal {
	t.Helper()
	if testing.Short() {
		t.Skip("crashes take a minute: skipped by -short")
	}
	seed := newSeed(t)
	dir := tempDir(t)
	o := &ordeal{t: t, binary: buildExporter(t), log: filepath.Join(dir, "log", "mail.log"), state: state,
		truth: filepath.Join(dir, "truth"), random: newRandom(seed, 0)}
	if state == "" {
		o.state = filepath.Join(dir, "state")
	}
	if err := os.Mkdir(filepath.Dir(o.log), 0o755); err != nil {
		t.Fatal(err)
	}
	o.writer = newLogWriter(t, o.log, o.truth, seed)
	o.rotator = newRotator(t, o.writer, seed)
	o.scraper = newScraper(t, o.writer.lines)
	o.scraper.spare = []string{truncations}
	t.Cleanup(o.explain)
	return o
}

// newSeed is what the test's chances depend on, though not the scheduler's.
func newSeed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("E2E_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatalf("E2E_SEED: %v", err)
		}
	}
	t.Logf("E2E_SEED=%d makes the same traffic, rotations and times", seed)
	return seed
}

// begin sets all going but the exporter. That was there before, and has saved its
// state: without one, what was rotated away is left out.
func (o *ordeal) begin() {
	o.t.Helper()
	o.writer.backlog(1)
	s := o.start()
	await(o.t, "the first state", func() bool {
		_, err := os.Stat(o.state)
		return err == nil
	})
	s.stop()
	o.writer.backlog(firstLines)
	o.writing = startTask(o.t, o.writer.run)
	o.rotating = startTask(o.t, o.rotator.run)
	o.scraping = startTask(o.t, o.scraper.run)
}

// start starts a run of the exporter.
func (o *ordeal) start() *server {
	o.t.Helper()
	s := serveWith(o.t, o.binary, o.log, o.state, fewMessages)
	o.served = append(o.served, s)
	o.scraper.turnTo(s)
	return s
}

// settle has the exporter count what was written to the end, twice, and compares.
func (o *ordeal) settle() {
	o.t.Helper()
	o.rotating.stop()
	o.writing.stop()
	want := report(o.t, o.binary, o.truth, fewMessages)
	own := o.inPeace()
	for range 2 { // the second run begins with all that the first one saved
		s := o.start()
		got := s.after(o.writer.lines())
		s.stop()
		sameLog(o.t, got, want)
		sameOwn(o.t, got, own)
	}
	o.scraping.stop()
	o.checkScrapes()
}

// inPeace is what an exporter says that reads the truth at once.
func (o *ordeal) inPeace() metrics {
	o.t.Helper()
	s := serveWith(o.t, o.binary, o.truth, "", fewMessages)
	defer s.stop()
	return s.after(o.writer.lines())
}

// checkScrapes sees to it that the scraper saw something.
func (o *ordeal) checkScrapes() {
	s := o.scraper
	o.t.Logf("%d lines, %d rotations, %d runs of which %d were ready, %d scrapes, %d refused",
		o.writer.lines(), o.rotator.rotated, len(o.served), len(s.ready), s.scrapes, s.refused)
	if len(s.ready) < len(o.served)/10 || s.scrapes < len(o.served) {
		o.t.Error("the scraper saw too little: the test proves nothing")
	}
}

// explain tells what came before a failure.
func (o *ordeal) explain() {
	if !o.t.Failed() {
		return
	}
	steps := strings.SplitAfter(o.rotator.told.String(), "\n")
	o.t.Logf("the last rotations:\n%s", strings.Join(steps[max(0, len(steps)-lastSteps):], ""))
	for i := max(0, len(o.served)-lastRuns); i < len(o.served); i++ {
		o.t.Logf("run %d said:\n%s", i+1, o.served[i].stderr.String())
	}
}

// says counts the lines of the exporter's own log that have a text.
func (s *server) says(text string) int { return strings.Count(s.stderr.String(), text) }
