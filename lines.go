package main

import (
	"context"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/collector"
	"postfix_exporter/source"
)

// toldLines logs what keeps the log from being read, once each time it changes:
// inner rooms have no logger, and a log that is missing is not the end.
type toldLines struct {
	*source.Follow
	logger log.Logger
	told   string
}

// Wait comes around at least once in a tick of the source.
func (l *toldLines) Wait(ctx context.Context) error {
	l.tell()
	return l.Follow.Wait(ctx)
}

func (l *toldLines) tell() {
	now := ""
	if err := l.Err(); err != nil {
		now = err.Error()
	}
	switch {
	case now == l.told:
		return
	case now == "":
		level.Info(l.logger).Log("msg", "The log is read again")
	default:
		level.Warn(l.logger).Log("msg", "The log can't be read now", "err", now)
	}
	l.told = now
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
