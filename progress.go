package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
	"postfix_exporter/maillog"
	"postfix_exporter/source"
)

// progress shows on a terminal how far the reading of long files is. Between
// lines it only counts; the clock is asked once in a few thousand.
type progress struct {
	*source.Files
	w     io.Writer
	start time.Time
	shown time.Time
	lines int64
}

const (
	progressLines = 4096                   // between two looks at the clock
	progressEvery = 200 * time.Millisecond // between two updates, and before the first
	clearLine     = "\r\x1b[K"             // ECMA-48: to the first column, erase to the right
)

// withProgress adds progress where w is a terminal.
func withProgress(files *source.Files, w io.Writer) collector.Lines {
	if !isTerminal(w) {
		return files
	}
	now := time.Now()
	return &progress{Files: files, w: w, start: now, shown: now}
}

// isTerminal asks for the window's size, which only terminals have.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	_, err := unix.IoctlGetWinsize(int(f.Fd()), unix.TIOCGWINSZ)
	return err == nil
}

// Next counts the lines that pass.
func (p *progress) Next() (line maillog.Line, at checkpoint.Pos, err error) {
	line, at, err = p.Files.Next()
	if err != nil {
		p.clear()
		return line, at, err
	}
	if p.lines++; p.lines%progressLines == 0 {
		p.update(time.Now())
	}
	return line, at, nil
}

func (p *progress) update(now time.Time) {
	if now.Sub(p.shown) < progressEvery {
		return
	}
	p.shown = now
	speed := float64(p.lines) / now.Sub(p.start).Seconds() / 1e6
	read, total := p.Progress()
	if total > 0 {
		fmt.Fprintf(p.w, clearLine+"%3d %%  ", min(100*read/total, 100))
	} else {
		fmt.Fprint(p.w, clearLine)
	}
	fmt.Fprintf(p.w, "%.1f million lines, %.1f million a second", float64(p.lines)/1e6, speed)
}

// clear leaves the terminal to the report.
func (p *progress) clear() {
	if p.shown != p.start {
		fmt.Fprint(p.w, clearLine)
		p.shown = p.start
	}
}
