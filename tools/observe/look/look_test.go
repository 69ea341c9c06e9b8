package look

import (
	"strings"
	"testing"
)

func TestFaults(t *testing.T) {
	sound := found{Out: "a.png", Panels: 3}
	if f := sound.faults(); len(f) != 0 {
		t.Errorf("a sound page has faults: %v", f)
	}
	if f := (&found{Panels: 1, Empty: true, NoData: []string{"Sent"}}).faults(); len(f) != 0 {
		t.Errorf("a host without mail has faults: %v", f)
	}
	for _, c := range []struct {
		found
		want string
	}{
		{found{Panels: 0}, "no panels"},
		{found{Panels: 1, NoData: []string{"Sent"}}, "no data in: Sent"},
		{found{Panels: 1, Failed: []string{"A: parse error"}}, "failed queries: A: parse error"},
		{found{Panels: 1, Errors: []string{"404 /x"}}, "errors: 404 /x"},
	} {
		if f := c.faults(); len(f) != 1 || !strings.Contains(f[0].Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.found, f, c.want)
		}
	}
}

// Each dashboard is looked at wide and narrow, light and dark, full and empty.
func TestPages(t *testing.T) {
	names := map[string]bool{}
	for _, p := range pages("http://127.0.0.1:3000", "dir") {
		if names[p.Out] || p.Height < 800 || !strings.HasPrefix(p.URL, "http://127.0.0.1:3000/d/postfix-") {
			t.Errorf("%+v", p)
		}
		names[p.Out] = true
	}
	if len(names) != 6*5+2 || !names["dir/postfix-queue-1000-dark.png"] {
		t.Errorf("%d pages: %v", len(names), names)
	}
}
