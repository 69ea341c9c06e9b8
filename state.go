package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"

	"postfix_exporter/checkpoint"
)

// stateName is the name of the state file in a directory that is the exporter's own.
const stateName = "state"

// stateFile is where the state is kept: what the flag says, else in systemd's
// state directory (systemd.exec(5), StateDirectory=), else in that of the user
// (XDG Base Directory Specification). own says that the directory may be made.
// path is "" if there is to be none, or no place for one.
func (o *serveOptions) stateFile(getenv func(string) string) (path string, own bool) {
	if o.stateGiven {
		return o.state, false
	}
	if dir, _, _ := strings.Cut(getenv("STATE_DIRECTORY"), ":"); filepath.IsAbs(dir) {
		return filepath.Join(dir, stateName), false
	}
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, program, stateName), true
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", program, stateName), true
	}
	return "", false
}

// saved is what the last run left.
type saved struct {
	path    string              // "": nothing is kept
	own     bool                // nobody named it
	lock    *checkpoint.Lock    // nil: it can't be had now
	places  []checkpoint.Place  // one a log
	from    string              // the version that wrote it
	decoder *checkpoint.Decoder // of the engine's part; nil: there is no state yet
}

// openState locks and reads the state file. A state that can't be used is an
// error: counters would begin at 0 though they had been shown.
func openState(o *serveOptions, logger log.Logger) (*saved, error) {
	path, own := o.stateFile(os.Getenv)
	s := &saved{path: path, own: own}
	if path == "" {
		if !o.stateGiven {
			level.Warn(logger).Log("msg", "There is no place for a state file: each start counts the log anew. Set --state.file")
		}
		return s, nil
	}
	if own {
		_ = os.MkdirAll(filepath.Dir(path), 0o700) // what is wrong shows when the state is saved
	}
	var err error
	if s.lock, err = checkpoint.Acquire(path); errors.Is(err, checkpoint.ErrInUse) {
		return nil, fmt.Errorf("--state.file=%s: %w: give each its own", path, err)
	}
	if err := s.read(); err != nil {
		return nil, errors.Join(err, s.release())
	}
	if s.decoder == nil {
		level.Info(logger).Log("msg", "There is no saved state yet", "file", path)
	}
	return s, nil
}

// read takes all but the engine's part.
func (s *saved) read() error {
	state, err := checkpoint.Read(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist), s.own && isHidden(s.path):
		return nil
	case errors.Is(err, checkpoint.ErrDamaged), errors.As(err, new(*checkpoint.VersionError)):
		return s.unusable(err)
	case err != nil:
		return fmt.Errorf("--state.file: %w", err)
	}
	s.decoder = checkpoint.NewDecoder(state)
	return s.readPlaces()
}

func (s *saved) readPlaces() error {
	s.from = s.decoder.String()
	s.places = checkpoint.DecodePlaces(s.decoder)
	if err := s.decoder.Err(); err != nil {
		return s.unusable(err)
	}
	return nil
}

// isHidden is true of a file in a home that is not ours, as in containers whose
// user is nobody.
func isHidden(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrPermission)
}

// unusable says what can be done about a state that can't be read.
func (s *saved) unusable(err error) error {
	by := ""
	if s.from != "" && s.from != version.Version {
		by = fmt.Sprintf(" (written by version %s)", s.from)
	}
	return fmt.Errorf("--state.file=%s%s: %w. Restore it from a backup or start the version that wrote it; "+
		"to begin anew, move it away: counters then begin at 0 with what --log.from says", s.path, by, err)
}

func (s *saved) release() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Release()
}

// restore puts back what was counted.
func (s *saved) restore(put func(*checkpoint.Decoder) error) error {
	if s.decoder == nil {
		return nil
	}
	if err := put(s.decoder); err != nil {
		return s.unusable(err)
	}
	if s.decoder.End(); s.decoder.Err() != nil {
		return s.unusable(s.decoder.Err())
	}
	return nil
}

// encodeState puts what openState and restore take.
func encodeState(to *checkpoint.Encoder, places []checkpoint.Place, counts func(*checkpoint.Encoder)) {
	to.String(version.Version)
	checkpoint.EncodePlaces(to, places)
	counts(to)
}
