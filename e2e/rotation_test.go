package e2e

// Rotation as logrotate(8) does it: by renaming, while the writer holds on to the
// old file, or by copytruncate; packed at once or at the next rotation.

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// rotation is one way to rotate. Packers are programs.
type rotation struct {
	copies bool          // copytruncate
	late   bool          // the new file is created by the writer, when it lets the old one go
	holds  time.Duration // for so long it writes to the old file
	delays string        // packs what the last rotation left (delaycompress)
	packs  string        // packs the old file when the writer has let it go
}

// Ways to rotate. They are taken in turn, shuffled.
var (
	renames = []rotation{
		{holds: 2 * time.Second, delays: "gzip"},
		{holds: 2 * time.Second, packs: "zstd"},
		{holds: 2 * time.Second, late: true},
		{holds: 2 * time.Second, late: true, delays: "xz"},
		{late: true, packs: "gzip"},
	}
	copies = []rotation{
		{copies: true},
		{copies: true, delays: "gzip"},
		{copies: true, packs: "gzip"},
	}
	rotations = append(slices.Clone(renames), copies...)
)

// suffixes are what packers add to names. Those that are not installed are gzip.
var suffixes = map[string]string{"gzip": ".gz", "zstd": ".zst", "xz": ".xz"}

// rotator rotates a log. It keeps all files.
type rotator struct {
	t       *testing.T
	w       *logWriter
	random  *rand.Rand
	ways    []rotation
	begun   time.Time
	told    output // what it did, a line for each step
	rotated int
}

func newRotator(t *testing.T, w *logWriter, seed uint64) *rotator {
	return &rotator{t: t, w: w, random: newRandom(seed, 2), ways: rotations, begun: time.Now()}
}

// run rotates until ctx ends. A rotation that has begun is done to its end.
func (r *rotator) run(ctx context.Context) {
	var deck []int
	for sleep(ctx, r.gap()) {
		if len(deck) == 0 {
			deck = r.random.Perm(len(r.ways))
		}
		r.rotate(r.ways[deck[0]])
		deck = deck[1:]
	}
}

// gap is a second or two; each fourth one is as long as an exporter needs to be
// sure that nobody writes to the old file any more, so that it catches up.
func (r *rotator) gap() time.Duration {
	if r.rotated%4 == 3 {
		return r.upTo(2*time.Second) + 5*time.Second
	}
	return r.upTo(time.Second) + time.Second
}

func (r *rotator) upTo(d time.Duration) time.Duration {
	return time.Duration(r.random.Int64N(int64(d)))
}

// rotate takes its time between steps: a crash may come at each of them.
func (r *rotator) rotate(how rotation) {
	r.rotated++
	r.tell("rotation %d: %+v", r.rotated, how)
	r.pack(how.delays, r.newest())
	r.pause()
	r.shift()
	r.pause()
	if how.copies {
		r.w.atLineEnd(r.copyTruncate)
	} else {
		r.rename(how)
	}
	r.pack(how.packs, r.newest())
	r.tell("rotation %d is over", r.rotated)
}

func (r *rotator) pause() { time.Sleep(r.upTo(30 * time.Millisecond)) }

func (r *rotator) tell(format string, args ...any) {
	fmt.Fprintf(&r.told, "%6.2f s: %s\n", time.Since(r.begun).Seconds(), fmt.Sprintf(format, args...))
}

// newest is the last file that was rotated away, not packed.
func (r *rotator) newest() string { return r.w.path + ".1" }

// shift gives each rotated file the next number, the oldest first.
func (r *rotator) shift() {
	for n := r.rotated; n > 0; n-- {
		for _, suffix := range []string{"", ".gz", ".zst", ".xz"} {
			from := fmt.Sprintf("%s.%d%s", r.w.path, n, suffix)
			err := os.Rename(from, fmt.Sprintf("%s.%d%s", r.w.path, n+1, suffix))
			if err != nil && !os.IsNotExist(err) {
				r.t.Error(err)
			}
		}
	}
}

func (r *rotator) rename(how rotation) {
	r.check(os.Rename(r.w.path, r.newest()))
	r.tell("the log is renamed")
	if !how.late {
		r.pause()
		r.check(os.WriteFile(r.w.path, nil, 0o644))
	}
	time.Sleep(how.holds)
	r.w.letGo()
	r.tell("the writer has let go")
}

// copyTruncate runs while the writer pauses: what is written between the two
// steps would be in neither file.
func (r *rotator) copyTruncate() {
	text, err := os.ReadFile(r.w.path)
	r.check(err)
	r.check(os.WriteFile(r.newest(), text, 0o644))
	r.pause()
	r.check(os.Truncate(r.w.path, 0))
	r.tell("the log is copied and truncated")
}

// pack packs a file as logrotate does: beside it, with its times; then it goes.
func (r *rotator) pack(program, path string) {
	info, err := os.Stat(path)
	if program == "" || os.IsNotExist(err) {
		return
	}
	r.check(err)
	if _, err := exec.LookPath(program); err != nil {
		program = "gzip"
	}
	packed := path + suffixes[program]
	r.check(r.filter(program, path, packed))
	r.pause()
	r.check(os.Chtimes(packed, info.ModTime(), info.ModTime()))
	r.check(os.Remove(path))
	r.tell("%s made", packed)
}

// filter runs a program from a file to a file.
func (r *rotator) filter(program, from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(program, "-1", "-c")
	cmd.Stdin, cmd.Stdout = in, out
	return cmd.Run()
}

func (r *rotator) check(err error) {
	if err != nil {
		r.t.Errorf("rotation %d: %v", r.rotated, err)
	}
}
