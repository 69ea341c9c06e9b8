//go:build linux

package e2e

// The same while the state can't be saved.

import "testing"

// TestCrashOnFullDisk has the disk of the state full for a while, then read-only.
func TestCrashOnFullDisk(t *testing.T) {
	d := newDisk(t)
	o := newOrdeal(t, d.path("state"))
	o.scraper.spare = append(o.scraper.spare, failures) // of a failure nothing can be saved
	o.begin()
	o.runs(3, o.kill)

	d.fill()
	o.runs(3, o.kill)
	s := o.start()
	o.seeFailing(s, "no space left on device")
	o.kill(s)
	s = o.start()
	o.seeFailing(s, "no space left on device")
	d.free()
	o.seeMended(s)
	o.runs(2, o.kill)

	d.readOnly(true)
	o.runs(2, o.kill)
	s = o.start()
	o.seeFailing(s, "read-only file system")
	d.readOnly(false)
	o.seeMended(s)
	o.runs(2, o.kill)
	o.settle()
}

// seeFailing waits until a run tells that it can't save, in its metrics and once in
// its log, and sees it count on.
func (o *ordeal) seeFailing(s *server, why string) {
	o.t.Helper()
	var read, failed float64
	await(o.t, "a save that fails", func() bool {
		m := s.scrape()
		read, _ = m.sum(logLines)
		failed, _ = m.sum(failures)
		return m != nil && failed > 0
	})
	await(o.t, "lines, and another save that fails", func() bool {
		m := s.scrape()
		if ok, there := m.sum(successful); m != nil && (!there || ok != 0) {
			o.t.Fatalf("%s is %v (there: %v) while the disk is of no use", successful, ok, there)
		}
		lines, _ := m.sum(logLines)
		again, _ := m.sum(failures)
		return lines > read && again > failed
	})
	o.saysOnce(s, why)
}

// seeMended waits until the state is saved again, and kills the run.
func (o *ordeal) seeMended(s *server) {
	o.t.Helper()
	await(o.t, "a save that succeeds", func() bool {
		ok, _ := s.scrape().sum(successful)
		return ok == 1
	})
	o.saysOnce(s, "The state is saved again")
	o.kill(s)
}

// saysOnce looks for an error that a run has to tell, and for it being told once.
func (o *ordeal) saysOnce(s *server, text string) {
	o.t.Helper()
	if n := s.says(text); n != 1 {
		o.t.Errorf("run %d says %q %d times, want once", len(o.served), text, n)
	}
	if n := s.says("level=error"); n != 1 {
		o.t.Errorf("run %d has %d errors to tell, want one", len(o.served), n)
	}
}
