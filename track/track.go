// Package track joins what a log says of one message in many lines: events with
// the same queue id become outcomes that know the message.
package track

import (
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// Message is what the lines so far have told of a message.
type Message struct {
	Received     time.Time // when it was accepted (client= or uid=); zero where that line was not seen
	Size         int64     // bytes; maillog.Unread until the first activation
	Recipients   int64     // at the last activation; maillog.Unread
	SenderDomain string    // lower case; "" for the null sender
	SASLMethod   string    // "" without a login
	Attempts     int       // activations so far
}

// GivenUp counts recipients of an expired message with one last deferral.
type GivenUp struct {
	Verdict    classify.Verdict
	Recipients int
}

// Outcome is what an event means for its message or session.
type Outcome struct {
	Message Message
	Known   bool // lines before this one told of the message

	FirstActivation bool          // Active: not a retry
	QueueTime       time.Duration // Removed: accepted to removed; maillog.Unread where not known
	GivenUp         []GivenUp     // Expired; holds until the next Add
	SessionTime     time.Duration // Disconnect: since its connect; maillog.Unread where not known
}

// Tracker holds the messages in flight. It belongs to one goroutine.
type Tracker struct{}

// New makes a Tracker that holds at most limit messages.
func New(limit int) *Tracker { return &Tracker{} }

// Add takes the next event. v is the verdict on a Delivery that failed, else
// zero. ok is false for events that belong to no message or session.
func (t *Tracker) Add(e *maillog.Event, v classify.Verdict) (o Outcome, ok bool) { return o, false }

// Len is the number of messages held.
func (t *Tracker) Len() int { return 0 }

// Evicted counts the messages that left because the Tracker was full.
func (t *Tracker) Evicted() uint64 { return 0 }
