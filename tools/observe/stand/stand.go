// Package stand puts up Prometheus, Alertmanager and Grafana on loopback, over a
// history that was made up, beside hosts that go on with it live. It is for people
// who want to look, and for pictures; not for production.
package stand

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"

	"postfix_exporter/tools/observe/history"
	"postfix_exporter/tools/observe/replay"
)

// Options of a stand. Programs whose path is empty are left out, but for Prometheus.
type Options struct {
	Dir        string // for data, configurations and logs; it must be there
	Repository string // where dashboards/ and alerts/ are

	Prometheus, Alertmanager string // programs
	Grafana                  string // its home: the directory with bin/grafana, conf and public

	PrometheusAt, AlertmanagerAt, GrafanaAt string // addresses, HOST:PORT; port 0 is a free one
	Exporter                                string // the address of a real exporter to scrape; may be empty

	Hours  int           // of history before now
	Settle time.Duration // that Up waits at its end
	Out    io.Writer
}

// Stand is what runs.
type Stand struct {
	options Options
	fleet   *live
	started time.Time
	running []*process
}

// Up makes the history and starts everything. Close ends it.
func Up(ctx context.Context, o Options) (*Stand, error) {
	s := &Stand{options: o}
	if err := s.up(ctx); err != nil {
		s.Close()
		return nil, err
	}
	select {
	case <-time.After(o.Settle):
	case <-ctx.Done():
	}
	return s, nil
}

func (s *Stand) up(ctx context.Context) error {
	if err := s.freePorts(); err != nil {
		return err
	}
	if err := s.recordHistory(ctx); err != nil {
		return err
	}
	for _, start := range []func(context.Context) error{s.startAlertmanager, s.startPrometheus, s.startGrafana} {
		if err := start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// freePorts puts a free port where an address has 0.
func (s *Stand) freePorts() error {
	for _, at := range []*string{&s.options.PrometheusAt, &s.options.AlertmanagerAt, &s.options.GrafanaAt} {
		l, err := net.Listen("tcp", *at)
		if err != nil {
			return fmt.Errorf("the address %s can't be used, choose another: %w", *at, err)
		}
		*at = l.Addr().String()
		l.Close()
	}
	return nil
}

func (s *Stand) recordHistory(ctx context.Context) error {
	s.started = time.Now()
	f, db, err := replay.Record(ctx, history.Demo(s.started.UTC(), s.options.Hours), s.alerts(), s.data())
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("writing the history to %s: %w", s.data(), err)
	}
	fmt.Fprintf(s.options.Out, "%d hours of history, and of the day and week before, in %.0f s.\n", s.options.Hours, time.Since(s.started).Seconds())
	s.fleet, err = goOn(f)
	return err
}

func (s *Stand) data() string   { return filepath.Join(s.options.Dir, "prometheus") }
func (s *Stand) alerts() string { return filepath.Join(s.options.Repository, "alerts") }

// Addresses are where to look, a line each.
func (s *Stand) Addresses() string {
	text := "Prometheus    http://" + s.options.PrometheusAt + "\n"
	if s.options.Alertmanager != "" {
		text += "Alertmanager  http://" + s.options.AlertmanagerAt + "\n"
	}
	if s.options.Grafana != "" {
		text += "Grafana       http://" + s.options.GrafanaAt + "/d/postfix-overview\n"
	}
	return text
}

// GrafanaURL is Grafana's address.
func (s *Stand) GrafanaURL() string { return "http://" + s.options.GrafanaAt }

// Wait ends with ctx, or with the first program that ends.
func (s *Stand) Wait(ctx context.Context) error {
	ended := make(chan error, len(s.running))
	for _, p := range s.running {
		go func() { ended <- p.wait() }()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return err
	}
}

// Close stops what runs.
func (s *Stand) Close() {
	for i := len(s.running) - 1; i >= 0; i-- {
		s.running[i].stop()
	}
	if s.fleet != nil {
		s.fleet.close()
	}
}

func (s *Stand) write(name, text string) (path string, err error) {
	path = filepath.Join(s.options.Dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", err
	}
	return path, os.WriteFile(path, []byte(text), 0o644)
}
