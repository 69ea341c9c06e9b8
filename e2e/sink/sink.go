// Package sink is a mail server that answers as a test tells it to, and writes
// down what it answered: accept, defer or refuse at any stage, in one line or
// many, late, or by hanging up. It speaks SMTP (RFC 5321) and LMTP (RFC 2033).
//
//	s := sink.Start(l, sink.Options{Answer: func(s sink.Step) sink.Reply {
//		if s.Stage == sink.Rcpt && s.Recipient == "full@remote.example" {
//			return sink.Reply{Code: 452, Lines: []string{"4.2.2 Mailbox full"}}
//		}
//		return sink.Reply{} // accept
//	}})
package sink

import (
	"crypto/tls"
	"net"
	"sync"
	"time"
)

// Stage is where in a session an answer is given.
type Stage string

// The stages, in the order of a session.
const (
	Connect  Stage = "connect"  // the greeting
	Hello    Stage = "hello"    // EHLO, HELO, LHLO
	StartTLS Stage = "starttls" // only where Options.TLS offers it
	Mail     Stage = "mail"
	Rcpt     Stage = "rcpt"
	Data     Stage = "data" // the DATA command
	Dot      Stage = "dot"  // end of DATA; with LMTP once for each recipient
)

// Step is what the server is about to answer.
type Step struct {
	Stage      Stage
	Sender     string   // from Mail on, without < >
	Recipient  string   // Rcpt, LMTP's Dot
	Recipients []string // Data, Dot: those accepted in this transaction
	Seen       int      // how often this stage was answered before for this recipient (Rcpt, LMTP's Dot), first recipient (Data, Dot) or sender (Mail)
}

// Reply is an answer. The zero Reply accepts.
type Reply struct {
	Code  int
	Lines []string      // text after the code; more than one make a multi-line reply
	Delay time.Duration // waited for before answering
	Drop  bool          // hang up; after the reply if there is a Code
}

// Answer is one answer that decided the fate of a recipient, or of a session or
// transaction before a recipient was known.
type Answer struct {
	Stage     Stage
	Sender    string
	Recipient string // "" where none was named yet
	Code      int    // 0: hung up without a word
}

// Message is a message that was accepted.
type Message struct {
	Sender     string
	Recipients []string
	Data       []byte // dots unstuffed, cut at maxKept
}

// Options of a Server.
type Options struct {
	Name    string // in the greeting; default sink.example
	LMTP    bool
	Plain   bool          // offer no extensions: no pipelining, one command a round trip
	TLS     *tls.Config   // offers STARTTLS
	Timeout time.Duration // for the client's next line; default 30 s
	Answer  func(Step) Reply
}

// Limits on what a client may send.
const (
	maxLine     = 4 << 10  // command line; RFC 5321 §4.5.3.1.4 asks for 512
	maxData     = 16 << 20 // message
	maxKept     = 64 << 10 // of a message, for Messages
	maxRcpts    = 1000
	maxCommands = 100_000 // in a session
)

// Server is a running sink.
type Server struct {
	opts     Options
	listener net.Listener
	sessions sync.WaitGroup

	mu          sync.Mutex
	conns       map[net.Conn]struct{}
	closed      bool
	connections int
	handshakes  int
	seen        map[string]int
	answers     []Answer
	messages    []Message
}

// Start serves on l until Close.
func Start(l net.Listener, o Options) *Server {
	if o.Name == "" {
		o.Name = "sink.example"
	}
	if o.Timeout == 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Answer == nil {
		o.Answer = func(Step) Reply { return Reply{} }
	}
	s := &Server{opts: o, listener: l, conns: map[net.Conn]struct{}{}, seen: map[string]int{}}
	s.sessions.Add(1)
	go s.accept()
	return s
}

func (s *Server) accept() {
	defer s.sessions.Done()
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		if !s.admit(conn) {
			conn.Close()
			return
		}
		go func() {
			defer s.sessions.Done()
			defer s.leave(conn)
			newSession(s, conn).serve()
		}()
	}
}

func (s *Server) admit(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.conns[conn] = struct{}{}
	s.connections++
	s.sessions.Add(1)
	return true
}

func (s *Server) leave(conn net.Conn) {
	conn.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, conn)
}

// Close stops the server, ends its sessions and waits for them.
func (s *Server) Close() error {
	err := s.listener.Close()
	s.mu.Lock()
	s.closed = true
	for conn := range s.conns {
		conn.Close()
	}
	s.mu.Unlock()
	s.sessions.Wait()
	return err
}

// Addr is where the server listens.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }
