package main

import (
	"context"
	"slices"
	"time"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
)

// looksEvery is how many lines pass between two looks at the clock: a millisecond's work.
const looksEvery = 1024

// keptLines has the state saved while lines pass. A look comes before a line is
// asked for: then all lines before it have been counted.
type keptLines struct {
	collector.Lines
	saver  *saver
	places func() []checkpoint.Place
	slow   func() // at each look: what is to be told of a long catch-up

	asked int64
	fresh bool               // lines came since the last save
	saved []checkpoint.Place // where it was
}

func (k *keptLines) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	if k.asked++; k.asked%looksEvery == 0 {
		k.look(saveWhenBusy)
	}
	line, at, err = k.Lines.Next()
	k.fresh = k.fresh || err == nil
	return line, at, err
}

func (k *keptLines) Wait(ctx context.Context) error {
	k.look(saveWhenIdle)
	return k.Lines.Wait(ctx)
}

// look saves if there is something new, and it is time or somebody waits for it.
func (k *keptLines) look(every time.Duration) {
	k.slow()
	demanded := k.saver.demands.any()
	if !k.saver.due(every) && !(demanded && k.saver.idle()) {
		return
	}
	places := k.places()
	if k.fresh || !slices.Equal(places, k.saved) || k.saver.asked.Load() {
		k.fresh, k.saved = false, places
		k.saver.begin()
	} else if demanded { // it is saved
		answer(k.saver.demands.take())
	}
}
