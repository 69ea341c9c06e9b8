package collector

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"postfix_exporter/checkpoint"
	"postfix_exporter/maillog"
)

// A log in, the scrape out. To keep them readable, the golden files hold what
// nonZero writes. -update writes them; what it wrote is to be read. Where the
// comment begins with --label.host, it is on.
func TestGolden(t *testing.T) {
	names, err := filepath.Glob("../testdata/golden/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatal("no golden files", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			o := Options{ByHost: strings.HasPrefix(string(archive.Comment), "--label.host")}
			got := nonZero(t, feedLog(New(o), goldenLog(t, archive)))
			archive.Files = append(archive.Files[:1], txtar.File{Name: "metrics", Data: []byte(got)})
			compareFile(t, name, txtar.Format(archive))
		})
	}
}

func goldenLog(t *testing.T, a *txtar.Archive) string {
	t.Helper()
	if len(a.Files) == 0 || a.Files[0].Name != "mail.log" {
		t.Fatal("the first file must be mail.log")
	}
	return string(a.Files[0].Data)
}

// feedLog feeds the lines as if read at the end of 2026.
func feedLog(e *Engine, log string) *Engine {
	at := checkpoint.Pos{NotAfter: time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC).Unix()}
	for line := range strings.Lines(log) {
		line = strings.TrimSuffix(line, "\n")
		at.Offset += int64(len(line)) + 1
		e.Feed(maillog.Line{Text: line}, at)
	}
	return e
}
