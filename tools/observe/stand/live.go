package stand

import (
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/common/expfmt"

	"postfix_exporter/tools/observe/history"
)

// live goes on with a history, in the time of the clock, and is scraped.
type live struct {
	mu     sync.Mutex // guards fleet
	fleet  *history.Fleet
	server *http.Server
	at     string
}

// goOn serves each host's metrics at /INSTANCE.
func goOn(f *history.Fleet) (*live, error) {
	l := &live{fleet: f}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l.at = listener.Addr().String()
	l.server = &http.Server{Handler: l, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = l.server.Serve(listener) }()
	return l, nil
}

func (l *live) close() { _ = l.server.Close() }

// instances are the hosts that can be scraped.
func (l *live) instances() (all []string) {
	for _, h := range l.fleet.Hosts() {
		all = append(all, h.Instance)
	}
	return all
}

func (l *live) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); now.After(l.fleet.Now()) {
		if err := l.fleet.Advance(now); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	for _, h := range l.fleet.Hosts() {
		if h.Instance == strings.TrimPrefix(r.URL.Path, "/") {
			write(w, h)
			return
		}
	}
	http.NotFound(w, r)
}

func write(w http.ResponseWriter, h *history.Running) {
	families, err := h.Scrape()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	w.Header().Set("Content-Type", string(format))
	encoder := expfmt.NewEncoder(w, format)
	for _, f := range families {
		if encoder.Encode(f) != nil {
			return // the client went away
		}
	}
}
