package source

import (
	"context"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// Source is a log that is followed and taken up again after a restart: a Follow or
// a Journal; or a Stream, which can't be read again. Their methods' comments say more.
type Source interface {
	Next() (maillog.Line, checkpoint.Pos, error)
	Wait(context.Context) error
	Close() error
	Place() checkpoint.Place // of the same goroutine as the three above

	// Of any goroutine.
	CaughtUp() bool
	Stats() Stats
	Err() error
	Resumed() Resume
}

var _ = []Source{(*Follow)(nil), (*Journal)(nil), (*Stream)(nil)}
