// Files that can't be read any more, for now.

package source

import (
	"errors"
	"io"
	"io/fs"
)

// lose lets go of a file that can't be read any more: a descriptor may stay dead
// after its file system is back. It is looked for again at each tick.
func (f *Follow) lose(err error) bool {
	p := f.Place()
	f.in.Close()
	f.in, f.saved = nil, &p
	f.state.setErr(err)
	return false
}

// fault is why the file itself can't be read, if readErr is not about its text.
func (in *input) fault(readErr error) error {
	if in.packed != nil {
		return in.packed.raw.fault
	}
	if readErr == io.EOF {
		return nil
	}
	return readErr
}

// mayPass is true for an error of the file system: neither is the file gone, nor
// forbidden, nor is it damaged.
func mayPass(err error) bool {
	var fault *fs.PathError
	return errors.As(err, &fault) && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission)
}
