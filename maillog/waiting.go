package maillog

import "strings"

// RelayOf is what a delivery record would have as its relay, as far as its text
// tells: all that the queue keeps of one is the address and the text. A server
// that could not be reached is named, too, where the log has "none". ok is false
// where the text names nobody.
func RelayOf(text string) (r RemoteEnd, ok bool) {
	text, _ = cutPrefix(text, "delivery temporarily suspended: ") // qmgr/qmgr_deliver.c
	if said, ok := readSaid(text); ok {
		return said.Host, true
	}
	for _, before := range namesServer {
		if rest, found := cutPrefix(text, before); found {
			r, _, ok = cutRemote(rest)
			return r, ok
		}
	}
	if isLocalReason(text) {
		return RemoteEnd{Name: "local"}, true
	}
	return r, false
}

// namesServer stands before a server's name and address.
var namesServer = [...]string{
	"connect to ",                        // smtp/smtp_connect.c
	"lost connection with ",              // smtp/smtp_trouble.c
	"conversation with ",                 // smtp/smtp_trouble.c
	"local data error while talking to ", // smtp/smtp_trouble.c
	"TLS is required, but host ",         // smtp/smtp_proto.c
	"TLS is required, but was not offered by host ",
}

// isLocalReason knows why local(8), virtual(8) and pipe(8) try again later.
func isLocalReason(text string) bool {
	for _, begin := range localReasons {
		if strings.HasPrefix(text, begin) {
			return true
		}
	}
	return false
}

var localReasons = [...]string{
	"temporary failure", // global/sys_exits.c: of commands
	"system resource problem",
	"Command died with ", // global/pipe_command.c
	"Command time limit exceeded: ",
	"Delivery failed: ",
	"maildir delivery failed: ",   // local/maildir.c, virtual/maildir.c
	"cannot update mailbox ",      // local/mailbox.c
	"delivery failed to mailbox ", // virtual/mailbox.c
	"cannot append message to file ",
	"cannot access home directory ", // local/recipient.c
	"user lookup error",
	"alias database unavailable", // local/alias.c
	"cannot find alias database owner",
	"unable to forward message",      // local/indirect.c
	"error reading forwarding file:", // local/token.c
}
