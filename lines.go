package main

import (
	"context"
	"errors"
	"io/fs"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/collector"
	"postfix_exporter/source"
)

// awayTime is how long a log that was read may be away before it is told: a
// rotation may leave a gap until the first line comes.
const awayTime = 10 * time.Second

// toldLines logs what keeps the log from being read, once each time it changes:
// inner rooms have no logger, and a log that is missing is not the end.
type toldLines struct {
	*source.Follow
	logger log.Logger
	told   string
	seen   string
	since  time.Time // when seen began
	wasOK  bool
	// settled: the log was read to its end once, or is not there yet. One that may
	// not be read has lines that are still to be counted.
	settled atomic.Bool
}

// Wait comes around at least once in a tick of the source.
func (l *toldLines) Wait(ctx context.Context) error {
	l.tell(time.Now())
	if err := l.Err(); err == nil || errors.Is(err, fs.ErrNotExist) {
		l.settled.Store(true)
	}
	return l.Follow.Wait(ctx)
}

func (l *toldLines) tell(now time.Time) {
	fault := ""
	if err := l.Err(); err != nil {
		fault = err.Error()
	}
	if fault != l.seen {
		l.seen, l.since = fault, now
	}
	l.wasOK = l.wasOK || fault == ""
	switch {
	case fault == l.told, fault != "" && l.wasOK && now.Sub(l.since) < awayTime:
		return
	case fault == "":
		level.Info(l.logger).Log("msg", "The log is read again")
	default:
		level.Warn(l.logger).Log("msg", "The log can't be read now", "err", fault)
	}
	l.told = fault
}

// sourceStats joins two rooms that don't know each other.
func sourceStats(s source.Stats) collector.SourceStats {
	return collector.SourceStats{
		LagBytes:    s.Lag,
		Rotations:   uint64(s.Rotations),
		Missed:      uint64(s.Missed),
		Truncations: uint64(s.Truncations),
		CutLines:    uint64(s.LongLines),
	}
}
