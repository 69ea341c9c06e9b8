package main

import (
	"context"
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
	source.Source
	logger log.Logger
	told   string
	seen   string
	since  time.Time // when seen began
	wasOK  bool
	resume source.Resumed // that was told
	loss   toldLoss
}

// Wait comes around at least once in a tick of the source.
func (l *toldLines) Wait(ctx context.Context) error {
	l.tell(time.Now())
	return l.Source.Wait(ctx)
}

func (l *toldLines) tell(now time.Time) {
	l.tellResumed()
	l.tellLost(now)
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

// tellResumed logs once where reading goes on after a restart.
func (l *toldLines) tellResumed() {
	r := l.Resumed()
	if r.How == l.resume {
		return
	}
	l.resume = r.How
	switch r.How {
	case source.Found:
		level.Info(l.logger).Log("msg", "Going on where the last run stopped", "file", r.Path, "was", r.Was)
	case source.OtherLog:
		level.Warn(l.logger).Log("msg", "The state is of another log; its counts go on, this log is read as one without a saved position", "was", r.Was)
	case source.Gap:
		level.Warn(l.logger).Log("msg", "The log that was read last is gone or was emptied: lines may be missing", "was", r.Was, "file", r.Path)
	}
}

// sourceStats joins two rooms that don't know each other.
func sourceStats(s source.Stats) collector.SourceStats {
	return collector.SourceStats{
		LagBytes:    s.Lag,
		Rotations:   uint64(s.Rotations),
		Missed:      uint64(s.Missed),
		Truncations: uint64(s.Truncations),
		CutLines:    uint64(s.LongLines),
		Gaps:        uint64(s.Gaps),

		Receives:      s.Receives,
		Received:      uint64(s.Received),
		Dropped:       uint64(s.Dropped),
		KernelDropped: uint64(s.KernelDropped),
		Refused:       uint64(s.Refused),
		BadFrames:     uint64(s.BadFrames),
		Connections:   s.Connections,
	}
}
