package checkpoint

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// Version is that of the state's layout: the number goes up when an older
// program could not read it.
const Version = 1

// magic begins each state file; the version and a newline follow.
const magic = "postfix_exporter state "

// maxFile bounds what Read takes. At the default limits a state is below 70 MB.
const maxFile = 1 << 30

// ErrDamaged is a state file that is not as it was written.
var ErrDamaged = errors.New("the state file is damaged")

// A VersionError is a state file of another version of this program.
type VersionError struct{ Version int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("the state file has layout %d, this program reads layout %d: it was written by a newer version", e.Version, Version)
}

// Write replaces the state file at path: whoever reads it, whenever the machine
// stops, finds the old state or the new one. Its mode is 0600. On an error the old
// state is still there.
func Write(path string, state []byte) error {
	path = resolve(path)
	temporary := path + ".tmp"
	if err := writeSynced(temporary, state); err != nil {
		os.Remove(temporary) // on a full disk others need its room
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		os.Remove(temporary)
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

// resolve follows symbolic links, so that the file they lead to is replaced and
// locked, whatever the way to it.
func resolve(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return path
}

func writeSynced(path string, state []byte) (err error) {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := file.Chmod(0o600); err != nil { // one that was left behind may have another mode
		return err
	}
	sum := sha256.Sum256(state)
	for _, part := range [][]byte{fmt.Appendf(nil, "%s%d\n", magic, Version), state, sum[:]} {
		if _, err := file.Write(part); err != nil {
			return err
		}
	}
	return file.Sync()
}

// syncDirectory makes a rename last. Some file systems can't, and need not.
func syncDirectory(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}

// Read is the state in the file at path. Its error is fs.ErrNotExist where there
// is none, ErrDamaged, a *VersionError, or one of the file system.
func Read(path string) (state []byte, err error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe's writer may never come
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a file", path)
	}
	if info.Size() > maxFile {
		return nil, fmt.Errorf("%w: %d bytes are too many", ErrDamaged, info.Size())
	}
	all, err := io.ReadAll(io.LimitReader(file, maxFile))
	if err != nil {
		return nil, err
	}
	return parse(all)
}

// parse takes a state out of its file's bytes.
func parse(all []byte) (state []byte, err error) {
	first, rest, ok := bytes.Cut(all, []byte("\n"))
	number, isState := bytes.CutPrefix(first, []byte(magic))
	if !ok || !isState {
		return nil, fmt.Errorf("%w: it does not begin as one", ErrDamaged)
	}
	version, err := strconv.Atoi(string(number))
	switch {
	case err != nil || version < 1:
		return nil, fmt.Errorf("%w: its version can't be read", ErrDamaged)
	case version > Version: // older ones are read
		return nil, &VersionError{version}
	case len(rest) < sha256.Size:
		return nil, fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	state, sum := rest[:len(rest)-sha256.Size], rest[len(rest)-sha256.Size:]
	if got := sha256.Sum256(state); !bytes.Equal(got[:], sum) {
		return nil, fmt.Errorf("%w: its checksum is wrong", ErrDamaged)
	}
	return state, nil
}
