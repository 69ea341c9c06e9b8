package maillog

// Queue ids, as global/mail_queue.h lays them down.

// The longest: 23 characters of the long form; more is not a queue id.
const maxQueueID = 24

// cutQueueID takes "QID: " off the front. Short ids are hexadecimal, long ones
// base 52 (global/safe_ultostr.c). Any run of letters and digits that has a
// digit is taken, because relays and privacy filters rewrite ids; no sentence of
// Postfix starts with such a word and a colon.
func cutQueueID(s string) (id, rest string) {
	var seen idClass
	i := 0
	for i < len(s) && idClasses[s[i]] != 0 {
		seen |= idClasses[s[i]]
		i++
	}
	if i == len(s) || s[i] != ':' || !plausibleQueueID(s[:i], seen) {
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

func plausibleQueueID(id string, seen idClass) bool {
	if id == NoQueue {
		return true
	}
	return len(id) >= 5 && len(id) <= maxQueueID && (seen&idDigit != 0 || seen == idHex && len(id) >= 6)
}

// idClass is what a character of a queue id can be.
type idClass uint8

const (
	idDigit  idClass = 1 << iota
	idHex            // A to F
	idLetter         // any other
)

var idClasses = func() (t [256]idClass) {
	for c := range t {
		switch {
		case c >= '0' && c <= '9':
			t[c] = idDigit
		case c >= 'A' && c <= 'F':
			t[c] = idHex
		case c >= 'G' && c <= 'Z', c >= 'a' && c <= 'z':
			t[c] = idLetter
		}
	}
	return t
}()

// NoQueue stands for a queue id where there is no queue file.
const NoQueue = "NOQUEUE"
