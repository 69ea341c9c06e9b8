package traffic

// mail is what a story is about: a client, and the message it brings, if it
// does.
type mail struct {
	client client
	login  string // SASL user

	id, other string // queue ids: its own, and its notification's
	from      string
	messageID string
	size      int
	arrived   int64
	attempts  int
	waiting   []recipient // not delivered yet
	bounced   bool        // a recipient was given up on

	to recipient // whom the next sentence is about
}

// recipient is one address, and where its mail goes.
type recipient struct {
	address, domain string
	original        string // orig_to=
	place           *destination
	relay           string // as logged: name[addr]:port, or a word
	trouble         *reply // why the last attempt failed; nil: none was made
}

// script writes the lines of a story, one after the other.
type script struct {
	g  *Generator
	m  *mail
	at int64 // of the next line
}

// wait lets about mean microseconds pass.
func (s *script) wait(mean float64) int64 {
	d := int64(s.g.random.ExpFloat64()*mean) + 200
	s.at += d
	return d
}

// say plans a line.
func (s *script) say(tag string, pid int, text string) { s.line(tag, pid, info, text) }

func (s *script) warn(tag string, pid int, text string) { s.line(tag, pid, warning, text) }

func (s *script) line(tag string, pid int, v severity, text string) {
	s.write(tag, pid, v, s.g.expand(s.g.buffer(), text, s.m))
}

// write plans a line whose text is ready.
func (s *script) write(tag string, pid int, v severity, text []byte) {
	s.at += 40 // the time it takes to log it
	s.g.plan.push(entry{at: s.at, tag: tag, pid: pid, severity: v, text: text})
}

// buffer is an empty text.
func (g *Generator) buffer() []byte {
	if n := len(g.free) - 1; n >= 0 {
		b := g.free[n]
		g.free = g.free[:n]
		return b
	}
	return make([]byte, 0, 256)
}
