package main

import (
	"io"
	"log/slog"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	sloggokit "github.com/tjhop/slog-gokit"
)

// newLoggers makes the logger of our own lines, and the same one as libraries
// want it. The bridge writes the time itself.
func newLoggers(w io.Writer, least, format string) (log.Logger, *slog.Logger) {
	w = log.NewSyncWriter(w)
	base := log.NewLogfmtLogger(w)
	if format == "json" {
		base = log.NewJSONLogger(w)
	}
	base = level.NewFilter(base, level.Allow(level.ParseDefault(least, level.InfoValue())))
	own := log.With(base, "time", log.DefaultTimestampUTC)
	return own, slog.New(sloggokit.NewGoKitHandler(base, slog.LevelDebug))
}
