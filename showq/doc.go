// Package showq asks Postfix what waits in its queue, and reads the answer as a
// stream: a queue of any size, and messages of any number of recipients, take the
// same few hundred kilobytes.
//
// A [Lister] knows where to ask: the unix socket of the service showq(8), a TCP
// port that master.cf gives to it, or, where the socket may not be opened or is
// not there, the command postqueue -j:
//
//	l, err := showq.New("/var/spool/postfix/public/showq")
//	...
//	result, err := l.List(ctx, visitor)
//
// The visitor is told of each message, then of each of its recipients. One
// message of Postfix 3.7 is these bytes, where . is a NUL:
//
//	queue_name.deferred.queue_id.3F2A14B7C1.time.1795279944.size.312.
//	forced_expire.0.sender.ann@example.com.
//	recipient.bob@example.org.reason.connect to mx.example.org[192.0.2.1]:25: Connection refused..
//
// and becomes
//
//	Message{Queue: "deferred", ID: "3F2A14B7C1", Arrived: 1795279944, Size: 312, Sender: "ann@example.com"}
//	Recipient{Address: "bob@example.org", Reason: "connect to mx.example.org[192.0.2.1]:25: Connection refused"}
//
// Postfix 3.1 and all later versions are read. Before that showq wrote text for
// people: such a list is an error that says so.
//
// A list is not one moment of the queue. showq reads one directory after the
// other (maildrop, active, incoming, deferred, hold), so a message that moves
// meanwhile is told of twice, or not at all. Nor is it free of repeats: of a
// message with more deferred recipients than Postfix's duplicate_filter_limit
// (1000), each recipient beyond that many comes again without a reason.
package showq
