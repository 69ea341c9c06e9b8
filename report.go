package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	dto "github.com/prometheus/client_model/go"

	"postfix_exporter/collector"
	"postfix_exporter/report"
	"postfix_exporter/source"
	"postfix_exporter/web"
)

// writeReport reads the files and writes what they tell to stdout.
func writeReport(o *reportOptions, stdin io.Reader, stdout, stderr io.Writer) error {
	rules, _, err := o.rules.load()
	if err != nil {
		return err
	}
	files, err := source.NewFiles(o.files, source.FilesOptions{Stdin: stdin})
	if err != nil {
		return unreadable(err)
	}
	defer files.Close()
	observer := report.NewObserver()
	options := collector.Options{
		Rules:       rules,
		Location:    time.Local,
		MaxMessages: o.limits.messages,
		MaxSeries:   o.limits.series,
		ByHost:      o.byHost && o.format == "prometheus",
		MaxHosts:    o.limits.hosts,
	}
	if o.format != "prometheus" {
		options.Observe = observer.Observe
	}
	engine := collector.New(options)
	if err := engine.Run(context.Background(), withProgress(files, stderr)); err != nil {
		return err
	}
	gathered, err := gather(engine)
	if err != nil {
		return err
	}
	switch o.format {
	case "json":
		return report.Summarize(gathered, observer, engine.Blocks()).WriteJSON(stdout)
	case "text":
		return report.Summarize(gathered, observer, engine.Blocks()).WriteText(stdout)
	}
	return report.WritePrometheus(stdout, gathered)
}

func gather(engine *collector.Engine) ([]*dto.MetricFamily, error) {
	registry, err := web.NewRegistry(engine)
	if err != nil {
		return nil, err
	}
	return registry.Gather()
}

// unreadable says of a file what is wrong with it, without the system call.
func unreadable(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("cannot read %s: %w", e.Path, e.Err)
	}
	return err
}
