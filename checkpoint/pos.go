// Package checkpoint keeps how far a log was read together with what had been
// counted up to there: one file, replaced whole.
package checkpoint

// File is one file of a log, known by more than its name: a rotated file keeps
// its File. A File is not changed once a Pos with it was handed out.
type File struct {
	Path   string // as it was opened
	Device uint64
	Inode  uint64
}

// Pos is the place after a line.
type Pos struct {
	File   *File // nil where the source can't be read again (a pipe, standard input)
	Offset int64 // bytes from the file's start (of the unpacked text for .gz) to the byte after the line
	// NotAfter is the latest second (Unix time) at which the line can have been
	// written: the clock when it was read from a live file, the file's time of
	// change where an old one is read. It gives a stamp without a year its year.
	NotAfter int64
}
