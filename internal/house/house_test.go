package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHouse(t *testing.T) {
	faults, err := Check("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Error(f)
	}
}

// Each room in the table has a folder.
func TestRoomsAreFolders(t *testing.T) {
	for room := range rooms {
		if room == "main" {
			continue
		}
		if _, err := os.Stat(filepath.Join("../..", room)); err != nil {
			t.Errorf("rooms.go names %s: %v", room, err)
		}
	}
}

// Each law can be broken, and says so.
func TestFaults(t *testing.T) {
	for _, c := range []struct {
		name, body string
		want       string // "" is no fault
	}{
		{"maillog/a.go", `import "strings"; var _ = strings.Cut`, ""},
		{"maillog/a.go", `import "github.com/go-kit/log"; var _ = log.With`, "maillog may not import github.com/go-kit/log: a library"},
		{"maillog/a.go", `import "postfix_exporter/track"; var _ = track.New`, "maillog may not import postfix_exporter/track: imports point down"},
		{"maillog/a.go", `import "log/slog"; var _ = slog.Info`, "maillog may not import log/slog: inner rooms don't log"},
		{"track/a.go", `import "postfix_exporter/maillog"; var _ maillog.Event = x`, ""},
		{"track/a.go", `import "postfix_exporter/source"; var _ = source.X`, "track may not import postfix_exporter/source"},
		{"source/a.go", `import "postfix_exporter/collector"; var _ = collector.New`, "source may not import postfix_exporter/collector"},
		{"source/a.go", `import "github.com/hpcloud/tail/watch"; var _ = watch.X`, ""},
		{"source/a.go", `import "github.com/hpcloud/tail"; var _ = tail.X`, "source may not import github.com/hpcloud/tail: a library"},
		{"collector/a.go", `import "postfix_exporter/web"; var _ = web.X`, "collector may not import postfix_exporter/web"},
		{"collector/a.go", `import "postfix_exporter/internal/mklog"; var _ = mklog.X`, "collector may not import postfix_exporter/internal/mklog"},
		{"collector/a.go", `import "github.com/prometheus/client_golang/prometheus"; var _ = prometheus.NewDesc`, ""},
		{"classify/a.go", `import "github.com/prometheus/client_golang/prometheus"; var _ = prometheus.NewDesc`, "classify may not import github.com/prometheus/client_golang/prometheus"},
		{"report/a.go", `import "os/exec"; var _ = exec.Command`, "report may not import os/exec"},
		{"web/a.go", `import "net/http"; var _ = http.NewServeMux`, ""},
		{"cellar/a.go", ``, `room "cellar" is new`},
		{"main.go", `import "os/signal"; var _ = signal.Notify`, ""},

		{"track/a.go", `func init() {}`, "init runs unasked"},
		{"track/a.go", `type t int; func (t) init() {}`, ""},
		{"track/a.go", `var seen int`, "variable seen of the package is state"},
		{"track/a.go", `var seen = map[string]int{}`, ""},
		{"rules/a.go", "import _ \"embed\"\n//go:embed x.yaml\nvar rules string", ""},
		{"track/a.go", `func f() { panic("no") }`, "panic ends the process"},
		{"track/a.go", `import "os"; func f() { os.Exit(1) }`, "os.Exit is not used here: return an error"},
		{"flags.go", `import "os"; func f() { os.Exit(1) }`, "os.Exit is not used here"},
		{"main.go", `import "os"; func main() { os.Exit(run()) }`, ""},
		{"main.go", `import "log"; func f() { log.Fatal() }`, "log.Fatal is not used here"},
		{"track/a.go", `import "time"; func f() { _ = time.Now() }`, "time.Now reads the clock: in track"},
		{"report/a.go", `import clock "time"; func f() { _ = clock.Since(x) }`, "time.Since reads the clock: in report"},
		{"track/a.go", `import "time"; func f() { _ = time.Unix(0, 0) }`, ""},
		{"source/a.go", `import "time"; func f() { _ = time.Now() }`, ""},
		{"web/a.go", `import "net/http"; func f() { _ = http.DefaultServeMux }`, "http.DefaultServeMux is not used here"},
		{"main.go", `import "net/http"; func f() { http.HandleFunc("/", nil) }`, "http.HandleFunc is not used here"},
		{"collector/a.go", `import "github.com/prometheus/client_golang/prometheus"; func f() { prometheus.MustRegister() }`, "prometheus.MustRegister is not used here"},
		{"web/a.go", `import p "github.com/prometheus/client_golang/prometheus"; var _ = p.DefaultRegisterer`, "prometheus.DefaultRegisterer is not used here"},
		{"web/a.go", `import "github.com/prometheus/client_golang/prometheus/promhttp"; var _ = promhttp.Handler()`, "promhttp.Handler is not used here"},
		{"internal/x/a.go", `import "os"; func f() { os.Exit(1) }`, ""},
	} {
		faults, err := checkFile(c.name, c.name, "package x\n"+c.body)
		if err != nil {
			t.Errorf("%s: %s: %v", c.name, c.body, err)
			continue
		}
		got := strings.Join(faults, "\n")
		if c.want == "" && got != "" || c.want != "" && (len(faults) != 1 || !strings.Contains(got, c.want)) {
			t.Errorf("%s: %s\n got %q\nwant %q", c.name, c.body, got, c.want)
		}
	}
}

// The walk itself finds what is wrong, and leaves tests and test data alone.
func TestCheckWalks(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"track/bad.go":          "package track\nfunc init() {}\n",
		"track/bad_test.go":     "package track\nfunc init() {}\n",
		"track/testdata/bad.go": "package testdata\nfunc init() {}\n",
		".cache/bad.go":         "package cache\nfunc init() {}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	faults, err := Check(root)
	if err != nil || len(faults) != 1 || !strings.HasPrefix(faults[0], "track/bad.go:2: init ") {
		t.Errorf("Check = %q, %v", faults, err)
	}
	if _, err := Check(filepath.Join(root, "nowhere")); err == nil {
		t.Error("a tree that is not there has no faults")
	}
}
