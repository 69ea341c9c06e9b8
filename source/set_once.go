// How a Set reads a file once, whatever its names are and become.

package source

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"postfix_exporter/checkpoint"
)

// known are the files that a Set reads, by whatever names.
type known struct {
	set    *Set
	inodes map[inode]bool // nil: not looked at yet
	paths  map[string]bool
}

// holds is true if the file at path is read already.
func (k *known) holds(path string, info fs.FileInfo) bool {
	id := identify(path, info)
	n := inode{id.Device, id.Inode}
	if k.set.holds(n) {
		return true
	}
	if k.inodes == nil {
		k.lookUp()
	}
	return k.inodes[n] || k.paths[realPath(path)]
}

// lookUp finds what the members' paths name now, which may not be what they read.
func (k *known) lookUp() {
	k.inodes, k.paths = make(map[inode]bool), make(map[string]bool)
	for _, m := range k.set.members {
		if m.file != nil {
			k.add(m.log)
		}
	}
}

func (k *known) add(path string) {
	if k.inodes == nil {
		return
	}
	k.paths[realPath(path)] = true
	if info, err := os.Stat(path); err == nil {
		id := identify(path, info)
		k.inodes[inode{id.Device, id.Inode}] = true
	}
}

// ring keeps the files that were read and left, and to where: one that comes again
// under another name isn't read again. Of too many, the oldest are forgotten.
type ring struct {
	max    int
	places map[inode]checkpoint.Place
	order  []inode
}

func (r *ring) add(p checkpoint.Place) {
	id := inode{p.Device, p.Inode}
	if p.Offset == 0 || p.Head == 0 {
		return
	}
	if r.places == nil {
		r.places = make(map[inode]checkpoint.Place)
	}
	if _, again := r.places[id]; !again {
		r.order = append(r.order, id)
	}
	r.places[id] = p
	if len(r.order) > r.max {
		delete(r.places, r.order[0])
		r.order = r.order[1:]
	}
}

// hasRead is true if the file was read, by whatever name, or is.
func (s *Set) hasRead(info os.FileInfo) bool {
	id := identify("", info)
	n := inode{id.Device, id.Inode}
	_, read := s.done.places[n]
	return read || s.holds(n)
}

func (s *Set) holds(n inode) bool {
	return slices.ContainsFunc(s.members, func(m *member) bool { return m.file != nil && m.file.holds(n) })
}

// take is the place in the file at path, if that was read.
func (r *ring) take(path string, info os.FileInfo) checkpoint.Place {
	id := identify(path, info)
	p, ok := r.places[inode{id.Device, id.Inode}]
	if !ok || !isIn(&p, path) {
		return checkpoint.Place{}
	}
	p.Log, p.Path = path, filepath.Clean(path)
	return p
}
