package e2e

// A Postfix with a long queue: 20,000 messages that wait for several reasons, some
// since long, and a few in each of its other queues.

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	longQueue   = 20_000 // messages that are deferred
	activeLimit = 100    // of qmgr: what comes when so many hang stays in incoming
	fillers     = 8      // sessions at once
)

// waits are destinations whose mail waits, and how the exporter is to show it. The
// reason is what the transport retry gives; where there is none, delivery hangs.
var waits = []struct{ domain, reason, provider, class string }{
	{"gmail.com", "4.4.1 connect to gmail-smtp-in.l.google.com[192.0.2.1]:25: Connection timed out", "google", "connection_failed"},
	{"corp.example", "4.7.28 host aspmx.l.google.com[192.0.2.1] said: 421-4.7.28 Our system has detected an unusual rate of unsolicited mail originating from your IP address. 421 4.7.28 To protect our users from spam, mail sent from your IP address has been temporarily rate limited. (in reply to end of DATA command)", "google", "bad_reputation"},
	{"yahoo.com", "4.7.0 host mta5.am0.yahoodns.net[192.0.2.2] said: 421 4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes (in reply to MAIL FROM command)", "yahoo", "bad_reputation"},
	{"outlook.com", "4.7.650 host outlook-com.olc.protection.outlook.com[192.0.2.3] said: 451 4.7.650 The mail server [192.0.2.7] has been temporarily rate limited due to IP reputation. (in reply to MAIL FROM command)", "microsoft", "bad_reputation"},
	{"grey.example", "4.2.0 host mx.grey.example[192.0.2.9] said: 450 4.2.0 <ann@grey.example>: Recipient address rejected: Greylisted, see http://postgrey.example/help (in reply to RCPT TO command)", "other", "greylisted"},
	{"full.example", "4.2.2 host mx.full.example[192.0.2.9] said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)", "other", "mailbox_full"},
	{"lost.example", "4.4.3 Host or domain name not found. Name service error for name=mx.lost.example type=A: Host not found, try again", "other", "dns_failure"},
	{"off.example", "4.4.1 connect to mx.off.example[192.0.2.10]:25: Connection refused", "other", "connection_failed"},
	{"hangs.example", "", "other", ""},
}

// longInstance starts such a Postfix. Deliveries hang at a listener that never greets.
func longInstance(t *testing.T) *instance {
	t.Helper()
	_, ports := newSinks(t)
	p := newInstance(t, plainHost(t), ports)
	mute := listen(t, "127.0.0.2")
	t.Cleanup(func() { mute.Close() })
	var transport strings.Builder
	for _, w := range waits {
		to := "retry:" + w.reason
		if w.reason == "" {
			to = "smtp:[127.0.0.2]:" + strconv.Itoa(mute.Addr().(*net.TCPAddr).Port)
		}
		fmt.Fprintf(&transport, "%s %s\n", w.domain, to)
	}
	p.write(t, "conf/transport", transport.String())
	settings := []string{"postconf", "-c", p.path("conf"), "-e", "delay_warning_time=0", "header_checks=", "body_checks=", "virtual_alias_maps=",
		"smtpd_reject_unlisted_recipient=no", // or smtpd would give the transport's reason to us
		fmt.Sprint("qmgr_message_active_limit=", activeLimit)}
	for _, stage := range []string{"client", "helo", "sender", "recipient", "data", "end_of_data"} {
		settings = append(settings, "smtpd_"+stage+"_restrictions=")
	}
	p.run(t, "", settings...)
	p.run(t, "", "postconf", "-c", p.path("conf"), "-MX", "pickup/unix") // what is submitted stays in maildrop
	p.start(t)
	return p
}

// fill sends what waits, and sees it deferred.
func (p *instance) fill(t *testing.T) {
	t.Helper()
	var all sync.WaitGroup
	for i := range fillers {
		all.Go(func() { p.stuff(t, i, longQueue/fillers) })
	}
	all.Wait()
	if t.Failed() {
		t.FailNow()
	}
	p.awaitFiles(t, "deferred", longQueue)
	p.age(t, 3)
	p.fillOthers(t)
}

// fillOthers puts a few messages into each of the other queues.
func (p *instance) fillOthers(t *testing.T) {
	t.Helper()
	const more = 20
	s := p.session(t)
	for range activeLimit + more {
		s.send([]string{"ann@hangs.example", "bob@hangs.example"}, 500)
	}
	s.quit()
	for range 3 {
		p.run(t, letter("waits", "hello"), "sendmail", "-C", p.path("conf"), "-f", "someone@senders.example", "ann@gmail.com")
	}
	p.awaitFiles(t, "active", activeLimit)
	p.awaitFiles(t, "incoming", more)
	held := p.queue(t)
	for _, m := range in("deferred", held)[:25] {
		p.run(t, "", "postsuper", "-c", p.path("conf"), "-h", m.ID)
	}
}

