package showq

import "time"

// Queues are the values of Message.Queue: those that showq lists, in its order,
// and one for what a later version may add.
var Queues = [...]string{"maildrop", "active", "incoming", "deferred", "hold", "other"}

// MaxValue is how many bytes of an address or a reason are kept.
const MaxValue = 64 << 10

// A Message is one file in the queue. Its id and sender alias memory that is used
// again: they are good until List tells of the next message.
type Message struct {
	Queue   string    // one of Queues; it may be kept
	ID      string    // as in the log, short or long
	Arrived time.Time // to the second; zero where it could not be read
	Size    int64     // in bytes; -1 where it could not be read
	Forced  bool      // the operator asked to give it up (postsuper -e); false before Postfix 3.5
	Sender  string    // MAILER-DAEMON for the null address; maybe UTF-8
}

// A Recipient is one for whom a message waits. Its strings are good until
// the visitor returns.
//
// Address and reason are as Postfix gives them. Its own showq writes ? for what
// is not printable, but whoever sits behind a TCP port need not.
type Recipient struct {
	Address string // maybe UTF-8
	Reason  string // why the last attempt failed; "" where there was none
	Bounced bool   // given up on, but the sender is not yet told (Postfix 3.11)
}

// A Visitor is told of what is in the list: of a message, then of its recipients.
// Both pointers are to memory that is used again.
type Visitor interface {
	Message(m *Message)
	Recipient(m *Message, r *Recipient)
}

// A Result is what List knows beside the messages. It counts what the visitor was
// told of, also where there is an error.
type Result struct {
	Way        string // how it asked: one of Ways; "" where it came to none
	Refused    error  // why not over the socket, where Way is postqueue
	Messages   int64
	Recipients int64
	Unread     int64 // times, sizes and flags that are no numbers
	Cut        int64 // values longer than MaxValue
}

// Ways are the values of Result.Way.
var Ways = [...]string{wayUnix, wayTCP, wayPostqueue}

const (
	wayUnix      = "unix"
	wayTCP       = "tcp"
	wayPostqueue = "postqueue"
)
