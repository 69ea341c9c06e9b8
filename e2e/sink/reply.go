package sink

// What the script says to a step, and how it is said and written down.

import "time"

// transaction is the step of a stage that concerns all recipients.
func (c *session) transaction(stage Stage) Step {
	return Step{Stage: stage, Sender: c.sender, Recipients: c.rcpts, Seen: c.server.times(stage, c.rcpts[0])}
}

// step asks the script, and waits as it says.
func (c *session) step(s Step) Reply {
	r := c.server.opts.Answer(s)
	time.Sleep(r.Delay)
	return r
}

func (c *session) record(stage Stage, recipient string, r Reply) {
	c.server.record(Answer{stage, c.sender, recipient, r.outcome()})
}

func (c *session) recordAll(stage Stage, r Reply) {
	for _, rcpt := range c.rcpts {
		c.record(stage, rcpt, r)
	}
}

func (r Reply) failed() bool { return r.Code >= 400 || r.Code == 0 && r.Drop }

// outcome is the code as recorded: 0 is hanging up without a word.
func (r Reply) outcome() int {
	if r.Code == 0 && !r.Drop {
		return 250
	}
	return r.Code
}

// answer says the reply, or code and lines where the script has none. false
// ends the session.
func (c *session) answer(r Reply, code int, lines ...string) bool {
	if r.Code == 0 && r.Drop {
		return false
	}
	if r.Code != 0 {
		code = r.Code
		if len(r.Lines) > 0 || r.failed() {
			lines = r.Lines
		}
	}
	return c.say(code, lines...) && !r.Drop && r.Code != 421 // RFC 5321 §3.8
}
