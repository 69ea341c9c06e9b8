package phrase

import "testing"

// The recipient's name is no word where it stands for the recipient.
func TestRecipientIsNoWord(t *testing.T) {
	m := NewCompiler().Compile()
	for _, c := range []struct{ local, text, want string }{
		{"virus", "hm 'virus' hm", "hm hm"},
		{"virus", "hm `virus' hm", "hm hm"},
		{"virus", "hm Virus' hm", "hm hm"},
		{"virus", "user VIRUS hm", "user hm"},
		{"virus", "user viruses hm", "user viruses hm"},
		{"virus", "user hm virus", "user hm virus"},
		{"éva", "user Éva hm", "user hm"},
		{"kim", "user \u212Aim hm", "user hm"}, // a Kelvin sign
		{"", "user hm", "user hm"},
	} {
		if got, _ := m.Explain(c.text, "", c.local); got != c.want {
			t.Errorf("%s for %q: %q, want %q", c.text, c.local, got, c.want)
		}
	}
}
