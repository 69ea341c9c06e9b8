package main

import (
	"errors"
	"fmt"
	"strings"

	"postfix_exporter/checkpoint"
	"postfix_exporter/source"
)

// journalOptions are the flags of the journal.
type journalOptions struct {
	enable      bool
	directory   string
	units       []string
	slices      []string
	identifiers []string
}

// check finds flags that would do nothing.
func (o *journalOptions) check() error {
	if !o.enable && (o.directory != "" || len(o.units)+len(o.slices)+len(o.identifiers) > 0) {
		return errors.New("the flags --systemd.* choose of the journal, which is read with --systemd.enable only")
	}
	return nil
}

// openLog begins to read the log that the flags name, at a place.
func (o *serveOptions) openLog(at checkpoint.Place) (source.Source, error) {
	if pipes, ok := o.pipes(); ok && !o.journal.enable {
		return o.openStream(pipes, at)
	}
	if !o.journal.enable {
		lines, err := source.NewFollow(o.logfile, source.FollowOptions{From: o.start(), Poll: o.poll, At: at})
		if err != nil {
			return nil, fmt.Errorf("--postfix.logfile_path: %w", err)
		}
		return lines, nil
	}
	lines, err := source.NewJournal(source.JournalOptions{
		Directory:   o.journal.directory,
		Units:       o.journal.units,
		Slices:      o.journal.slices,
		Identifiers: o.journal.identifiers,
		From:        o.start(),
		At:          at,
	})
	if err != nil {
		return nil, fmt.Errorf("--systemd.enable: %w", err)
	}
	return lines, nil
}

// logName is what the log is called in the exporter's own.
func (o *serveOptions) logName() string {
	switch {
	case !o.journal.enable && len(o.stream.listen) > 0:
		return "syslog on " + strings.Join(o.stream.listen, ", ")
	case !o.journal.enable:
		return o.logfile
	case o.journal.directory != "":
		return "journal in " + o.journal.directory
	}
	return "journal"
}

func (o *serveOptions) start() source.From {
	if o.from == "end" {
		return source.End
	}
	return source.Start
}
