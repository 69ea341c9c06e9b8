package main

import (
	"github.com/go-kit/log/level"

	"postfix_exporter/showq"
)

// What the log says of the queue: what has changed since the last refresh.

// tell logs a fault once, and its end.
func (w *queueWatch) tell(r *showq.Result, err error) {
	switch fault := faultKey(err); {
	case fault == w.fault:
	case err != nil:
		level.Warn(w.logger).Log("msg", "The queue can't be listed, its metrics are left out until it can (--postfix.showq_path= does without)", "err", err)
		w.fault = fault
	default:
		level.Info(w.logger).Log("msg", "The queue is listed again", "messages", r.Messages)
		w.fault = ""
	}
	if err != nil || r.Way == w.way {
		return
	}
	w.way = r.Way
	if r.Refused != nil {
		level.Info(w.logger).Log("msg", "The queue is listed by postqueue", "because", r.Refused)
	}
}

// faultKey tells faults apart: of some the text differs each time.
func faultKey(err error) string {
	reason := showq.ReasonOf(err)
	if reason == showq.Other {
		return err.Error()
	}
	return string(reason)
}
