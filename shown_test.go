package main

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	dto "github.com/prometheus/client_model/go"
)

// before is a Gatherer that does this first.
type before func()

func (b before) Gather() ([]*dto.MetricFamily, error) {
	b()
	return nil, nil
}

// scrape gathers as the web does, beside the counting; it gives how many lines were
// counted when it gathered, and how long it took.
func (r *rig) scrape(t *testing.T) (seen int64, took time.Duration) {
	t.Helper()
	begun := time.Now()
	if _, err := (&savedFirst{before(func() { seen = r.shown.Load() }), r.saver}).Gather(); err != nil {
		t.Error(err)
	}
	return seen, time.Since(begun)
}

// beside counts lines, some each tenth of a second, until the end of the test's bubble.
func (r *rig) beside(t *testing.T, lines int) (end func()) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		for ctx.Err() == nil {
			r.run(100*time.Millisecond, lines)
		}
		done <- r.finish()
	}()
	return func() {
		stop()
		if err := <-done; err != nil && !r.full {
			t.Error(err)
		}
	}
}

// TestWhatIsShownIsSaved scrapes at any time of a save.
func TestWhatIsShownIsSaved(t *testing.T) {
	for _, takes := range []time.Duration{0, 30 * time.Millisecond, 700 * time.Millisecond} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig()
			r.takes = takes
			end := r.beside(t, 3)
			for range 100 {
				time.Sleep(137 * time.Millisecond)
				if seen, took := r.scrape(t); r.holds.Load() < seen || took >= savePatience {
					t.Errorf("%d lines were shown after %v, %d are saved", seen, took, r.holds.Load())
				}
			}
			end()
		})
	}
}

func TestNothingNewIsShownAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.takes = 500 * time.Millisecond // would show
		r.run(time.Second, 1)
		end := r.beside(t, 0)
		time.Sleep(time.Minute)
		if _, took := r.scrape(t); took > 100*time.Millisecond {
			t.Errorf("took %v", took)
		}
		end()
	})
}

func TestADiskThatHangsHidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.takes = time.Hour
		end := r.beside(t, 1)
		time.Sleep(time.Second)
		if seen, took := r.scrape(t); took != savePatience || seen == 0 {
			t.Errorf("%d lines were shown after %v", seen, took)
		}
		end()
	})
}

func TestAFullDiskHidesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		r.full = true
		end := r.beside(t, 1)
		time.Sleep(time.Second)
		if seen, took := r.scrape(t); took > 200*time.Millisecond || seen == 0 {
			t.Errorf("%d lines were shown after %v", seen, took)
		}
		end()
	})
}

// TestTheEndShowsAtOnce: whoever asks while the program ends isn't kept waiting.
func TestTheEndShowsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig()
		end := r.beside(t, 1)
		time.Sleep(time.Second)
		go end()
		for range 2 {
			if seen, took := r.scrape(t); r.holds.Load() < seen || took > time.Second {
				t.Errorf("%d lines were shown after %v, %d are saved", seen, took, r.holds.Load())
			}
		}
	})
}
