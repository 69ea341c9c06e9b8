package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"

	"postfix_exporter/checkpoint"
	"postfix_exporter/collector"
	"postfix_exporter/web"
)

// serve follows the log and answers requests until a signal.
func serve(o *serveOptions, stderr io.Writer) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	defer signal.Stop(signals)
	reloads := make(chan os.Signal, 1)
	signal.Notify(reloads, syscall.SIGHUP)
	defer signal.Ignore(syscall.SIGHUP) // one that comes late would end us by itself
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
	level.Info(logger).Log("msg", "Starting "+program, "version", version.Info(), "log", o.logName(),
		"rules", countRules(rules), "rules_files", files)

	state, err := openState(o, logger)
	if err != nil {
		return err
	}
	defer func() { _ = state.release() }() // the end of the process does it as well
	lines, err := o.openLog(state.places)
	if err != nil {
		return err
	}
	defer lines.Close()
	queue, err := newQueueWatch(o, logger)
	if err != nil {
		return fmt.Errorf("--postfix.showq_path: %w", err)
	}
	kept := newSaver(state, logger)
	engine := collector.New(collector.Options{
		Rules:         rules,
		Location:      time.Local,
		MaxMessages:   o.limits.messages,
		MaxSeries:     o.limits.series,
		ByHost:        o.byHost,
		MaxHosts:      o.limits.hosts,
		ShowAddresses: o.showAddresses,
		Queue:         queue.queue,
		Source:        func() collector.SourceStats { return sourceStats(lines.Stats()) },
		CaughtUp:      lines.CaughtUp,
		Checkpoint:    kept.stats(),
	})
	if err := state.restore(engine.Restore); err != nil {
		return err
	}
	kept.encode = func(to *checkpoint.Encoder) { encodeState(to, lines.Places(), engine.Save) }
	queue.rules = engine.Rules
	again := &reloader{files: o.rules, engine: engine, logger: logger, done: kept.askFor}
	progress := newCatchUp(lines, engine, logger)
	kept.demands.wake = lines.Wake
	handler, err := newHandler(o, engine, kept.shows(lines), progress.ready, again.reload, slogger)
	if err != nil {
		return err
	}
	return runAll(context.Background(),
		func(ctx context.Context) error {
			told := newToldLines(lines, logger)
			defer told.tellReceived()
			err := runToEnd(ctx, lines, func(ctx context.Context) error {
				return engine.Run(ctx, &keptLines{Lines: told, saver: kept, places: lines.Places, slow: progress.look})
			})
			return errors.Join(err, kept.finish())
		},
		func(ctx context.Context) error { return again.onSignal(ctx, reloads) },
		queue.run,
		func(ctx context.Context) error { return web.Serve(ctx, handler, o.web, slogger) },
		func(ctx context.Context) error { return untilSignal(ctx, signals, logger) })
}

func untilSignal(ctx context.Context, signals <-chan os.Signal, logger log.Logger) error {
	select {
	case s := <-signals:
		level.Info(logger).Log("msg", "Stopping", "signal", s)
	case <-ctx.Done():
	}
	return nil
}

func newHandler(o *serveOptions, engine *collector.Engine, shows func(prometheus.Gatherer) prometheus.Gatherer, ready func() error, reload func() (int, int, error), logger *slog.Logger) (http.Handler, error) {
	registry, err := web.NewRegistry(append(web.ProcessCollectors(), engine)...)
	if err != nil {
		return nil, err
	}
	return web.NewHandler(web.Options{
		TelemetryPath: o.telemetryPath,
		Gatherer:      shows(registry),
		Ready:         ready,
		Unclassified:  engine.Unclassified,
		Blocks:        engine.Blocks,
		Reload:        reload,
		Logger:        logger,
		Version:       version.Version,
	})
}
