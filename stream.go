package main

import (
	"context"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

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
	cmd.Flag(name, "Receive syslog: udp://:514, tcp://:601, or the path of a Unix socket that others write to; can be repeated. With --postfix.logfile_path or --systemd.enable, both.").
		PlaceHolder("ADDRESS").SetValue(&values{value{flag: name, set: set}})
}

// isPipe is true of what is no file and can be followed all the same.
func isPipe(path string) bool {
	if path == source.Stdin {
		return true
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().Type() == fs.ModeNamedPipe
}

// pipes are those of the logs that are none of files.
func (o *serveOptions) pipes() (pipes []string) {
	for _, path := range o.logs() {
		if isPipe(path) {
			pipes = append(pipes, path)
		}
	}
	return pipes
}

// streams is what is sent to us, if anything is.
func (o *serveOptions) streams() (all []source.Other) {
	pipes := o.pipes()
	if len(o.stream.listen)+len(pipes) == 0 {
		return nil
	}
	flag := "syslog.listen"
	if len(o.stream.listen) == 0 {
		flag = "postfix.logfile_path"
	}
	return append(all, ofFlag(flag, source.StreamOf(source.StreamOptions{
		Listen: o.stream.listen,
		Pipes:  pipes,
		Stdin:  o.stream.stdin,
		Host:   shortHost(),
	})))
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
// the receiving stops, and what came is counted. That all has ended by itself is an
// error if it broke off.
func runToEnd(ctx context.Context, lines *source.Set, run func(context.Context) error) error {
	if !lines.Receives() {
		return run(ctx)
	}
	counting, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		lines.Stop()
		time.AfterFunc(stopTime, cancel)
	})()
	err := run(counting)
	if err == nil && ctx.Err() == nil {
		err = lines.Err()
	}
	return err
}

// lostEvery is how often it is told at most that messages were lost.
const lostEvery = 10 * time.Second

// toldLoss is what was told of messages that were lost.
type toldLoss struct {
	sum int64
	at  time.Time
}

// tell logs that more messages were lost than when it was told last.
func (l *toldLoss) tell(s source.Stats, now time.Time, logger log.Logger) {
	if now.Sub(l.at) < lostEvery {
		return
	}
	sum := s.Dropped + s.KernelDropped + s.Refused + s.BadFrames
	if sum == l.sum {
		return
	}
	*l = toldLoss{sum, now}
	logReceived(level.Warn(logger), "Messages were lost", s)
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
