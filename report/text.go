package report

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// WriteText writes the summary for people, at most 96 columns wide. Sections
// without data are left out.
func (s *Summary) WriteText(w io.Writer) error {
	b := bufio.NewWriter(w)
	s.textHead(b)
	if s.Period != nil || s.Lines.postfix() > 0 {
		s.textTotals(b)
		textOutcomes(b, "Deliveries by daemon", "daemon", s.ByDaemon)
		textOutcomes(b, "Deliveries by provider", "provider", s.ByProvider)
		s.textClasses(b)
		textReasons(b, "Why mail bounced", s.Bounced)
		textReasons(b, "Why mail was deferred", s.Deferred)
		s.textBlocks(b)
		s.textRejects(b)
		s.textSessions(b)
		s.textProblems(b)
		textDelays(b, "Time from arrival to delivery, by daemon", "daemon", s.Delays)
		textDelays(b, "Where that time went", "stage", s.Stages)
		s.textHours(b)
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

func (l *Lines) postfix() uint64 { return l.Parsed + l.Ignored + l.Unrecognized }

func (s *Summary) textHead(w *bufio.Writer) {
	l := &s.Lines
	fmt.Fprintf(w, "Postfix mail report\n\n")
	switch {
	case l.postfix() == 0 && l.Foreign == 0:
		fmt.Fprintln(w, "The log is empty.")
	case l.postfix() == 0:
		fmt.Fprintf(w, "None of the %s lines is Postfix's.\n", number(l.Foreign))
	}
	if s.Period != nil {
		const layout = "2006-01-02 15:04:05 -0700"
		length := s.Period.Last.Sub(s.Period.First).Round(time.Second)
		fmt.Fprintf(w, "Period  %s to %s (%v)\n", s.Period.First.Format(layout), s.Period.Last.Format(layout), length)
	}
	if l.postfix() > 0 {
		fmt.Fprintf(w, "Lines   %s parsed, %s ignored, %s unrecognized, %s foreign\n",
			plain(l.Parsed), plain(l.Ignored), plain(l.Unrecognized), plain(l.Foreign))
	}
	if l.Ambiguous > 0 {
		fmt.Fprintf(w, "        %s records are ambiguous: an unquoted address may have forged them\n", number(l.Ambiguous))
	}
}

func title(w *bufio.Writer, t string) { fmt.Fprintf(w, "\n%s\n", t) }

func (s *Summary) textTotals(w *bufio.Writer) {
	title(w, "Totals")
	t := newTable(1)
	t.add("messages received", s.Totals.Received)
	t.add("bytes received", size(s.Totals.BytesReceived))
	t.add("recipients sent to", s.Totals.Sent)
	t.add("deferred attempts", s.Totals.Deferred)
	t.add("recipients bounced", s.Totals.Bounced)
	t.add("messages expired", s.Totals.Expired)
	t.add("rejected in SMTP sessions", s.Totals.Rejected)
	t.add("messages removed", s.Totals.Removed)
	t.write(w)
}

func textOutcomes(w *bufio.Writer, heading, name string, all []Outcomes) {
	if len(all) == 0 {
		return
	}
	title(w, heading)
	t := newTable(1, name, "sent", "deferred", "bounced", "other", "sent %")
	for _, o := range all {
		t.add(o.Name, o.Sent, o.Deferred, o.Bounced, o.rest(), percent(o.Sent, o.total()))
	}
	t.write(w)
}
