// Command bench measures what a line of log costs: reading it, parsing it,
// counting it, and the exporter's report as a process.
//
// Each phase runs in a process of its own, whose CPU time and peak memory the
// kernel tells; elapsed time plays no part.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"postfix_exporter/internal/mklog/traffic"
)

type options struct {
	exporter string
	lines    int
	runs     int
	log      string
	traffic  traffic.Options
	phase    string
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	o := options{traffic: traffic.Options{Seed: 1, Format: traffic.RFC3339}}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.exporter, "exporter", "", "the exporter's binary; none: its report is left out")
	flags.IntVar(&o.lines, "lines", 1_000_000, "how long a log to make up")
	flags.IntVar(&o.runs, "runs", 5, "how often to run each phase; medians are shown")
	flags.StringVar(&o.log, "log", "", "a log to read instead of a made-up one")
	flags.Var(&o.traffic.Format, "format", "of the made-up log: rfc3164, rfc3339 or rfc5424")
	flags.BoolVar(&o.traffic.LongIDs, "long-ids", false, "long queue ids in the made-up log")
	flags.StringVar(&o.phase, "phase", "", "run one phase in this process (for its own use)")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || o.lines < 1 || o.runs < 1 {
		fmt.Fprintln(stderr, "bench: takes flags only, and at least one line and one run")
		return 2
	}
	var err error
	if o.phase != "" {
		err = runPhase(&o, stdout)
	} else {
		err = bench(&o, stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "bench: %v\n", err)
		return 1
	}
	return 0
}

// bench runs all phases and prints the table.
func bench(o *options, w io.Writer) error {
	if o.log == "" {
		dir, err := os.MkdirTemp("", "bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		o.log = filepath.Join(dir, "mail.log")
		if _, err := runSelf("write", o); err != nil {
			return fmt.Errorf("make a log up: %w", err)
		}
	}
	t := table{}
	for _, phase := range []string{"read", "strings", "parse", "engine"} {
		if err := t.add(phase, o, func() (result, error) { return runSelf(phase, o) }); err != nil {
			return err
		}
	}
	if o.exporter != "" {
		if err := t.add("report", o, func() (result, error) { return runReport(o) }); err != nil {
			return err
		}
	}
	return t.print(w)
}
