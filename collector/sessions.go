package collector

import (
	"time"

	"postfix_exporter/maillog"
)

// Sessions of the SMTP server, postscreen and TLS.

func (f *families) countSession(r *reading) {
	e := &r.event
	switch e.Kind {
	case maillog.Connect:
		f.connections.tagRow(e.Tag, ServiceLabels{e.Instance, e.Service})[0]++
	case maillog.Disconnect:
		f.countDisconnect(r)
	case maillog.LostConnection:
		if e.Session.Reason != "too many errors" { // then it was smtpd that hung up
			f.lost.inc(ServiceLabels{e.Instance, e.Service}, smtpStage(e.Session.Stage))
		}
	case maillog.SASLFailed:
		f.logins.inc(LoginLabels{e.Instance, e.Service, saslMethod(e.SASL.Method)}, loginFailure)
	case maillog.Postscreen:
		f.screen.inc(InstanceLabels{e.Instance}, screenEvent(e.Screen.Event))
	}
}

func (f *families) countDisconnect(r *reading) {
	e := &r.event
	l := ServiceLabels{e.Instance, e.Service}
	f.disconnections.tagRow(e.Tag, l)[0]++
	if t := r.outcome.SessionTime; r.known && t >= 0 {
		f.sessionTime.tagRow(e.Tag, l)[0].observe(f.sessionTime.shape, int64(t/time.Microsecond))
	}
	if e.Session.Commands == "" {
		return
	}
	row, width := f.commands.tagRow(e.Tag, l), len(commandOutcomes.values)
	maillog.EachCommand(e.Session.Commands, func(name string, accepted, total int64) {
		i := smtpCommands.at(name) * width
		row[i] += uint64(accepted)
		row[i+1] += uint64(total - accepted)
	})
}

func (f *families) countTLS(e *maillog.Event) {
	if e.TLS.Reused {
		return
	}
	direction := "outbound"
	if e.TLS.Inbound {
		direction = "inbound"
	}
	f.tls.inc(TLSLabels{e.Instance, direction, tlsTrust(e.TLS.Trust), tlsName(e.TLS.Protocol), tlsName(e.TLS.Cipher)}, 0)
}
