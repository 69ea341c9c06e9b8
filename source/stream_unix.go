// The Unix socket that others find by its path.

package source

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
)

// maxSocketPath is the length of the longest path of a socket (unix(7), sun_path
// with its NUL).
const maxSocketPath = 107

func (s *Stream) listenUnix(a listenAddress) (streamReader, error) {
	if len(a.address) > maxSocketPath {
		return nil, fmt.Errorf("the path of a socket has %d bytes at most", maxSocketPath)
	}
	if err := makeWay(a.address); err != nil {
		return nil, err
	}
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: a.address, Net: "unixgram"})
	if err != nil {
		return nil, reasonOf(err)
	}
	file, err := keepSocket(a.address, s.o.SocketMode)
	if err != nil {
		return nil, errors.Join(err, socket.Close())
	}
	return s.newDatagrams(a, socket, file)
}

// makeWay removes the socket of a predecessor that ended without doing so.
func makeWay(path string) error {
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return fmt.Errorf("its directory must be there: %w", err)
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.Mode().Type() != fs.ModeSocket:
		return errors.New("a file that is no socket has the path: move it away, or choose another")
	}
	peer, err := net.Dial("unixgram", path)
	if err == nil {
		_ = peer.Close()
	}
	if !errors.Is(err, syscall.ECONNREFUSED) {
		return errors.New("another process listens there, or may: end it, or choose another path")
	}
	return os.Remove(path)
}

// socketFile is a socket's name in the file system.
type socketFile struct {
	path string
	info fs.FileInfo
	once sync.Once
}

// keepSocket notes which file is ours, and who may write to it.
func keepSocket(path string, mode fs.FileMode) (*socketFile, error) {
	if err := os.Chmod(path, mode); err != nil {
		return nil, err
	}
	info, err := os.Lstat(path)
	return &socketFile{path: path, info: info}, err
}

// remove removes it, if it is still ours.
func (f *socketFile) remove() {
	f.once.Do(func() {
		if info, err := os.Lstat(f.path); err == nil && os.SameFile(info, f.info) {
			_ = os.Remove(f.path)
		}
	})
}
