package e2e

// Whoever is told of alerts: a webhook that writes down what comes.

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// page is an alert as one receiver was told of it.
type page struct {
	Receiver, Status    string // firing or resolved
	Labels, Annotations map[string]string
	at                  time.Duration // since the first
}

func (p page) name() string { return p.Labels["alertname"] }

// disturbs says whether it is of severity warning or above.
func (p page) disturbs() bool {
	return p.Labels["severity"] == "warning" || p.Labels["severity"] == "critical"
}

func (p page) String() string {
	return fmt.Sprintf("%.1f s: %s: %s %v", p.at.Seconds(), p.Receiver, p.Status, p.Labels)
}

// pages are all that came, in order.
type pages struct {
	t   *testing.T
	url string

	mu    sync.Mutex
	begin time.Time
	got   []page
}

func newPages(t *testing.T) *pages {
	p := &pages{t: t}
	s := httptest.NewServer(p)
	t.Cleanup(s.Close)
	p.url = s.URL
	return p
}

// ServeHTTP takes what Alertmanager sends to a webhook.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var said struct {
		Receiver string
		Alerts   []page
	}
	if err := json.NewDecoder(r.Body).Decode(&said); err != nil || r.URL.Path != "/"+said.Receiver {
		p.t.Errorf("%s was told of %q: %v", r.URL.Path, said.Receiver, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.begin.IsZero() {
		p.begin = time.Now()
	}
	for _, a := range said.Alerts {
		a.Receiver, a.at = said.Receiver, time.Since(p.begin)
		p.got = append(p.got, a)
	}
}

// find are those of that alert and status; "" is any.
func (p *pages) find(status, name string) (found []page) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, a := range p.got {
		if (status == "" || a.Status == status) && (name == "" || a.name() == name) {
			found = append(found, a)
		}
	}
	return found
}

// await waits for an alert at a receiver.
func (p *pages) await(receiver, status, name string) page {
	p.t.Helper()
	var found []page
	await(p.t, fmt.Sprintf("%s to be told that %s is %s", receiver, name, status), func() bool {
		found = slices.DeleteFunc(p.find(status, name), func(a page) bool { return a.Receiver != receiver })
		return len(found) > 0
	})
	return found[0]
}

// none fails if somebody was disturbed by another alert than these.
func (p *pages) none(but ...string) {
	p.t.Helper()
	for _, a := range p.find("", "") {
		if a.disturbs() && !slices.Contains(but, a.name()) {
			p.t.Errorf("an alert without a cause: %v %v", a, a.Annotations)
		}
	}
}

// says fails where the text of a page lacks one of these.
func (p *pages) says(a page, words ...string) {
	p.t.Helper()
	for _, word := range words {
		if !strings.Contains(a.Annotations["description"], word) {
			p.t.Errorf("%v does not tell of %q:\n%s", a, word, a.Annotations["description"])
		}
	}
}
