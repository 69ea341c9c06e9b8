package classify

import (
	"os"
	"strings"
	"testing"
)

func TestZZLang(t *testing.T) {
	files, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	s, err := Load(files)
	if err != nil {
		t.Log(err)
		var few []File
		for _, f := range files {
			if f.Name == "rules/providers.yaml" || f.Name == "rules/languages.yaml" || f.Name == "rules/postfix.yaml" {
				few = append(few, f)
			}
		}
		s, err = Load(few)
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Check("rules/languages.yaml"); err != nil {
		t.Error(err)
	}
	for _, path := range strings.Fields(os.Getenv("ZZ")) {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(strings.TrimSpace(string(data)), "\n") {
			f := strings.Split(l, "\t")
			if len(f) < 5 {
				continue
			}
			code := 0
			for _, c := range f[1] {
				code = code*10 + int(c-'0')
			}
			v := s.Judge(&Reply{Code: code, Enhanced: f[2], Host: f[3], Text: f[4]})
			rule := "-"
			if v.Rule != nil {
				rule = v.Rule.Name
			}
			if !strings.Contains(f[0], string(v.Class)) || strings.HasPrefix(rule, "languages-") {
				t.Logf("%s: want %s got %s by %s: %s", map[bool]string{true: "ok", false: "BAD"}[strings.Contains(f[0], string(v.Class))], f[0], v.Class, rule, f[4])
			}
		}
	}
}
