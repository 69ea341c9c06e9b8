package report

import "bufio"

// The sections on connections, logins and daemons.

func (s *Summary) textSessions(w *bufio.Writer) {
	if s.Server.Connects > 0 || s.Server.Disconnects > 0 {
		title(w, "Connections of clients")
		t := newTable(1)
		t.add("connected", s.Server.Connects)
		t.add("disconnected", s.Server.Disconnects)
		for _, c := range s.Server.Lost {
			t.add("lost after "+c.Name, c.Count)
		}
		t.write(w)
	}
	textCounts(w, "Connections to servers that failed", "reason", s.Client)
	if len(s.SASL) > 0 {
		title(w, "Logins (SASL)")
		t := newTable(1, "method", "success", "failure")
		for _, l := range s.SASL {
			t.add(l.Method, l.Success, l.Failure)
		}
		t.write(w)
	}
}

func (s *Summary) textProblems(w *bufio.Writer) {
	if len(s.Problems) == 0 {
		return
	}
	title(w, "Warnings and errors by daemon")
	t := newTable(1, "daemon", "warning", "error", "fatal", "panic")
	for _, p := range s.Problems {
		t.add(p.Daemon, p.Warning, p.Error, p.Fatal, p.Panic)
	}
	t.write(w)
}
