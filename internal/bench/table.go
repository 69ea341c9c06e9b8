package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"
)

// table has the medians of each phase; the first is the bare loop.
type table []row

type row struct {
	phase string
	runs  int
	result
}

// meanings tell what each phase is.
var meanings = map[string]string{
	"read":    "a bare bufio loop over the file, ReadSlice",
	"strings": "a bare bufio loop that makes a string of each line, ReadString",
	"parse":   "maillog.Parser over lines in memory",
	"engine":  "read, parse, track, classify and count, in one process",
	"report":  "postfix_exporter report --format=prometheus, from start to exit",
}

// add runs a phase some times.
func (t *table) add(phase string, o *options, run func() (result, error)) error {
	runs := make([]result, 0, o.runs)
	for range o.runs {
		r, err := run()
		if err != nil {
			return fmt.Errorf("%s: %w", phase, err)
		}
		runs = append(runs, r)
	}
	r := runs[0]
	r.CPU = time.Duration(median(runs, func(r result) int64 { return int64(r.CPU) }))
	r.Allocations = median(runs, func(r result) int64 { return r.Allocations })
	r.peak = median(runs, func(r result) int64 { return r.peak })
	if len(*t) > 0 { // the same lines; report does not count them
		r.Lines, r.Bytes = (*t)[0].Lines, (*t)[0].Bytes
	}
	*t = append(*t, row{phase, o.runs, r})
	return nil
}

func median(runs []result, of func(result) int64) int64 {
	values := make([]int64, 0, len(runs))
	for _, r := range runs {
		values = append(values, of(r))
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func (t table) print(w io.Writer) error {
	bare := t[0]
	fmt.Fprintf(w, "log: %s lines, %.1f MB, %d bytes a line; medians of %d runs\n\n",
		thousands(bare.Lines), float64(bare.Bytes)/1e6, bare.Bytes/max(1, bare.Lines), bare.runs)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "phase\tlines/CPU s\tMB/CPU s\tof read\tallocations/line\tpeak MiB\t")
	for _, r := range t {
		allocations := "not told"
		if r.Allocations >= 0 {
			allocations = fmt.Sprintf("%.4f", float64(r.Allocations)/float64(r.Lines))
		}
		fmt.Fprintf(tw, "%s\t%s\t%.0f\t%.2f\t%s\t%.1f\t\n", r.phase, thousands(int64(r.linesPerSecond())),
			float64(r.Bytes)/1e6/r.CPU.Seconds(), r.linesPerSecond()/bare.linesPerSecond(), allocations, float64(r.peak)/(1<<20))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, r := range t {
		fmt.Fprintf(w, "%-7s  %s\n", r.phase, meanings[r.phase])
	}
	return nil
}

func (r *row) linesPerSecond() float64 { return float64(r.Lines) / max(r.CPU.Seconds(), 1e-9) }

// thousands writes 1234567 as 1,234,567.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
