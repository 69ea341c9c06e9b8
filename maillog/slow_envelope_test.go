package maillog

// The twin's reading of what stands before Postfix's sentence: stamp, host,
// tag, severity and queue id.

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Days up to 28 will do: which months have more is for the stamps' own tests.
const (
	slowMonthDay = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (?: ?[1-9]|0[1-9]|1\d|2[0-8])`
	slowClock    = `(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?`
	slowTrad     = slowMonthDay + ` ` + slowClock
	slowRFC3339  = `[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T` + slowClock + `(?:Z|[+-](?:0\d|1[0-2]):[0-5]\d)`
	slowPDA      = `[12]\d{3} ` + slowMonthDay + ` ` + slowClock
	slowHost     = `[A-Za-z0-9._-]+`
	slowTag      = `[A-Za-z0-9._/-]+`
	slowPri      = `<(?:\d{1,2}|0\d\d|1[0-8]\d|19[01])>` // RFC 5424 section 6.2.1: 191 at most
)

var (
	slowPriRE  = regexp.MustCompile(`^` + slowPri)
	slowCRIRE  = regexp.MustCompile(`^` + slowRFC3339 + ` (?:stdout|stderr) F (.*)$`)
	slowLineRE = regexp.MustCompile(`^(` + slowTrad + `|` + slowRFC3339 + `|` + slowPDA + `) (` + slowHost + `) ` +
		`(` + slowTag + `)\[(\d{1,9})\]: (?:\[ID \d+ [a-z0-9]+\.[a-z]+\] )?(.*)$`)
	slow5424RE = regexp.MustCompile(`^` + slowPri + `1 (` + slowRFC3339 + `) (` + slowHost + `) (` + slowTag + `) (\d{1,9}) - -  ?(.*)$`)

	slowHeadRE = regexp.MustCompile(`^(?:(warning|error|fatal|panic): )?(.*)$`)
	// The forms of global/mail_queue.h, and NOQUEUE.
	slowQueueIDRE = regexp.MustCompile(`^(NOQUEUE|[0-9A-F]{6,21}|` +
		`[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,20}z[0-9B-DF-HJ-NP-TV-Yb-df-hj-np-tv-y]{1,12}): (.*)$`)
	slowMaybeIDRE = regexp.MustCompile(`^[0-9A-Za-z]{5,24}:( |$)`)
)

var slowSeverities = map[string]Severity{"": Info, "warning": Warning, "error": Error, "fatal": Fatal, "panic": Panic}

var slowDaemons = strings.Fields(`anvil bounce cleanup discard dnsblog error flush lmtp local master oqmgr pickup
	pipe postscreen qmgr scache showq smtp smtpd spawn tlsmgr tlsproxy trivial-rewrite verify virtual`)

// slowEnvelope reads up to the tag and gives what follows it.
func slowEnvelope(line string, e *Event) (string, opinion) {
	if strings.HasPrefix(line, `{"log":"`) {
		var docker struct{ Log string }
		if json.Unmarshal([]byte(line), &docker) != nil || strings.Count(line, `"log"`) > 1 || !utf8.ValidString(line) {
			return "", noOpinion
		}
		return slowEnvelope(strings.TrimSuffix(docker.Log, "\n"), e)
	}
	if m := slowCRIRE.FindStringSubmatch(line); m != nil {
		return slowEnvelope(m[1], e)
	}
	m := slow5424RE.FindStringSubmatch(line)
	if m == nil {
		m = slowLineRE.FindStringSubmatch(slowPriRE.ReplaceAllString(line, ""))
	}
	if m == nil || strings.HasSuffix(m[2], "-") {
		return "", noOpinion
	}
	if t, err := time.Parse(time.RFC3339Nano, m[1]); err == nil {
		e.Time = t
	}
	e.Host = m[2]
	e.PID, _ = strconv.Atoi(m[4])
	return m[5], slowProgram(m[3], e)
}

// slowProgram splits a tag into instance, service and daemon.
func slowProgram(tag string, e *Event) opinion {
	parts := strings.Split(tag, "/")
	e.Instance, e.Daemon = parts[0], parts[len(parts)-1]
	e.Service = strings.Join(parts[1:max(len(parts)-1, 1)], "/")
	ours := parts[0] == "postfix" || strings.HasPrefix(parts[0], "postfix-")
	switch {
	case strings.Contains(tag, "//") || e.Daemon == "" || e.Instance == "":
		return noOpinion
	case ours && len(parts) == 1: // the daemon is lost, or the tag is a command's
		return noOpinion
	case ours:
		return envelopeOnly
	case len(parts) == 1:
		return notPostfix
	}
	for _, d := range slowDaemons {
		if e.Daemon == d {
			return envelopeOnly
		}
	}
	return noOpinion
}

// slowHead reads severity and queue id and gives what follows them.
func slowHead(text string, e *Event) (string, opinion) {
	m := slowHeadRE.FindStringSubmatch(text)
	if m == nil || strings.TrimLeft(m[2], " ") != m[2] || len(m[2]) > 2000 || text != writePrintable(text, '?') ||
		strings.HasPrefix(text, "[ID ") { // a broken id of Solaris'
		return "", noOpinion // Postfix writes no such line (util/msg_output.c)
	}
	e.Severity = slowSeverities[m[1]]
	e.Truncated = len(m[2]) >= 2000
	if id := slowQueueIDRE.FindStringSubmatch(m[2]); id != nil {
		if e.QueueID = id[1]; strings.HasPrefix(id[2], " ") {
			return "", noOpinion
		}
		return id[2], envelopeOnly
	}
	if slowMaybeIDRE.MatchString(m[2]) {
		return "", noOpinion
	}
	return m[2], envelopeOnly
}
