package main

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/collector"
	"postfix_exporter/source"
)

const (
	// awayTime is how long a log that was read may be away before it is told: a
	// rotation may leave a gap until the first line comes.
	awayTime = 10 * time.Second
	// tellShare is how much longer than a look at what is to be told the pause behind
	// it is, at least.
	tellShare = 100
	// maxTold is of how many logs one thing is told at once.
	maxTold = 10
)

// toldLines logs what keeps logs from being read, once each time it changes: inner
// rooms have no logger, and a log that is missing is not the end.
type toldLines struct {
	*source.Set
	logger  log.Logger
	logs    map[string]*toldLog       // that have or had a fault
	begun   bool                      // the faults at the start were seen
	next    time.Time                 // when it is looked again
	resumed map[string]source.Resumed // that was told
	loss    toldLoss
}

// toldLog is what was told of one log.
type toldLog struct {
	told  string
	seen  string
	since time.Time // when seen began
	wasOK bool
}

func newToldLines(s *source.Set, logger log.Logger) *toldLines {
	return &toldLines{Set: s, logger: logger, logs: make(map[string]*toldLog), resumed: make(map[string]source.Resumed)}
}

// Wait comes around at least once in a tick of the source.
func (l *toldLines) Wait(ctx context.Context) error {
	if now := time.Now(); !now.Before(l.next) {
		l.tell(now)
		l.next = now.Add(tellShare * time.Since(now))
	}
	return l.Set.Wait(ctx)
}

func (l *toldLines) tell(now time.Time) {
	l.tellResumed()
	l.loss.tell(l.Stats(), now, l.logger)
	faults := make(map[string]string)
	for _, f := range l.Faults() {
		faults[f.Log] = f.Err.Error()
		if l.logs[f.Log] == nil {
			l.logs[f.Log] = &toldLog{wasOK: l.begun}
		}
	}
	l.begun = true
	said := limited{logger: l.logger}
	for _, name := range slices.Sorted(maps.Keys(l.logs)) {
		t := l.logs[name]
		if t.tell(&said, name, faults[name], now); t.told == "" && faults[name] == "" {
			delete(l.logs, name)
		}
	}
}

// tell tells what changed.
func (t *toldLog) tell(said *limited, name, fault string, now time.Time) {
	if fault != t.seen {
		t.seen, t.since = fault, now
	}
	t.wasOK = t.wasOK || fault == ""
	switch {
	case fault == t.told, fault != "" && t.wasOK && now.Sub(t.since) < awayTime:
		return
	case fault == "":
		said.log(level.Info, "The log is read again", "log", name)
	default:
		said.log(level.Warn, "The log can't be read now", "log", name, "err", fault)
	}
	t.told = fault
}

// tellResumed logs once for each log where reading goes on after a restart.
func (l *toldLines) tellResumed() {
	said := limited{logger: l.logger}
	for _, r := range l.Resumed() {
		if l.resumed[r.Log] == r.How {
			continue
		}
		l.resumed[r.Log] = r.How
		switch r.How {
		case source.Found:
			said.log(level.Info, "Going on where the last run stopped", "file", r.Path, "was", r.Was)
		case source.OtherLog:
			said.log(level.Warn, "The state is of another log; its counts go on, this log is read as one without a saved position", "log", r.Log, "was", r.Was)
		case source.Gap:
			said.log(level.Warn, "The log that was read last is gone or was emptied: lines may be missing", "log", r.Log, "was", r.Was, "file", r.Path)
		case source.Dropped:
			said.log(level.Warn, "A log that was read last is no longer read: no flag names it; its counts go on", "log", r.Log, "was", r.Was)
		}
	}
}

// limited tells the same of some logs; of more, at the level of debugging.
type limited struct {
	logger log.Logger
	said   map[string]int
}

func (l *limited) log(at func(log.Logger) log.Logger, msg string, keyvals ...any) {
	if l.said == nil {
		l.said = make(map[string]int)
	}
	if l.said[msg]++; l.said[msg] > maxTold {
		at = level.Debug
	}
	if l.said[msg] == maxTold {
		keyvals = append(keyvals, "more", "at level debug")
	}
	at(l.logger).Log(append([]any{"msg", msg}, keyvals...)...)
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
