package classify

import (
	"errors"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"postfix_exporter/classify/packed"
	"postfix_exporter/maillog"
	"postfix_exporter/rules"
)

// TestPacked fails where the rules that are built in are not what their files say.
func TestPacked(t *testing.T) {
	const name = "../rules/packed.bin"
	fresh := shipped(t).Pack()
	switch {
	case string(fresh) == rules.Packed:
	case *update:
		if err := os.WriteFile(name, fresh, 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s is stale: run make generate", name)
	}
}

// TestPackIsStable: the same files make the same bytes, and so does what was read
// from them.
func TestPackIsStable(t *testing.T) {
	first := string(shipped(t).Pack())
	if again := shipped(t).Pack(); string(again) != first {
		t.Error("compiled twice, the bytes differ")
	}
	s, err := Unpack(first)
	if err != nil {
		t.Fatal(err)
	}
	if string(s.Pack()) != first {
		t.Error("packed again, the bytes differ")
	}
}

// TestPackedJudgesAlike: each example of each rule gets the verdict that it gets
// of the files.
func TestPackedJudgesAlike(t *testing.T) {
	for name, want := range map[string]*Set{"built in": shipped(t), "regexps": load(t, packedRules)} {
		got, err := Unpack(string(want.Pack()))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got.Rules(), want.Rules()) || !reflect.DeepEqual(got.Rejects(), want.Rejects()) ||
			!slices.Equal(got.Providers(), want.Providers()) || !slices.Equal(got.Files(), want.Files()) {
			t.Errorf("%s: rules, providers or files differ", name)
		}
		n := sameReplies(t, got, want) + sameRejects(t, got, want)
		if n < len(want.Rules())+len(want.Rejects()) {
			t.Errorf("%s: only %d examples", name, n)
		}
	}
}

func sameReplies(t *testing.T, got, want *Set) (n int) {
	for i := range want.Rules() {
		for _, x := range want.examples[i] {
			r, err := want.exampleReply(i, x)
			if err != nil {
				t.Fatal(err)
			}
			n++
			if g, w := got.Judge(&r), want.Judge(&r); !reflect.DeepEqual(g, w) {
				t.Errorf("%q: %+v by %s, want %+v by %s", x.text, g, where(g.Rule), w, where(w.Rule))
			}
			if g, w := got.Read(&r), want.Read(&r); g != w {
				t.Errorf("%q reads as %+v, want %+v", x.text, g, w)
			}
		}
	}
	return n
}

func sameRejects(t *testing.T, got, want *Set) (n int) {
	for i := range want.Rejects() {
		for _, x := range want.rejectExamples[i] {
			for _, action := range actions {
				r := maillog.RestrictionRecord{Action: action, Stage: x.stage, Enhanced: x.enhanced, Reason: x.text}
				n++
				if g, w := got.RejectReason(&r), want.RejectReason(&r); g != w {
					t.Errorf("%q: %s, want %s", x.text, g, w)
				}
			}
		}
	}
	return n
}

// packedRules have what the rules that are built in may have and don't.
const packedRules = `rules:
  - {name: own-regexp, class: spam_rejected, any: [verdict], regexp: ["verdict r(1|2)\\d"], examples: [550 verdict R17]}
  - {name: own-rest, class: greylisted, kind: block, list: a-list, all: [wubble, wobble], not: [wabble], names: [gate],
     code: [4xx], enhanced: [x.7.1, "4.2*"], provider: google, command: [DATA], hint: Wait., link: "https://example.com/", seen: 2026-11,
     examples: [{text: "450 4.7.1 wubble wobble https://gate.example.com/", command: DATA}]}
`

