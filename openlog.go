package main

import (
	"errors"
	"fmt"
	"slices"
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

// openLog begins to read the logs that the flags name, at their places.
func (o *serveOptions) openLog(at []checkpoint.Place) (*source.Set, error) {
	lines, err := source.NewSet(source.SetOptions{Paths: o.files(), Others: o.others(), From: o.start(), Poll: o.poll, At: at})
	if err != nil && !errors.As(err, new(*flagError)) {
		err = &flagError{"postfix.logfile_path", err}
	}
	if err != nil {
		return nil, err
	}
	return lines, nil
}

// logs are what --postfix.logfile_path names: beside another source, only if it was
// given.
func (o *serveOptions) logs() []string {
	if !o.logfilesGiven && (o.journal.enable || len(o.stream.listen) > 0) {
		return nil
	}
	return o.logfiles
}

// files are those of them that are files, or patterns.
func (o *serveOptions) files() []string {
	return slices.DeleteFunc(slices.Clone(o.logs()), isPipe)
}

// others is what is read that isn't a file.
func (o *serveOptions) others() []source.Other {
	all := o.streams()
	if o.journal.enable {
		all = append(all, ofFlag("systemd.enable", source.JournalOf(source.JournalOptions{
			Directory:   o.journal.directory,
			Units:       o.journal.units,
			Slices:      o.journal.slices,
			Identifiers: o.journal.identifiers,
		})))
	}
	return all
}

// flagError is what is wrong with what a flag asks for.
type flagError struct {
	flag string
	err  error
}

func (e *flagError) Error() string { return fmt.Sprintf("--%s: %v", e.flag, e.err) }
func (e *flagError) Unwrap() error { return e.err }

// ofFlag has the errors of a source name its flag.
func ofFlag(flag string, s source.Other) source.Other {
	open := s.Open
	s.Open = func(at checkpoint.Place, from source.From, wake chan struct{}) (source.Source, error) {
		opened, err := open(at, from, wake)
		if err != nil {
			return nil, &flagError{flag, err}
		}
		return opened, nil
	}
	return s
}

// logName is what the logs are called in the exporter's own.
func (o *serveOptions) logName() string {
	names := slices.Clone(o.logs())
	for _, address := range o.stream.listen {
		names = append(names, "syslog on "+address)
	}
	switch {
	case !o.journal.enable:
	case o.journal.directory != "":
		names = append(names, "journal in "+o.journal.directory)
	default:
		names = append(names, "journal")
	}
	return strings.Join(names, ", ")
}

func (o *serveOptions) start() source.From {
	if o.from == "end" {
		return source.End
	}
	return source.Start
}
