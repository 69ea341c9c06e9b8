package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Pages for people and programs: a table in plain text, or the same as JSON.

// page serves a list: as JSON with ?format=json or "Accept: application/json",
// else as the text that write makes of it.
func page[T any](list func() []T, write func(*table, []T)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asJSON := accepts(r, "application/json")
		switch format := r.URL.Query().Get("format"); format {
		case "":
		case "json", "text":
			asJSON = format == "json"
		default:
			http.Error(w, "The format is json or text.", http.StatusBadRequest)
			return
		}
		// Remote servers chose some of the words: no browser may take them for HTML,
		// and no cache keeps them.
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Accept")
		var body []byte
		var err error
		if asJSON {
			h.Set("Content-Type", "application/json; charset=utf-8")
			body, err = encodeJSON(list())
		} else {
			h.Set("Content-Type", "text/plain; charset=utf-8")
			t := newTable()
			write(t, list())
			body, err = t.text()
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Write(body) //nolint:errcheck // a client that went away
	})
}

// accepts says whether a request asks for a media type by its name.
func accepts(r *http.Request, mediaType string) bool {
	for _, accept := range r.Header.Values("Accept") {
		for one := range strings.SplitSeq(accept, ",") {
			one, _, _ = strings.Cut(one, ";")
			if strings.EqualFold(strings.TrimSpace(one), mediaType) {
				return true
			}
		}
	}
	return false
}

// encodeJSON writes texts as they are, but nothing that a terminal would obey.
func encodeJSON(list any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // templates have <address> in them
	if err := e.Encode(list); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return escapeUnprintable(b.Bytes()), nil
}

// escapeUnprintable takes JSON, which has nothing but ASCII outside of strings.
func escapeUnprintable(b []byte) []byte {
	safe := make([]byte, 0, len(b))
	for _, r := range string(b) {
		if r < 0x7f || unicode.IsPrint(r) {
			safe = utf8.AppendRune(safe, r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			safe = fmt.Appendf(safe, `\u%04x`, unit)
		}
	}
	return safe
}

// A table is rows of cells under a header, with notes between them.
type table struct {
	cells *tabwriter.Writer
	rows  bytes.Buffer
	notes [][]string // by row, the header's first
}

func newTable() *table {
	t := &table{}
	t.cells = tabwriter.NewWriter(&t.rows, 0, 0, 2, ' ', 0)
	return t
}

// row adds a row; all rows have as many cells.
func (t *table) row(cells ...any) {
	for i, c := range cells {
		if i > 0 {
			fmt.Fprint(t.cells, "\t")
		}
		fmt.Fprint(t.cells, printable(fmt.Sprint(c)))
	}
	fmt.Fprint(t.cells, "\n")
	t.notes = append(t.notes, nil)
}

// note adds a line below the last row; an empty text makes none.
func (t *table) note(name, text string) {
	if text != "" {
		last := len(t.notes) - 1
		t.notes[last] = append(t.notes[last], fmt.Sprintf("    %-6s %s\n", name, printable(text)))
	}
}

func (t *table) text() ([]byte, error) {
	if err := t.cells.Flush(); err != nil {
		return nil, fmt.Errorf("write table: %w", err)
	}
	var b bytes.Buffer
	for _, notes := range t.notes {
		row, err := t.rows.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("write table: %w", err)
		}
		b.WriteString(strings.TrimRight(row, " \n") + "\n")
		for _, n := range notes {
			b.WriteString(n)
		}
	}
	return b.Bytes(), nil
}

// printable makes text safe for a terminal, and one line: what it would obey
// instead of show becomes a question mark.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

// stamp is a line's time; "-" where no line had one.
func stamp(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.RFC3339)
}

// orDash shows that there is nothing.
func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
