package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	toolkit "github.com/prometheus/exporter-toolkit/web"
)

// Deadlines of a connection. Writing may take as long as a scrape and its way
// over a slow line; idle connections outlive a scrape interval of a minute.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = scrapeTimeout + 30*time.Second
	idleTimeout       = 3 * time.Minute
	maxHeaderBytes    = 16 << 10
	shutdownTimeout   = time.Second
)

// Serve answers requests at the addresses of flags until ctx ends (nil), or
// fails. Requests that have begun may end within a second.
func Serve(ctx context.Context, h http.Handler, flags *toolkit.FlagConfig, logger *slog.Logger) error {
	server := newServer(h, logger)
	ended := make(chan error, 1)
	go func() { ended <- toolkit.ListenAndServe(server, flags, logger) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
		return shutDown(server)
	}
}

func newServer(h http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		// Mostly clients that break off a TLS handshake: load balancers, scanners.
		ErrorLog: slog.NewLogLogger(logger.Handler(), slog.LevelDebug),
	}
}

func shutDown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), shutdownTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("stop HTTP: %w", err)
	}
	return nil
}
