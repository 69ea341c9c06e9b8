package phrase

import "testing"

func TestExplain(t *testing.T) {
	m := NewCompiler().Compile()
	for _, c := range []struct{ text, words, names string }{
		{"550-5.1.1 <spam@example.org>: User unknown", "user unknown", ""},
		{"550-5.1.1 The email account 550-5.1.1 does not exist. See https://a.example/x?p=NoSuchUser g1-2 - gsmtp", "the email account does not exist . see g1 2 gsmtp", "https a example x p nosuchuser ."},
		{"553 5.3.0 flpd594 DNSBL:RBL 521< 192.0.2.162 >_is_blocked.For assistance forward this email to abuse_rbl@abuse-att.net", "flpd594 dnsbl rbl 521 is blocked . for assistance forward this email to", ""},
		{"blocked using zen.spamhaus.org; Client host [192.0.2.1]", "blocked using . client host", "zen spamhaus org ."},
		{"451 4.7.650 [2001:db8::1] Doesn’t e-mail Boîte PLEINE. überschritten", "doesnt email boite pleine . uberschritten", ""},
		{"550 RESOLVER.ADR.RecipientNotFound; not found", "resolver adr recipientnotfound . not found", ""},
		{"550 邮箱已满。abc", "邮 箱 已 满 . abc", ""},
		{`550 "spam blocked"@example.org: no; mailbox_full!`, "no . mailbox full .", ""},
		{`550 <"spam blocked"@example.org>: no`, "no", ""},
		{"451 DT:SPM 163 mx,please see", "dt spm 163 mx please see", ""},
		{"550 Email rejected per SPAM policy", "email rejected per spam policy", ""},
		{"rejected: www.example.com/path?x=1. Next", "rejected . next", "www example com path x 1 ."},
		{"12:34:56 #5.7.1 4.16.55.1 v8.14.4 a.b.c", "v8 14 4 a b c", ""},
		{"550 listed in zen.spamhaus.org (127.255.255.254) 127.0.0.2", "listed in 127 255 255 254", "zen spamhaus org ."},
		{"=-@ @ @@ <<>> <> ' ''", "", ""},
	} {
		code := ""
		if c.text[0] == '5' || c.text[0] == '4' {
			code = c.text[:3]
		}
		words, names := m.Explain(c.text, code, "")
		if words != c.words || names != c.names {
			t.Errorf("%s\n words %q\n want  %q\n names %q\n want  %q", c.text, words, c.words, names, c.names)
		}
	}
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		phrase, text string
		want         bool
	}{
		{"mailbox full", "the mailbox full", true},
		{"mailbox full", "mailbox is full", false},
		{"mailbox is? full", "mailbox is full", true},
		{"mailbox is? full", "mailbox full", true},
		{"mailbox ... full", "mailbox of this user is really full", true},
		{"mailbox ... full", "mailbox of this user is really just about full", false},
		{"mailbox ... full", "mailbox here. Disk full", false},
		{"exceed*", "quota exceeded", true},
		{"exceed", "quota exceeded", false},
		{"{box} {full}", "the mail box over quota", true},
		{"{box} {full}", "the inbox full", true},
		{"{box} {is}? {full}", "the inbox is over quota", true},
		{"{box} {full}", "the box full", false},
		{"no {such}? {box}", "no mail box", true},
		{"mailbox ... {full}", "mailbox a b over quota", true},
		{"{full} ... mailbox", "over quota for mailbox", true},
		{"已满", "邮箱已满", true},
		{"doesn't exist", "doesn't exist", true},
		{"doesn't exist", "doesnt exist", true},
		{"pleine", "boîte pleine", true},
		{"boite", "Boîte pleine", true},
	} {
		compiler := NewCompiler()
		for name, members := range map[string][]string{"box": {"mailbox", "mail box", "inbox"}, "full": {"full", "over quota"}, "is": {"is"}, "such": {"such"}} {
			if err := compiler.Set(name, members); err != nil {
				t.Fatal(err)
			}
		}
		id, err := compiler.Add(Words, c.phrase, 7)
		if err != nil {
			t.Fatal(err)
		}
		m := compiler.Compile()
		var text Text
		m.Read(&text, c.text, "", "")
		found := m.Find(&text, 8, func(owner, limit int) int { return owner }) == 7
		if found != c.want || m.Has(&text, id) != c.want {
			t.Errorf("phrase %q in %q: Find %v, Has %v, want %v", c.phrase, c.text, found, m.Has(&text, id), c.want)
		}
	}
}
