package stand

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/tools/observe/dashboards"
	"postfix_exporter/tools/observe/history"
)

const repository = "../../.."

// prometheus is the program, or the test is left out.
func prometheus(t *testing.T) string {
	t.Helper()
	if path, err := filepath.Abs(filepath.Join(repository, ".cache/bin/prometheus")); err == nil {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	path, err := exec.LookPath("prometheus")
	if err != nil {
		t.Skip("no prometheus: 'make observe-tools' builds it")
	}
	return path
}

// A real Prometheus takes the history for its own, scrapes the hosts as they go on,
// and answers every query of the dashboards.
func TestPrometheus(t *testing.T) {
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	s, err := Up(t.Context(), Options{Dir: t.TempDir(), Repository: root, Prometheus: prometheus(t), PrometheusAt: "127.0.0.1:0",
		AlertmanagerAt: "127.0.0.1:0", GrafanaAt: "127.0.0.1:0", Hours: 5, Out: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	at := "http://" + s.options.PrometheusAt
	live := fmt.Sprintf(`timestamp(up{instance=~"mx1.*"}) > %d and up == 1`, s.started.Unix())
	scraped := eventually(t, func() bool { return len(ask(t, at, live)) == 1 })
	if !scraped {
		t.Fatal("the hosts are not scraped")
	}
	if n := len(ask(t, at, `sum(postfix_log_lines_total offset 1h) > 100`)); n != 1 {
		t.Error("there is no history")
	}
	for _, made := range []string{`provider_status:postfix_deliveries:rate5m offset 1d`, `ALERTS{alertname="ReputationBlock", alertstate="firing"} offset 15m`} {
		if len(ask(t, at, made)) == 0 {
			t.Errorf("the rules made nothing of the history: no %s", made)
		}
	}
	buckets := `postfix_message_size_bytes_bucket{instance=~"mx1.*"}`
	if n := len(ask(t, at, "count("+buckets+") == count("+buckets+" offset 1h)")); n != 1 {
		t.Error("a bucket's bound is written in one way in the history, and in another live")
	}
	for _, b := range dashboards.All() {
		for panel, queries := range b.Queries() {
			found := 0
			for _, q := range queries {
				found += len(ask(t, at, dashboards.Plain(q)))
			}
			if found == 0 && panel != "Overflow of families" {
				t.Errorf("%s, %q: no data", b.UID, panel)
			}
		}
	}
}

func eventually(t *testing.T, is func() bool) bool {
	t.Helper()
	for range 200 {
		if is() {
			return true
		}
		time.Sleep(100 * time.Millisecond)
	}
	return false
}

// ask is the result of a query, which must not fail.
func ask(t *testing.T, at, query string) []json.RawMessage {
	t.Helper()
	client := http.Client{Timeout: 30 * time.Second}
	r, err := client.Get(at + "/api/v1/query?query=" + url.QueryEscape(query))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	var answer struct {
		Status, Error string
		Data          struct{ Result []json.RawMessage }
	}
	if err := json.NewDecoder(r.Body).Decode(&answer); err != nil || answer.Status != "success" {
		t.Errorf("%s %v: %s", answer.Error, err, query)
	}
	return answer.Data.Result
}

// What is served is the host's own scrape, and goes on with the clock.
func TestLive(t *testing.T) {
	f, err := history.New(history.Scenario{Spans: []history.Span{{From: time.Now().Add(-time.Minute), To: time.Now()}},
		Hosts: []history.Host{{Instance: "mx1:9154", Name: "mx1", Outgoing: history.Steady(6000)}}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := goOn(f)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	first := get(t, "http://"+l.at+"/mx1:9154", http.StatusOK)
	if !strings.Contains(first, `postfix_deliveries_total{`) || !strings.Contains(first, "process_resident_memory_bytes ") {
		t.Errorf("no scrape: %.300s", first)
	}
	time.Sleep(100 * time.Millisecond)
	if get(t, "http://"+l.at+"/mx1:9154", http.StatusOK) == first {
		t.Error("it doesn't go on")
	}
	get(t, "http://"+l.at+"/mx2:9154", http.StatusNotFound)
}

func get(t *testing.T, address string, want int) string {
	t.Helper()
	client := http.Client{Timeout: 10 * time.Second}
	r, err := client.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != want {
		t.Fatalf("%s: %v, %v", address, r.Status, err)
	}
	return string(body)
}

// Only files with rules are rule files, and the files that we ship name the addresses
// that are put in their place.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	s := &Stand{options: Options{Dir: dir, Repository: dir, PrometheusAt: "127.0.0.1:1234"}}
	for name, text := range map[string]string{"alerts/a.yaml": "# rules\ngroups: []\n", "alerts/thresholds.yaml": "thresholds: []\n"} {
		if _, err := s.write(name, text); err != nil {
			t.Fatal(err)
		}
	}
	if files, err := s.ruleFiles(); err != nil || len(files) != 1 || filepath.Base(files[0]) != "a.yaml" {
		t.Errorf("rule files %v, %v", files, err)
	}
	s.options.Repository = repository
	if err := s.provision(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "provisioning/datasources/prometheus.yaml"))
	if err != nil || !strings.Contains(string(text), "url: http://127.0.0.1:1234\n") {
		t.Errorf("%s, %v", text, err)
	}
}

// A program that ends, or an address that is taken, is told of.
func TestFaults(t *testing.T) {
	s := &Stand{options: Options{Dir: t.TempDir()}}
	err := s.start(context.Background(), "shell", "http://127.0.0.1:1/", "/bin/sh", "-c", "echo no configuration; exit 3")
	if err == nil || !strings.Contains(fmt.Sprint(err), "no configuration") {
		t.Errorf("it says %v", err)
	}
	if _, err := Up(t.Context(), Options{PrometheusAt: "127.0.0.1:0", AlertmanagerAt: "127.0.0.1:0", GrafanaAt: "192.0.2.1:1"}); err == nil || !strings.Contains(err.Error(), "192.0.2.1:1") {
		t.Errorf("it says %v", err)
	}
}
