package maillog

// Queue ids, as global/mail_queue.h lays them down.

// The longest: 23 characters of the long form; more is not a queue id.
const maxQueueID = 24

// cutQueueID takes "QID: " off the front. Short ids are hexadecimal, long ones
// base 52 (global/safe_ultostr.c). Any run of letters and digits that has a
// digit is taken, because relays and privacy filters rewrite ids; no sentence of
// Postfix starts with such a word and a colon.
func cutQueueID(s string) (id, rest string) {
	digit, hex := false, true
	i := 0
	for ; i < len(s) && i <= maxQueueID; i++ {
		switch c := s[i]; {
		case isDigit(c):
			digit = true
		case c >= 'A' && c <= 'F':
		case c >= 'a' && c <= 'z', c >= 'G' && c <= 'Z':
			hex = false
		default:
			if c != ':' || !plausibleQueueID(s[:i], digit, hex) {
				return "", s
			}
			if i+1 == len(s) {
				return s[:i], ""
			}
			if s[i+1] != ' ' {
				return "", s
			}
			return s[:i], s[i+2:]
		}
	}
	return "", s
}

func plausibleQueueID(id string, digit, hex bool) bool {
	if id == NoQueue {
		return true
	}
	return len(id) >= 5 && len(id) <= maxQueueID && (digit || hex && len(id) >= 6)
}

// NoQueue stands for a queue id where there is no queue file.
const NoQueue = "NOQUEUE"
