package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"postfix_exporter/checkpoint"
	"postfix_exporter/classify"
	"postfix_exporter/collector"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"
)

// runPhase does the work of one phase and tells what it took, as JSON.
func runPhase(o *options, w io.Writer) error {
	var r result
	var err error
	switch o.phase {
	case "write":
		err = writeLog(o)
	case "read":
		r, err = overall(func() (result, error) { return eachLine(o.log, inPlace, ignore) })
	case "strings":
		r, err = overall(func() (result, error) { return eachLine(o.log, asString, ignore) })
	case "parse":
		r, err = parse(o.log)
	case "engine":
		r, err = overall(func() (result, error) { return feed(o.log) })
	default:
		err = fmt.Errorf("there is no phase %q", o.phase)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(r)
}

func writeLog(o *options) error {
	f, err := os.Create(o.log)
	if err != nil {
		return err
	}
	_, err = traffic.New(o.traffic).Write(f, o.lines)
	return errors.Join(err, f.Close())
}

// eachLine is the bare loop: what no reader of a log can do without. next reads a
// line with its newline.
func eachLine(name string, next func(*bufio.Reader) (string, error), use func(string)) (r result, err error) {
	f, err := os.Open(name)
	if err != nil {
		return r, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := next(in)
		if err == io.EOF {
			return r, nil
		}
		if err != nil {
			return r, fmt.Errorf("line %d: %w", r.Lines+1, err)
		}
		r.Lines++
		r.Bytes += int64(len(line))
		use(line[:len(line)-1])
	}
}

// inPlace reads a line that holds until the next.
func inPlace(in *bufio.Reader) (string, error) {
	line, err := in.ReadSlice('\n')
	return unsafe.String(unsafe.SliceData(line), len(line)), err
}

// asString makes a string of each line, as most readers of logs do.
func asString(in *bufio.Reader) (string, error) { return in.ReadString('\n') }

func ignore(string) {}

// feed takes each line through parse, track, classify and count.
func feed(name string) (result, error) {
	rules, err := classify.BuiltIn()
	if err != nil {
		return result{}, err
	}
	engine := collector.New(collector.Options{Rules: rules})
	at := checkpoint.Pos{NotAfter: time.Now().Unix()}
	return eachLine(name, inPlace, func(line string) { engine.Feed(maillog.Line{Text: line}, at) })
}

// overall adds what the whole of a phase allocated.
func overall(phase func() (result, error)) (result, error) {
	before := allocations()
	r, err := phase()
	r.Allocations = allocations() - before
	return r, err
}

// parse reads lines into memory by the thousand, and measures only their parsing.
func parse(name string) (result, error) {
	p := maillog.Parser{NotAfter: time.Now().Unix()}
	var e maillog.Event
	var took result
	b := batch{}
	flush := func() {
		allocated, spent := allocations(), processTime()
		for _, line := range b.lines() {
			p.Parse(line, &e)
		}
		took.Lines += int64(len(b.ends))
		took.CPU += processTime() - spent
		took.Allocations += allocations() - allocated
		b.clear()
	}
	r, err := eachLine(name, inPlace, func(line string) {
		if b.add(line); b.full() {
			flush()
		}
	})
	flush()
	took.Bytes = r.Bytes
	return took, err
}

// batch is some thousand lines in memory that is used again.
type batch struct {
	text []byte
	ends []int
	all  []string
}

func (b *batch) add(line string) {
	b.text = append(b.text, line...)
	b.ends = append(b.ends, len(b.text))
}

func (b *batch) full() bool { return len(b.ends) == 10_000 }

func (b *batch) clear() { b.text, b.ends = b.text[:0], b.ends[:0] }

// lines are good until the next clear.
func (b *batch) lines() []string {
	b.all = b.all[:0]
	start := 0
	for _, end := range b.ends {
		b.all = append(b.all, unsafe.String(unsafe.SliceData(b.text[start:]), end-start))
		start = end
	}
	return b.all
}

func allocations() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Mallocs)
}

// processTime is the CPU time that this process has used.
func processTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_PROCESS_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
