package web

import (
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/collector"
)

// newTestHandler serves a counter of 7.
func newTestHandler(t *testing.T, path string, ready *bool) http.Handler {
	t.Helper()
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: "test_total", Help: "A test."})
	c.Add(7)
	registry, err := NewRegistry(append(ProcessCollectors(), c)...)
	if err != nil {
		t.Fatal(err)
	}
	h, err := NewHandler(Options{
		TelemetryPath: path,
		Gatherer:      registry,
		Ready:         readyIf(ready),
		Unclassified:  func() []collector.UnclassifiedReply { return testReplies },
		Blocks:        func() []collector.Block { return testBlocks },
		Logger:        slog.New(slog.DiscardHandler),
		Version:       "1.2.3",
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func readyIf(ready *bool) func() error {
	return func() error {
		if *ready {
			return nil
		}
		return errors.New("17 lines so far")
	}
}

func request(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestStatusAndBody(t *testing.T) {
	for _, c := range []struct {
		ready        bool
		method, path string
		status       int
		body         string // a part of it
	}{
		{true, "GET", "/metrics", 200, "\ntest_total 7\n"},
		{true, "GET", "/metrics", 200, "\ngo_goroutines "},
		{true, "GET", "/metrics", 200, "\nprocess_open_fds "},
		{true, "GET", "/metrics", 200, "\npostfix_exporter_build_info{"},
		{true, "HEAD", "/metrics", 200, ""},
		{true, "GET", "/-/ready", 200, "Ready."},
		{true, "GET", "/-/healthy", 200, "Healthy."},
		{true, "HEAD", "/-/healthy", 200, ""},
		{true, "GET", "/", 200, "Postfix Exporter"},
		{true, "GET", "/", 200, "1.2.3"},
		{true, "GET", "/unclassified", 200, "said: 550 5.9.9 no"},
		{true, "HEAD", "/unclassified", 200, ""},
		{true, "GET", "/blocks", 200, "Ask Spamhaus."},
		{true, "HEAD", "/blocks", 200, ""},
		{true, "GET", "/metrics/", 404, ""},
		{true, "GET", "/nothing", 404, ""},
		{true, "GET", "/debug/pprof/", 404, ""},
		{true, "POST", "/metrics", 405, ""},
		{true, "DELETE", "/-/ready", 405, ""},
		{true, "PUT", "/", 405, ""},
		{true, "POST", "/unclassified", 405, ""},
		{true, "POST", "/blocks?format=json", 405, ""},
		{false, "GET", "/unclassified", 503, "17 lines so far"},
		{false, "GET", "/blocks?format=json", 503, "17 lines so far"},
		{false, "GET", "/metrics", 503, "17 lines so far"},
		{false, "GET", "/-/ready", 503, "17 lines so far"},
		{false, "GET", "/-/healthy", 200, "Healthy."},
		{false, "GET", "/", 200, "Postfix Exporter"},
		{false, "POST", "/metrics", 405, ""},
	} {
		w := request(newTestHandler(t, "/metrics", &c.ready), c.method, c.path)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("ready %v, %s %s: %d %q, want %d with %q", c.ready, c.method, c.path, w.Code, w.Body, c.status, c.body)
		}
		if c.status == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s: Allow: %q", c.method, c.path, w.Header().Get("Allow"))
		}
		if c.status == 503 && strings.Contains(w.Body.String(), "test_total") {
			t.Errorf("%s shows counters before they are whole", c.path)
		}
	}
}

func TestReadyTurns(t *testing.T) {
	ready := false
	h := newTestHandler(t, "/metrics", &ready)
	before := request(h, "GET", "/metrics").Code
	ready = true
	if after := request(h, "GET", "/metrics").Code; before != 503 || after != 200 {
		t.Errorf("%d, then %d; want 503, then 200", before, after)
	}
}

func TestTelemetryPathAtRoot(t *testing.T) {
	ready := true
	h := newTestHandler(t, "/", &ready)
	if w := request(h, "GET", "/"); !strings.Contains(w.Body.String(), "test_total 7") {
		t.Errorf("no metrics at /: %q", w.Body)
	}
	if w := request(h, "GET", "/blocks"); w.Code != 200 {
		t.Errorf("/blocks: %d", w.Code)
	}
	if w := request(h, "GET", "/other"); w.Code != 404 {
		t.Errorf("/other: %d", w.Code)
	}
}

func TestGzip(t *testing.T) {
	ready := true
	w := request(newTestHandler(t, "/metrics", &ready), "GET", "/metrics", "Accept-Encoding", "gzip")
	if got := w.Header().Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("Content-Encoding %q", got)
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(z)
	if err != nil || !strings.Contains(string(body), "test_total 7") {
		t.Errorf("%v: %.80q", err, body)
	}
}

func TestOpenMetrics(t *testing.T) {
	ready := true
	h := newTestHandler(t, "/metrics", &ready)
	for accept, want := range map[string]string{
		"application/openmetrics-text; version=1.0.0": "application/openmetrics-text",
		"text/plain": "text/plain",
		"":           "text/plain",
	} {
		w := request(h, "GET", "/metrics", "Accept", accept)
		if got := w.Header().Get("Content-Type"); !strings.HasPrefix(got, want) {
			t.Errorf("Accept %q: %q, want %q", accept, got, want)
		}
		if ends := strings.HasSuffix(w.Body.String(), "# EOF\n"); ends != strings.Contains(want, "openmetrics") {
			t.Errorf("Accept %q: # EOF at the end: %v", accept, ends)
		}
	}
}

var link = regexp.MustCompile(`href="([^"]*)"`)

func TestLandingPageLinks(t *testing.T) {
	ready := true
	h := newTestHandler(t, "/mail/metrics", &ready)
	links := link.FindAllStringSubmatch(request(h, "GET", "/").Body.String(), -1)
	seen := ""
	for _, l := range links {
		seen += l[1] + " "
		if w := request(h, "GET", l[1]); w.Code != 200 {
			t.Errorf("%s: %d", l[1], w.Code)
		}
	}
	if seen != "/mail/metrics /unclassified /blocks /-/ready /-/healthy " {
		t.Errorf("links: %s", seen)
	}
}

// A scrape without one of its collectors would look like a reset.
func TestBrokenCollectorFailsTheScrape(t *testing.T) {
	registry, err := NewRegistry(broken{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := NewHandler(Options{TelemetryPath: "/metrics", Gatherer: registry,
		Ready: func() error { return nil }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if w := request(h, "GET", "/metrics"); w.Code != 500 {
		t.Errorf("%d", w.Code)
	}
}

type broken struct{}

func (broken) Describe(chan<- *prometheus.Desc) {}

func (broken) Collect(ch chan<- prometheus.Metric) {
	d := prometheus.NewDesc("twice", "Twice.", nil, nil)
	ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, 1)
	ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, 2)
}

func TestCheckPath(t *testing.T) {
	for _, p := range []string{"/", "/metrics", "/a/b-c_d.e~f", "/9"} {
		if err := CheckPath(p); err != nil {
			t.Errorf("%q: %v", p, err)
		}
	}
	for _, p := range []string{"", "metrics", "/-/metrics", "/unclassified", "/blocks", "/metrics/", "//", "/a/../b", "/{a}", "/a b", "/a?b", "/a%20", "/ü"} {
		if CheckPath(p) == nil {
			t.Errorf("%q is let in", p)
		}
	}
}
