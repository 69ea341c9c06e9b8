// Finding a file again: under whatever name, packed or copied since.

package source

import (
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"postfix_exporter/checkpoint"
)

// surely is how many first bytes must be alike for two files to hold the same
// log: a stamp, a host, a process and more, of lines that are never alike.
const surely = 64

// looks is how often the directory is looked at anew if it changes meanwhile.
const looks = 3

var (
	errAnother = errors.New("it is another file")
	errShort   = errors.New("it is shorter than what was read")
	errMoving  = errors.New("its files are being renamed")
)

// find opens the file that p is in, or is nil if it is gone. An error means that
// nobody can tell now. The place itself is not gone to.
func (f *Follow) find(p *checkpoint.Place) (*input, error) {
	for range looks {
		before, hidden := f.family(p)
		in, err := f.search(p, before)
		if in != nil {
			return in, nil
		}
		if err = errors.Join(hidden, err); err != nil {
			return nil, err
		}
		if after, err := f.family(p); err == nil && slices.Equal(before, after) {
			return nil, nil
		}
	}
	return nil, errMoving
}

// family lists the files that p may be in, oldest first: the live one and those
// rotated, and if a symbolic link named the log, those beside its old target. In a
// directory that can't be listed it is the live one.
func (f *Follow) family(p *checkpoint.Place) (files []checkpoint.File, err error) {
	live := realPath(f.path)
	paths, err := siblings(live)
	if err != nil {
		paths = []string{live}
	}
	if old := parseName(p.Path).base; f.sameLog(p) && old != parseName(live).base {
		others, _ := siblings(old) // which may well be gone
		paths = append(others, paths...)
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil {
			files = append(files, *identify(path, info))
		}
	}
	return files, err
}

// search opens the one of files that p is in: the same device and inode; the same
// inode, for devices are numbered anew when a system starts; the same first bytes.
func (f *Follow) search(p *checkpoint.Place, files []checkpoint.File) (*input, error) {
	for _, like := range []func(c checkpoint.File) bool{
		func(c checkpoint.File) bool { return c.Inode == p.Inode && c.Device == p.Device },
		func(c checkpoint.File) bool { return c.Inode == p.Inode && c.Device != p.Device },
		func(c checkpoint.File) bool { return c.Inode != p.Inode && p.Head >= surely },
	} {
		if in, err := f.newest(files, like, p); in != nil || err != nil {
			return in, err
		}
	}
	return nil, nil
}

// newest opens the newest of files that is like p's and that p is in.
func (f *Follow) newest(files []checkpoint.File, like func(checkpoint.File) bool, p *checkpoint.Place) (*input, error) {
	for _, c := range slices.Backward(files) {
		if !like(c) || slices.Contains(f.tooShort, inode{c.Device, c.Inode}) {
			continue
		}
		in, err := openAt(c.Path, p)
		if err == nil {
			return in, nil
		}
		if mayPass(err) {
			return nil, err
		}
	}
	return nil, nil
}

// inode is a file by whatever name.
type inode struct{ device, number uint64 }

// openAt opens the file at path if p is in it. A file that isn't packed stands
// there then; one that is stands at its start.
func openAt(path string, p *checkpoint.Place) (*input, error) {
	in, err := openRotated(path)
	if err != nil {
		return nil, err
	}
	if err := in.goTo(p); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// goTo is errAnother if in doesn't begin as the file of p did, and errShort if it
// doesn't reach to p.
func (in *input) goTo(p *checkpoint.Place) error {
	if len(in.head) < p.Head || sha256.Sum256(in.head[:p.Head]) != p.Sum {
		return errAnother
	}
	if in.packed != nil {
		return nil
	}
	info, err := in.file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < p.Offset {
		return errShort
	}
	_, err = in.file.Seek(p.Offset, 0)
	return err
}

// sameLog is true if p is of the log that is followed.
func (f *Follow) sameLog(p *checkpoint.Place) bool {
	return filepath.Clean(p.Log) == filepath.Clean(f.path)
}
