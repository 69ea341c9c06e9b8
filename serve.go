package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"

	"postfix_exporter/collector"
	"postfix_exporter/source"
	"postfix_exporter/web"
)

// serve follows the log and answers requests until a signal.
func serve(o *serveOptions, stderr io.Writer) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	reloads := make(chan os.Signal, 1)
	signal.Notify(reloads, syscall.SIGHUP)
	defer signal.Stop(reloads)
	// A log collector that goes away doesn't end the service.
	signal.Ignore(syscall.SIGPIPE)
	defer signal.Reset(syscall.SIGPIPE)

	if err := toolkit.Validate(*o.web.WebConfigFile); err != nil {
		return fmt.Errorf("--web.config.file=%s: %w", *o.web.WebConfigFile, err)
	}
	rules, files, err := o.rules.load()
	if err != nil {
		return err
	}
	logger, slogger := newLoggers(stderr, o.logLevel, o.logFormat)
	level.Info(logger).Log("msg", "Starting "+program, "version", version.Info(), "log", o.logfile,
		"rules", countRules(rules), "rules_files", files)

	lines, err := source.NewFollow(o.logfile, source.FollowOptions{From: o.start(), Poll: o.poll})
	if err != nil {
		return fmt.Errorf("--postfix.logfile_path: %w", err)
	}
	defer lines.Close()
	engine := collector.New(collector.Options{
		Rules:         rules,
		Location:      time.Local,
		MaxMessages:   o.limits.messages,
		MaxSeries:     o.limits.series,
		ShowAddresses: o.showAddresses,
		Source:        func() collector.SourceStats { return sourceStats(lines.Stats()) },
	})
	told := &toldLines{Follow: lines, logger: logger}
	ready := func() bool { return engine.CaughtUp() && told.settled.Load() }
	again := &reloader{files: o.rules, engine: engine, logger: logger}
	handler, err := newHandler(o, engine, ready, again.reload, slogger)
	if err != nil {
		return err
	}
	return runAll(context.Background(),
		func(ctx context.Context) error { return engine.Run(ctx, told) },
		func(ctx context.Context) error { return again.onSignal(ctx, reloads) },
		func(ctx context.Context) error { return web.Serve(ctx, handler, o.web, slogger) },
		func(ctx context.Context) error {
			select {
			case s := <-signals:
				level.Info(logger).Log("msg", "Stopping", "signal", s)
			case <-ctx.Done():
			}
			return nil
		})
}

func (o *serveOptions) start() source.From {
	if o.from == "end" {
		return source.End
	}
	return source.Start
}

func newHandler(o *serveOptions, engine *collector.Engine, ready func() bool, reload func() (int, int, error), logger *slog.Logger) (http.Handler, error) {
	registry, err := web.NewRegistry(append(web.ProcessCollectors(), engine)...)
	if err != nil {
		return nil, err
	}
	return web.NewHandler(web.Options{
		TelemetryPath: o.telemetryPath,
		Gatherer:      registry,
		Ready:         ready,
		Unclassified:  engine.Unclassified,
		Blocks:        engine.Blocks,
		Reload:        reload,
		Logger:        logger,
		Version:       version.Version,
	})
}
