package sink

// What a Server wrote down. Each method may be called while it runs.

import "slices"

// Answers are the answers so far: one for each recipient and transaction, and
// one for each session or transaction that ended before a recipient was named.
func (s *Server) Answers() []Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.answers)
}

// Messages are the messages accepted so far.
func (s *Server) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.messages)
}

// Accepted counts recipients whose message was accepted.
func (s *Server) Accepted() int {
	return s.count(func(a Answer) bool { return a.Stage == Dot && a.Code/100 == 2 })
}

// Deferred counts recipients and attempts that were answered 4xx.
func (s *Server) Deferred() int {
	return s.count(func(a Answer) bool { return a.Code/100 == 4 })
}

// Refused counts recipients and attempts that were answered 5xx.
func (s *Server) Refused() int {
	return s.count(func(a Answer) bool { return a.Code/100 == 5 })
}

// Dropped counts recipients, transactions and sessions hung up on without a word.
func (s *Server) Dropped() int {
	return s.count(func(a Answer) bool { return a.Code == 0 })
}

func (s *Server) count(f func(Answer) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.answers {
		if f(a) {
			n++
		}
	}
	return n
}

// Connections counts the connections so far.
func (s *Server) Connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.connections
}

// Handshakes counts the TLS handshakes that succeeded.
func (s *Server) Handshakes() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handshakes
}

func (s *Server) record(a ...Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = append(s.answers, a...)
}

func (s *Server) keep(m Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.messages = append(s.messages, m)
}

func (s *Server) shookHands() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handshakes++
}

// times counts the steps with this key before this one.
func (s *Server) times(stage Stage, who string) int {
	key := string(stage) + " " + who
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.seen[key]
	s.seen[key]++
	return n
}
