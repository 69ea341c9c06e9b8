// Command mklog writes a made-up log of a busy Postfix host to standard output.
//
//	mklog -lines 1000000 -format rfc3339 > mail.log
//	mklog -live -rate 2 >> mail.log
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"postfix_exporter/internal/mklog/traffic"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	var o traffic.Options
	flags := flag.NewFlagSet("mklog", flag.ContinueOnError)
	flags.SetOutput(stderr)
	lines := flags.Int("lines", 1000, "how many lines; 0 is no end")
	live := flags.Bool("live", false, "write each line at its time, beginning now and without end")
	flags.Uint64Var(&o.Seed, "seed", 1, "the same seed makes the same log")
	flags.Var(&o.Format, "format", "rfc3164, rfc3339 or rfc5424")
	flags.BoolVar(&o.LongIDs, "long-ids", false, "long queue ids")
	flags.StringVar(&o.Host, "host", "mx1", "the host's name")
	flags.Float64Var(&o.Rate, "rate", 20, "lines a second of the log's time, about")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "mklog: unexpected argument %q: the log goes to standard output\n", flags.Arg(0))
		return 2
	}
	var err error
	if *live {
		o.Start = time.Now()
		err = writeLive(stdout, traffic.New(o))
	} else {
		err = write(stdout, traffic.New(o), *lines)
	}
	if err != nil {
		fmt.Fprintf(stderr, "mklog: %v\n", err)
		return 1
	}
	return 0
}

func write(w io.Writer, g *traffic.Generator, lines int) error {
	if lines > 0 {
		_, err := g.Write(w, lines)
		return err
	}
	b := bufio.NewWriterSize(w, 64<<10)
	var line []byte
	for {
		line, _ = g.AppendLine(line[:0])
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
}

// writeLive writes each line when its time comes.
func writeLive(w io.Writer, g *traffic.Generator) error {
	var line []byte
	for {
		var at time.Time
		line, at = g.AppendLine(line[:0])
		time.Sleep(time.Until(at))
		if _, err := w.Write(line); err != nil {
			return err
		}
	}
}
