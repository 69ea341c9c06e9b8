package classify

import "cmp"

// Reading is a reply as it is matched, for people who write rules.
type Reading struct {
	Code     int    // 0 none
	Enhanced string // "" none
	Words    string // of the text, "." where a sentence ends
	Names    string // the words of its host names and URLs
}

// Read shows a reply as it is matched. Where it quotes another one, that is what
// is shown, unless a rule takes only the whole.
func (s *Set) Read(r *Reply) Reading {
	if s.replies == nil {
		return Reading{}
	}
	text, command := cutCommand(r.Text)
	b, inner := s.replies, innermost(text)
	whole := question{matcher: b.matcher, provider: s.providers.of(r.Host, r.Domain), command: cmp.Or(r.Command, command)}
	shown := whole
	whole.put(text, r.Code, r.Enhanced, r.Local)
	if len(inner) == len(text) {
		shown = whole
	} else if shown.put(inner, 0, "", r.Local); b.ask(&shown) == len(b.rules) && b.ask(&whole) < len(b.rules) {
		shown = whole
	} else {
		shown.enhanced = cmp.Or(shown.enhanced, whole.enhanced)
	}
	words, names := b.matcher.Explain(shown.raw, replyCode(shown.raw), r.Local)
	return Reading{shown.code, shown.enhanced, words, names}
}
