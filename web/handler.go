// Package web answers HTTP requests: the metrics, what no rule names, who blocks
// us, health, readiness, the reload of the rules, and a page that links to them.
package web

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	toolkit "github.com/prometheus/exporter-toolkit/web"

	"postfix_exporter/collector"
)

// The paths beside the telemetry path.
const (
	HealthyPath = "/-/healthy"
	ReadyPath   = "/-/ready"
	ReloadPath  = "/-/reload"

	UnclassifiedPath = "/unclassified"
	BlocksPath       = "/blocks"
)

// Limits of one scrape and of scrapes at the same time. Two Prometheus servers,
// their retries and a person with a browser are well under ten.
const (
	maxScrapes    = 10
	scrapeTimeout = 30 * time.Second
)

// Options of a Handler.
type Options struct {
	TelemetryPath string // begins with a slash, see CheckPath
	Gatherer      prometheus.Gatherer
	Ready         func() error // nil: the counters can be shown; else what is waited for
	Unclassified  func() []collector.UnclassifiedReply
	Blocks        func() []collector.Block
	Reload        func() (rules, files int, err error) // loads the rules again
	Logger        *slog.Logger
	Version       string
}

// NewHandler makes the handler of everything that is served.
func NewHandler(o Options) (http.Handler, error) {
	mux := http.NewServeMux()
	// A pattern with GET takes HEAD too; the mux answers 405 to other methods.
	mux.Handle("GET "+ReadyPath, whenReady(o.Ready, sentence("Ready.")))
	mux.Handle("GET "+HealthyPath, sentence("Healthy."))
	mux.Handle("POST "+ReloadPath, reload(o.Reload))
	mux.Handle("GET "+UnclassifiedPath, whenReady(o.Ready, page(o.Unclassified, writeUnclassified)))
	mux.Handle("GET "+BlocksPath, whenReady(o.Ready, page(o.Blocks, writeBlocks)))
	if o.TelemetryPath == "/" { // no room for a landing page
		mux.Handle("GET /{$}", whenReady(o.Ready, metrics(o)))
		return mux, nil
	}
	mux.Handle("GET "+o.TelemetryPath, whenReady(o.Ready, metrics(o)))
	page, err := landingPage(o)
	if err != nil {
		return nil, fmt.Errorf("landing page: %w", err)
	}
	mux.Handle("GET /{$}", page)
	return mux, nil
}

// metrics serves whole scrapes only: one with a part missing would look like
// counters that were reset.
func metrics(o Options) http.Handler {
	return promhttp.HandlerFor(o.Gatherer, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(o.Logger.Handler(), slog.LevelError),
		ErrorHandling:       promhttp.HTTPErrorOnError,
		EnableOpenMetrics:   true,
		MaxRequestsInFlight: maxScrapes,
		Timeout:             scrapeTimeout,
	})
}

// whenReady answers 503 until ready: a scrape must never see a counter that is
// below one it has seen before a restart.
func whenReady(ready func() error, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := ready()
		if err == nil {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Retry-After", "5")
		http.Error(w, "Not ready: "+err.Error()+". Counters are shown once that is counted.", http.StatusServiceUnavailable)
	})
}

func sentence(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { say(w, text) })
}

func say(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	io.WriteString(w, text+"\n") // an error here is the client's
}

func landingPage(o Options) (http.Handler, error) {
	return toolkit.NewLandingPage(toolkit.LandingConfig{
		Name:        "Postfix Exporter",
		Description: "Prometheus metrics of what happened to Postfix's mail",
		Version:     o.Version,
		Profiling:   "false",
		Links: []toolkit.LandingLinks{
			{Address: o.TelemetryPath, Text: "Metrics"},
			{Address: UnclassifiedPath, Text: "Unclassified", Description: "replies that no rule names; also as JSON: ?format=json"},
			{Address: BlocksPath, Text: "Blocks", Description: "who blocks us, and what is to be done; also as JSON: ?format=json"},
			{Address: ReadyPath, Text: "Ready", Description: "200 once the log that was there at the start is counted, 503 before"},
			{Address: HealthyPath, Text: "Healthy", Description: "200 while the process answers"},
		},
	})
}
