package classify

import "strings"

// Where a server speaks of another server's answer. What stands behind the last
// of these is the innermost reply: that server knows the reason.
var quotes = append([]string{
	"]: ", ">: ", " command: ", // Exim: host x [a]: 550 ..., RCPT TO:<a>: 550 ..., after end of data
	"smtp;", "smtp; ", // RFC 3464 section 2.3.6, Exchange
	" response: ", " responded: ", " responded with: ", " response was: ", " replied: ", " answered: ",
	" returned: ", " error: ", " message: ", " server: ", " reason: ",
	"'", "\"", // Exchange and Python quote it
}, postfixQuotes...)

// postfixQuotes are Postfix's: what stands before them tells nothing more.
var postfixQuotes = []string{" said: ", " said:", " refused to talk to me: "}

// senderProbe is what Postfix says before it quotes what a server thinks of the
// sender: that is no word about the recipient.
const senderProbe = "Sender address rejected: un" // "unverified address: ", "undeliverable address: "

// innermost is the reply that a reply quotes last, or the reply itself.
func innermost(s string) string {
	best := 0
	for i := len(s) - 4; i > 0; i-- { // from the end: the last one
		if (s[i] == '4' || s[i] == '5') && isReplyStart(s[i:]) && followsQuote(s[:i]) {
			if strings.Contains(s, senderProbe) {
				break
			}
			best = i
			break
		}
	}
	return s[best:]
}

// isReplyStart: "550 ", "550-", of the classes that fail.
func isReplyStart(s string) bool {
	return (s[0] == '4' || s[0] == '5') && s[1] >= '0' && s[1] <= '5' && isDigit(s[2]) && (s[3] == ' ' || s[3] == '-')
}

func followsQuote(before string) bool {
	last := strings.TrimSuffix(before, " ")
	if last == "" || strings.IndexByte(":;'\"", last[len(last)-1]) < 0 { // all of them end so
		return false
	}
	return hasSuffix(before, quotes)
}

// saidToPostfix says whether all that stands before a quote is Postfix's.
func saidToPostfix(before string) bool {
	return hasSuffix(before, postfixQuotes) && !isReplyStart(before)
}

func hasSuffix(s string, ends []string) bool {
	for _, end := range ends {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// cutCommand takes Postfix's " (in reply to RCPT TO command)" off the end
// (smtp/smtp_trouble.c).
func cutCommand(s string) (text, command string) {
	const mark, end = " (in reply to ", " command)"
	if !strings.HasSuffix(s, end) {
		return s, ""
	}
	i := strings.LastIndex(s, mark)
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+len(mark) : len(s)-len(end)]
}
