package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"postfix_exporter/checkpoint"
	"postfix_exporter/source"
)

// What is sent to the exporter: syslog messages, and lines written to a pipe.

// defaultLog is the log where no flag names one.
const defaultLog = "/var/log/mail.log"

// streamOptions are the flags of it.
type streamOptions struct {
	listen []string
	stdin  io.Reader
}

func addStream(cmd *kingpin.CmdClause, o *streamOptions) {
	const name = "syslog.listen"
	set := func(address string) error {
		o.listen = append(o.listen, address)
		return source.CheckListen(address)
	}
	cmd.Flag(name, "Receive syslog instead of reading a log: udp://:514, tcp://:601, or the path of a Unix socket that others write to; can be repeated.").
		PlaceHolder("ADDRESS").SetValue(&values{value{flag: name, set: set}})
}

// check finds flags of which one would do nothing.
func (o *serveOptions) checkStream() error {
	switch {
	case len(o.stream.listen) == 0:
		return nil
	case o.journal.enable:
		return errors.New("--syslog.listen and --systemd.enable name two logs: choose one")
	case o.logfile != defaultLog && !isPipe(o.logfile):
		return fmt.Errorf("--postfix.logfile_path=%s: beside --syslog.listen it can name a FIFO, or - for standard input", o.logfile)
	}
	return nil
}

// pipes are what is read beside the sockets. ok is false where the log is a file.
func (o *serveOptions) pipes() (paths []string, ok bool) {
	if isPipe(o.logfile) {
		return []string{o.logfile}, true
	}
	return nil, len(o.stream.listen) > 0
}

func isPipe(path string) bool {
	if path == source.Stdin {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().Type() == fs.ModeNamedPipe
}

func (o *serveOptions) openStream(pipes []string, at checkpoint.Place) (source.Source, error) {
	lines, err := source.NewStream(source.StreamOptions{
		Listen: o.stream.listen,
		Pipes:  pipes,
		Stdin:  o.stream.stdin,
		Host:   shortHost(),
		At:     at,
	})
	switch {
	case err == nil:
		return lines, nil
	case len(pipes) == 0:
		return nil, fmt.Errorf("--syslog.listen: %w", err)
	}
	return nil, fmt.Errorf("--syslog.listen, --postfix.logfile_path: %w", err)
}

// shortHost is the host as syslog daemons name it.
func shortHost() string {
	name, _ := os.Hostname()
	name, _, _ = strings.Cut(name, ".")
	return name
}

// stopTime is how long what was received may take to be counted at the end.
const stopTime = 5 * time.Second

// runToEnd runs the counting. What can't be read again is not cut off when ctx ends:
// the receiving stops, and what came is counted.
func runToEnd(ctx context.Context, lines source.Source, run func(context.Context) error) error {
	stream, ok := lines.(*source.Stream)
	if !ok {
		return run(ctx)
	}
	counting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		stream.Stop()
		time.AfterFunc(stopTime, cancel)
	})()
	return run(counting)
}

// lostEvery is how often it is told at most that messages were lost.
const lostEvery = 10 * time.Second

// toldLoss is what was told of messages that were lost.
type toldLoss struct {
	sum int64
	at  time.Time
}

// tellLost logs that more messages were lost than when it was told last.
func (l *toldLines) tellLost(now time.Time) {
	if now.Sub(l.loss.at) < lostEvery {
		return
	}
	s := l.Stats()
	sum := s.Dropped + s.KernelDropped + s.Refused + s.BadFrames
	if sum == l.loss.sum {
		return
	}
	l.loss = toldLoss{sum, now}
	logReceived(level.Warn(l.logger), "Messages were lost", s)
}

// logReceived tells what came and what was lost since the start.
func logReceived(logger log.Logger, msg string, s source.Stats) {
	logger.Log("msg", msg, "received", s.Received, "dropped", s.Dropped, "dropped_by_kernel", s.KernelDropped,
		"connections_refused", s.Refused, "bad_frames", s.BadFrames)
}

// tellReceived is the last word on what was received.
func (l *toldLines) tellReceived() {
	if s := l.Stats(); s.Received > 0 {
		logReceived(level.Info(l.logger), "What was received", s)
	}
}
