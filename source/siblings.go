// The files of a log: where it really is, and what lies beside it.

package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// realPath is a path without symbolic links, also where the file that they lead to
// isn't there now.
func realPath(path string) string {
	real := path
	for range 40 { // as many as Linux follows
		if found, err := filepath.EvalSymlinks(real); err == nil {
			return found
		} else if !errors.Is(err, fs.ErrNotExist) {
			return path
		}
		target, err := os.Readlink(real)
		if err != nil {
			return real
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(real), target)
		}
		real = target
	}
	return path
}

// siblings lists the files of the log at path, oldest first.
func siblings(path string) (paths []string, err error) {
	dir, base := filepath.Dir(path), parseName(path).base
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if p := filepath.Join(dir, e.Name()); parseName(p).base == base {
			paths = append(paths, p)
		}
	}
	oldestFirst(paths)
	return paths, nil
}

// rotated lists the files of the log at path, oldest first. Of a file and its
// packed twin, which is being made or was left over, only the file is.
func (f *Follow) rotated(path string) []string {
	if f.o.alone {
		return nil
	}
	paths, err := siblings(path)
	if err != nil {
		return nil // the live file is next then
	}
	return slices.DeleteFunc(paths, func(p string) bool {
		plain, packed := cutPacked(p)
		return packed && slices.Contains(paths, plain) && twins(p, plain)
	})
}

// twins is true if the packed file holds nothing, or what the other begins with.
func twins(packed, plain string) bool {
	b, err := openRotated(plain)
	if err != nil {
		return false
	}
	defer b.Close()
	a, err := openRotated(packed)
	if err != nil {
		return !mayPass(err) // it is being written
	}
	defer a.Close()
	return bytes.HasPrefix(b.head, a.head)
}
