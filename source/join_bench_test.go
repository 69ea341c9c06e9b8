package source

import (
	"bytes"
	"strings"
	"testing"
)

// BenchmarkJoin is what a line costs with the joiner, and without.
func BenchmarkJoin(b *testing.B) {
	text := strings.Repeat("x", 140)
	for _, c := range []struct{ name, line string }{
		{"rfc3164", "Nov 21 03:55:40 mx postfix/smtp[393]: " + text},
		{"rfc3339", "2026-11-21T03:55:40.810051+00:00 mx postfix/smtp[393]: " + text},
		{"cri", cri + "stdout F Nov 21 03:55:40 mx postfix/smtp[393]: " + text},
		{"docker", `{"log":"Nov 21 03:55:40 mx postfix/smtp[393]: ` + text + `\n` + docker},
	} {
		log := bytes.Repeat([]byte(c.line+"\n"), 1000)
		s := newSplitter(len(log), MaxLine)
		j := newJoiner(s)
		for name, next := range map[string]func() (string, bool){"without": s.next, "with": j.next} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					if _, ok := next(); !ok {
						j.reset(0)
						j.add(log)
					}
				}
			})
		}
	}
}
