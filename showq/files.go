package showq

// The files in the queue's directory: a cheap check beside the list, for those
// who may read it.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// FileQueues are the queues whose files are counted.
var FileQueues = [...]string{"maildrop", "incoming", "active", "deferred", "hold", "corrupt"}

const (
	maxHashDepth = 16         // of directories in a queue (postconf hash_queue_depth)
	maxFiles     = 10_000_000 // looked at in one queue
	namesAtOnce  = 1024
)

// CountFiles counts the regular files of each of FileQueues in a queue directory
// (postconf queue_directory), in constant memory, until ctx ends. A queue that
// can't be read to its end has no entry, and the error says why.
func CountFiles(ctx context.Context, dir string) (map[string]int64, error) {
	files := make(map[string]int64)
	var faults []error
	for _, queue := range FileQueues {
		w := fileWalk{ctx: ctx}
		if err := w.directory(filepath.Join(dir, queue), 0); err != nil {
			faults = append(faults, err)
			continue
		}
		files[queue] = w.files
	}
	return files, errors.Join(faults...)
}

// fileWalk goes through one queue.
type fileWalk struct {
	ctx         context.Context
	seen, files int64
}

func (w *fileWalk) directory(path string, depth int) error {
	d, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("count files: %w", err)
	}
	defer d.Close()
	for {
		entries, err := d.ReadDir(namesAtOnce)
		if err := w.entries(path, entries, depth); err != nil {
			return err
		}
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("count files: %w", err)
		}
	}
}

func (w *fileWalk) entries(path string, entries []fs.DirEntry, depth int) error {
	if w.seen += int64(len(entries)); w.seen > maxFiles {
		return fmt.Errorf("count files: %s: there are more than %d", path, maxFiles)
	}
	for _, e := range entries {
		if w.ctx.Err() != nil {
			return fmt.Errorf("count files: %s: %w", path, context.Cause(w.ctx))
		}
		switch {
		case e.Type().IsRegular():
			w.files++
		case e.IsDir() && depth < maxHashDepth:
			if err := w.directory(filepath.Join(path, e.Name()), depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
