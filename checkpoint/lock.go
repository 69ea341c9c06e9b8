package checkpoint

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// ErrInUse is a state file that another process holds.
var ErrInUse = errors.New("another exporter uses the state file")

// A Lock keeps other processes from a state file for as long as this one lives,
// however it ends.
type Lock struct{ file *os.File }

// Acquire locks the state file at path, by a file beside it: the state itself is
// replaced at each write. The error is ErrInUse, or one of the file system.
func Acquire(path string) (*Lock, error) {
	path = resolve(path) + ".lock"
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return &Lock{file}, nil
	}
	file.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, ErrInUse
	}
	return nil, &os.PathError{Op: "lock", Path: path, Err: err}
}

// Release lets others have the state file. The lock's own file stays: removing it
// would let two processes lock two files of one name.
func (l *Lock) Release() error { return l.file.Close() }