// TestUnpackFaults: what is no packed set is refused with a reason.
func TestUnpackFaults(t *testing.T) {
	good := string(load(t, packedRules).Pack())
	for _, c := range []struct {
		name, data string
		want       error
	}{
		{"empty", "", packed.ErrFormat},
		{"another format", strings.Replace(good, "rules 1", "rules 0", 1), packed.ErrFormat},
		{"cut", good[:len(good)-1], packed.ErrDamaged},
		{"changed", good[:len(good)/2] + "\xaa\x55" + good[len(good)/2+2:], packed.ErrDamaged},
	} {
		if s, err := Unpack(c.data); !errors.Is(err, c.want) || s != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	body := good[len(packFormat)+4:]
	for i := range body { // each cut, with the right checksum
		if _, err := Unpack(string(packed.Seal(packFormat, []byte(body[:i])))); err == nil {
			t.Errorf("cut to %d bytes: no error", i)
		}
	}
}

// TestCheckOfPacked: there is nothing to check it by.
func TestCheckOfPacked(t *testing.T) {
	s, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check("rules/google.yaml"); err == nil || !strings.Contains(err.Error(), "no examples in packed rules") {
		t.Error(err)
	}
}

// use asks a set for all that a program asks it for.
func use(t *testing.T, s *Set) {
	t.Helper()
	for _, r := range []Reply{
		{Text: "550 user unknown. verdict R17, mailbox x"}, {Text: "550 no such user. e-mail address unknown"}, {Text: "552 5.2.2 zz", Host: "x.mail.ru"},
		{Text: "450 4.7.1 wubble wobble https://gate.example.com/", Host: "mx.google.com", Command: "DATA"},
	} {
		s.Judge(&r)
		s.Read(&r)
		p := s.providers.of(r.Host, "gmail.com")
		if _, found := slices.BinarySearch(s.providers.names, p); !found && s.providers.names != nil { // so Memo looks
			t.Errorf("no provider is named %q", p)
		}
	}
	s.RejectReason(&maillog.RestrictionRecord{Action: "reject", Reason: "relay access denied", Code: 554})
}

// TestUnpackBytes: with any byte changed, and the right checksum, there is an
// error, or a set that can be used.
func TestUnpackBytes(t *testing.T) {
	body := load(t, packedRules).Pack()[len(packFormat)+4:]
	used := 0
	for i, was := range body {
		for _, b := range []byte{0, 1, 0x7f, 0xff, was + 1, was ^ 0x40} {
			body[i] = b
			if s, err := Unpack(string(packed.Seal(packFormat, body))); err == nil {
				used++
				use(t, s)
			}
		}
		body[i] = was
	}
	if used < len(body) {
		t.Errorf("only %d sets could be used", used)
	}
}

// FuzzUnpack: no bytes make Unpack or what it returns panic, or take more memory
// than a small multiple of their number.
func FuzzUnpack(f *testing.F) {
	for _, own := range []string{"", packedRules} {
		sealed := load(f, own).Pack()
		f.Add(sealed[len(packFormat)+4:])
	}
	f.Add((&Set{}).Pack()[len(packFormat)+4:])
	f.Fuzz(func(t *testing.T, body []byte) {
		data := string(packed.Seal(packFormat, body))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s, err := Unpack(data)
		runtime.ReadMemStats(&after)
		const most, beside = 128, 1 << 16
		if took := after.TotalAlloc - before.TotalAlloc; took > uint64(most*len(data)+beside) && (s == nil || !hasRegexps(s)) {
			t.Errorf("%d bytes for %d", took, len(data))
		}
		if err != nil {
			return
		}
		use(t, s)
		if again, err := Unpack(string(s.Pack())); err != nil || string(again.Pack()) != string(s.Pack()) {
			t.Errorf("packed again: %v", err)
		}
	})
}

// hasRegexps: these take what they take, and have their own limits.
func hasRegexps(s *Set) bool {
	return s.replies != nil && s.replies.hasRegexps || s.rejects != nil && s.rejects.hasRegexps
}

// BenchmarkBuiltIn is what a start costs.
func BenchmarkBuiltIn(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := BuiltIn(); err != nil {
			b.Fatal(err)
		}
	}
}
