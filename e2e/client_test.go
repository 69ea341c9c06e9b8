package e2e

// An SMTP client that says what it is told, and counts what Postfix answers.

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"
)

// stranger is a client outside mynetworks, by XCLIENT (Postfix's XCLIENT_README).
const stranger = "mail.sender.example[192.0.2.7]"

// client is a session with smtpd.
type client struct {
	t       *testing.T
	truth   truth
	conn    net.Conn
	r       *bufio.Reader
	service string // label: "", "submission"
	begun   bool   // this transaction has an accepted recipient
}

// services are the names of the configuration's smtpd ports, and their labels.
var services = map[string]string{"SMTP": "", "SMTP6": "", "SUBMISSION": "submission", "LIMITED": "limited", "EARLY": "early"}

// dial opens a session, and reads the greeting.
func (r *run) dial(port string) *client {
	r.t.Helper()
	if port == "SMTP6" {
		return r.dialFrom("::1", port)
	}
	return r.dialFrom("127.0.0.1", port)
}

// dialFrom is dial from that address of this host.
func (r *run) dialFrom(addr, port string) *client {
	r.t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(addr)}}
	server := "127.0.0.1"
	if port == "SMTP6" {
		server = "::1"
	}
	conn, err := d.Dial("tcp", net.JoinHostPort(server, r.ports[port]))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { conn.Close() })
	c := &client{t: r.t, truth: r.truth, conn: conn, r: bufio.NewReader(conn), service: services[port]}
	c.truth.add(1, connections, "service", c.service)
	c.truth.add(1, disconnections, "service", c.service)
	c.want(220, "greeting")
	return c
}

// open opens a session of that client, "" being ourselves, up to the EHLO.
func (r *run) open(port, who, helo string) *client {
	r.t.Helper()
	c := r.dial(port)
	if who != "" {
		c.xclient(who)
	}
	c.say("EHLO "+helo, 250)
	return c
}

// xclient says "name[addr]".
func (c *client) xclient(who string) {
	c.t.Helper()
	name, addr, _ := strings.Cut(strings.TrimSuffix(who, "]"), "[")
	if strings.Contains(addr, ":") {
		addr = "IPV6:" + addr
	}
	if name == "unknown" {
		name = "[UNAVAILABLE]"
	}
	c.say(fmt.Sprintf("XCLIENT NAME=%s ADDR=%s", name, addr), 220)
}

// say sends a command that must be answered so.
func (c *client) say(command string, code int) {
	c.t.Helper()
	c.send(command)
	c.want(code, command)
}

// refused is say for what Postfix logs as a reject at that stage.
func (c *client) refused(stage, command string, code int) {
	c.t.Helper()
	c.say(command, code)
	c.countReject(stage, code)
}

func (c *client) countReject(stage string, code int) {
	c.truth.add(1, rejects, "stage", stage, "code", strconv.Itoa(code))
	c.truth[selector(rejects, "code", strconv.Itoa(code))]++
}

// rcpt names a recipient that is accepted. The first one of a transaction makes
// a message (smtpd_delay_open_until_valid_rcpt).
func (c *client) rcpt(address string) {
	c.t.Helper()
	c.say("RCPT TO:<"+address+">", 250)
	c.begin()
}

func (c *client) begin() {
	if !c.begun {
		c.truth.add(1, received, "daemon", "smtpd", "service", c.service)
	}
	c.begun = true
}

func (c *client) mail(sender string) {
	c.t.Helper()
	c.begun = false
	if ascii(sender) {
		c.say("MAIL FROM:<"+sender+">", 250)
		return
	}
	c.say("MAIL FROM:<"+sender+"> SMTPUTF8", 250)
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
}

// data sends a message that is answered so.
func (c *client) data(text string, code int) {
	c.t.Helper()
	c.say("DATA", 354)
	c.say(strings.ReplaceAll(text, "\n", "\r\n")+"\r\n.", code)
	c.begun = false
	if code == 250 {
		c.truth.add(1, removed) // in the end
	}
}

// quit ends the session.
func (c *client) quit() {
	c.t.Helper()
	c.say("QUIT", 221)
	c.drained()
}

// hangUp breaks the connection off after that stage.
func (c *client) hangUp(stage string) {
	c.t.Helper()
	c.truth.add(1, lost, "stage", stage)
	c.conn.(*net.TCPConn).CloseWrite()
	c.drained()
}

// fallSilent says nothing more until smtpd loses its patience.
func (c *client) fallSilent(stage string) {
	c.t.Helper()
	c.truth.add(1, lost, "stage", stage)
	c.want(421, "silence")
	c.drained()
}

// drained waits until smtpd closes the connection: it has logged all by then.
func (c *client) drained() {
	c.t.Helper()
	c.conn.SetDeadline(time.Now().Add(30 * time.Second))
	for {
		if _, err := c.r.ReadByte(); err != nil {
			break
		}
	}
	c.conn.Close()
}

// startTLS says STARTTLS and shakes hands; the session begins anew.
func (c *client) startTLS(helo string) {
	c.t.Helper()
	c.say("STARTTLS", 220)
	conn := tls.Client(c.conn, &tls.Config{InsecureSkipVerify: true}) // our own certificate
	if err := conn.Handshake(); err != nil {
		c.t.Fatalf("STARTTLS: %v", err)
	}
	c.truth.add(1, tlsConnections, "direction", "inbound")
	c.conn, c.r = conn, bufio.NewReader(conn)
	c.say("EHLO "+helo, 250)
}

func (c *client) send(command string) {
	c.t.Helper()
	c.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := c.conn.Write([]byte(command + "\r\n")); err != nil {
		c.t.Fatalf("%.100q: %v", command, err)
	}
}

// want reads a reply of that code.
func (c *client) want(code int, command string) {
	c.t.Helper()
	line, err := c.reply()
	if err != nil {
		c.t.Fatalf("%.100q: %v", command, err)
	}
	if got, _ := strconv.Atoi(line[:min(3, len(line))]); got != code {
		c.t.Fatalf("%.100q was answered %q, want %d", command, line, code)
	}
}

// reply is the last line of a reply.
func (c *client) reply() (string, error) {
	for {
		line, err := textproto.NewReader(c.r).ReadLine()
		if err != nil || len(line) < 4 || line[3] != '-' {
			return line, err
		}
	}
}
