package maillog

import (
	"strings"
	"testing"
)

// BenchmarkHostileLines reads lines that offer as many false ends as fit.
func BenchmarkHostileLines(b *testing.B) {
	const head = "Nov 21 03:55:40 mx postfix/"
	for name, unit := range map[string]string{
		"smtp[1]: ABCDEF1: to=<a":                                  ">, orig_to=<a>, relay=b",
		"smtp[2]: ABCDEF1: to=<b":                                  ">, relay=b, a=b, c=d",
		"smtp[3]: ABCDEF1: to=<@a:":                                "@b>, relay=c",
		"smtpd[4]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 x": "; from=<a> helo=<>",
		"cleanup[5]: ABCDEF1: warning: header x":                   " from a[192.0.2.1]; from=<a> helo=<b>",
		"smtpd[6]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 <": `;">: `,
	} {
		line := head + name + strings.Repeat(unit, 4000/len(unit))
		b.Run(name[:7], func(b *testing.B) {
			var p Parser
			var e Event
			for b.Loop() {
				p.Parse(line, &e)
			}
		})
	}
}
