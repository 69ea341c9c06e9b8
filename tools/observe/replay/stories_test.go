package replay

import (
	"fmt"
	"math"
	"time"

	"postfix_exporter/tools/observe/history"
)

// What incidents look like in the log, beyond what becomes of deliveries.

// each calls something so many times a minute, at times by chance.
func each(perMinute float64, do func(h *history.Running, at time.Time)) func(*history.Running, time.Time, time.Time) error {
	return func(h *history.Running, from, to time.Time) error {
		at := from
		for {
			at = at.Add(time.Duration(-math.Log(1-h.Chance()) / perMinute * float64(time.Minute)))
			if !at.Before(to) {
				return nil
			}
			do(h, at)
		}
	}
}

// client is a mail server that comes, as Postfix writes it, and a process.
func client(h *history.Running) (string, int) {
	n := int(h.Chance() * 200)
	return fmt.Sprintf("mail.sender%d.example.org[192.0.2.%d]", n, n), 3000 + n
}

// refusedForSpace is a client that finds the queue's disk full: smtpd_check.c,
// check_mail_size and smtpd_check_queue.
func refusedForSpace(h *history.Running, at time.Time) {
	who, pid := client(h)
	h.Line(at, "postfix/smtpd", pid, "connect from %s", who)
	h.Line(at.Add(200*time.Millisecond), "postfix/smtpd", pid, "NOQUEUE: reject: MAIL from %s: 452 4.3.1 Insufficient system storage; from=<a@sender.example.org> proto=ESMTP helo=<mail.sender.example.org>", who)
	h.Line(at.Add(201*time.Millisecond), "postfix/smtpd", pid, "warning: not enough free space in mail queue: 11120640 bytes < 1.5*message size limit")
	h.Line(at.Add(300*time.Millisecond), "postfix/smtpd", pid, "disconnect from %s ehlo=1 mail=0/1 quit=1 commands=2/3", who)
}

// dyingForSpace is a daemon that ends because it can't write.
func dyingForSpace(h *history.Running, at time.Time) {
	pid := 4000 + int(h.Chance()*1000)
	if h.Chance() < 0.5 {
		h.Line(at, "postfix/postdrop", pid, "warning: mail_queue_enter: create file maildrop/%d.%d: No space left on device", at.Nanosecond()/1000, pid)
		return
	}
	h.Line(at, "postfix/bounce", pid, "fatal: open file defer %X: No space left on device", 0x4000+pid)
	h.Line(at.Add(time.Millisecond), "postfix/master", 900, "warning: process /usr/lib/postfix/sbin/bounce pid %d exit status 1", pid)
	h.Line(at.Add(time.Millisecond), "postfix/master", 900, "warning: /usr/lib/postfix/sbin/bounce: bad command startup -- throttling")
}

// senderUnresolved is a client that is put off while names can't be looked up.
func senderUnresolved(h *history.Running, at time.Time) {
	who, pid := client(h)
	h.Line(at, "postfix/smtpd", pid, "connect from %s", who)
	h.Line(at.Add(10*time.Second), "postfix/smtpd", pid, "NOQUEUE: reject: RCPT from %s: 450 4.1.8 <a@sender.example.org>: Sender address rejected: Domain not found; from=<a@sender.example.org> to=<person1@example.com> proto=ESMTP helo=<mail.sender.example.org>", who)
	h.Line(at.Add(11*time.Second), "postfix/smtpd", pid, "disconnect from %s ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4", who)
}

// certificateRefused is a mail client that finds the server's certificate expired.
func certificateRefused(h *history.Running, at time.Time) {
	who, pid := "client.example.net[203.0.113.9]", 5000+int(h.Chance()*1000)
	h.Line(at, "postfix/submission/smtpd", pid, "connect from %s", who)
	h.Line(at.Add(90*time.Millisecond), "postfix/submission/smtpd", pid, "SSL_accept error from %s: -1", who)
	h.Line(at.Add(90*time.Millisecond), "postfix/submission/smtpd", pid, "warning: TLS library problem: error:0A000415:SSL routines::sslv3 alert certificate expired:../ssl/record/rec_layer_s3.c:1605:SSL alert number 45:")
	h.Line(at.Add(91*time.Millisecond), "postfix/submission/smtpd", pid, "lost connection after STARTTLS from %s", who)
	h.Line(at.Add(92*time.Millisecond), "postfix/submission/smtpd", pid, "disconnect from %s ehlo=1 starttls=0/1 commands=1/2", who)
}

// abused is somebody who sends with a user's password, from many addresses.
func abused(h *history.Running, at time.Time) {
	h.Send(at, "person7@example.com", fmt.Sprintf("unknown[203.0.113.%d]", int(h.Chance()*250)))
}
