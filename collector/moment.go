package collector

import "time"

// What a scrape sees beside the books.

// A moment is what values are read from.
type moment struct {
	caughtUp         bool
	last             time.Time // stamp of the last line; zero: none yet
	tracked          int
	evicted          uint64
	forgotten        uint64
	rules            int
	rulesOK          bool
	refusals         []blockKey
	forgottenReplies uint64 // of unclassified
	forgottenBlocks  uint64
	source           SourceStats
	hasSource        bool
	checkpoint       CheckpointStats
	hasCheckpoint    bool
}

// SourceStats is what the source of the lines tells of itself. All but LagBytes
// and Connections count from the start of the process.
type SourceStats struct {
	LagBytes    int64  // written but not read yet
	Rotations   uint64 // the log was renamed or replaced
	Missed      uint64 // rotated files that could not be read
	Truncations uint64 // the log became shorter than what had been read
	CutLines    uint64 // lines longer than the reader's limit
	Gaps        uint64 // a file was gone before it was read to its end

	Receives      bool   // lines are sent to the exporter: what follows is known
	Received      uint64 // lines and messages
	Dropped       uint64 // messages among them that found no room
	KernelDropped uint64 // messages that never came through
	Refused       uint64 // connections, because there were too many
	BadFrames     uint64 // of TCP
	Connections   int64  // open now
}

// counters are those that go on over a restart.
func (s *SourceStats) counters() [10]*uint64 {
	return [...]*uint64{&s.Rotations, &s.Missed, &s.Truncations, &s.CutLines, &s.Gaps,
		&s.Received, &s.Dropped, &s.KernelDropped, &s.Refused, &s.BadFrames}
}

func (s *SourceStats) add(before *SourceStats) {
	earlier := before.counters()
	for i, n := range s.counters() {
		*n += *earlier[i]
	}
}

// CheckpointStats is what the saving of the state tells of itself.
type CheckpointStats struct {
	Saved    time.Time // when it last succeeded; zero: not since the start
	Failures uint64    // times that it failed since the start
	Failed   bool      // the last time
	Bytes    int64     // of the state that was last saved
}

// ownCounts are the exporter's own counters that others keep, as they were when
// the state was saved. What those tell now is added.
type ownCounts struct {
	source       SourceStats
	saveFailures uint64
}