// stuff sends n messages of several sizes in one session. Each seventh one has
// three recipients. Commands are sent ahead, for time is short (RFC 2920).
func (p *instance) stuff(t *testing.T, seed, n int) {
	random := rand.New(rand.NewPCG(1, uint64(seed)))
	s := p.session(t)
	defer s.quit()
	known := len(waits) - 1 // but for the one that hangs
	for i := range n {
		rcpts := []string{fmt.Sprintf("user%d@%s", i, waits[(seed+i)%known].domain)}
		if i%7 == 0 {
			rcpts = append(rcpts, "ann@"+waits[random.IntN(known)].domain, "bob@"+waits[random.IntN(known)].domain)
		}
		size := random.IntN(2_000)
		if i%50 == 0 {
			size = random.IntN(90_000)
		}
		s.send(rcpts, size)
	}
}

// session is a client that counts nothing.
type session struct {
	*client
	text bytes.Buffer
}

func (p *instance) session(t *testing.T) *session {
	r := &run{t: t, instance: p, truth: truth{}}
	return &session{client: r.open("SMTP", "", "client.example.net")}
}

// send sends a message of about that size.
func (s *session) send(rcpts []string, size int) {
	s.text.Reset()
	s.text.WriteString("MAIL FROM:<someone@senders.example>\r\n")
	for _, r := range rcpts {
		fmt.Fprintf(&s.text, "RCPT TO:<%s>\r\n", r)
	}
	s.text.WriteString("DATA\r\n")
	s.write()
	for range len(rcpts) + 1 {
		s.want(250, "MAIL, RCPT")
	}
	s.want(354, "DATA")
	s.text.Reset()
	s.text.WriteString("Subject: waits\r\n\r\n")
	for ; size > 0; size -= 72 {
		s.text.WriteString(strings.Repeat("x", min(size, 70)) + "\r\n")
	}
	s.text.WriteString(".\r\n")
	s.write()
	s.want(250, "the message")
}

func (s *session) write() {
	s.conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := s.conn.Write(s.text.Bytes()); err != nil {
		s.t.Error(err)
	}
}

// awaitFiles waits until a queue has n files at least.
func (p *instance) awaitFiles(t *testing.T, queue string, n int) {
	t.Helper()
	await(t, fmt.Sprintf("%d messages in %s", n, queue), func() bool { return p.queueFiles(t)[queue] >= n })
}

// queueFiles are how many files there are, by queue.
func (p *instance) queueFiles(t *testing.T) map[string]int {
	t.Helper()
	found := map[string]int{}
	for _, queue := range []string{"maildrop", "incoming", "active", "deferred", "hold", "corrupt"} {
		found[queue] = 0
		err := filepath.WalkDir(p.path("queue/"+queue), func(_ string, d fs.DirEntry, err error) error {
			if os.IsNotExist(err) { // it moved meanwhile
				return nil
			}
			if err == nil && d.Type().IsRegular() {
				found[queue]++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// age sets back the time of arrival in the files of some deferred messages.
// postqueue tells what came of it.
func (p *instance) age(t *testing.T, every int) {
	t.Helper()
	random, seen := rand.New(rand.NewPCG(2, 2)), 0
	err := filepath.WalkDir(p.path("queue/deferred"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if seen++; seen%every != 0 {
			return nil
		}
		return backdate(path, time.Duration(random.ExpFloat64()*float64(24*time.Hour)))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// backdate changes the digits of a queue file's record of time: 'T', its length,
// seconds, a blank, microseconds (global/rec_type.h).
func backdate(path string, by time.Duration) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	var b [512]byte
	n, err := file.Read(b[:])
	if err != nil {
		return err
	}
	const digits = 10
	for i := 0; i+2+digits < n; i += 2 + int(b[i+1]) {
		if b[i] != 'T' {
			continue
		}
		at, err := strconv.ParseInt(string(b[i+2:i+2+digits]), 10, 64)
		if err != nil {
			return err
		}
		_, err = file.WriteAt(strconv.AppendInt(nil, at-int64(by.Seconds()), 10), int64(i+2))
		return err
	}
	return fmt.Errorf("%s has no time", path)
}
