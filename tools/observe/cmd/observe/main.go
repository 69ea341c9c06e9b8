// Command observe puts up Prometheus, Alertmanager and Grafana over some hours of
// made-up history, until Ctrl-C; or takes pictures of all dashboards and ends.
//
//	observe -prometheus PATH -grafana DIR
//	observe -prometheus PATH -grafana DIR -look DIR
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"postfix_exporter/tools/observe/look"
	"postfix_exporter/tools/observe/stand"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	o := stand.Options{Out: stdout}
	flags := flag.NewFlagSet("observe", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.Repository, "repository", ".", "where dashboards/ and alerts/ are")
	flags.StringVar(&o.Prometheus, "prometheus", "prometheus", "the program")
	flags.StringVar(&o.Alertmanager, "alertmanager", "", "the program; none if empty")
	flags.StringVar(&o.Grafana, "grafana", "", "its home, the directory with bin/grafana; none if empty")
	flags.StringVar(&o.PrometheusAt, "prometheus-at", "127.0.0.1:9090", "its address; port 0 is a free one")
	flags.StringVar(&o.AlertmanagerAt, "alertmanager-at", "127.0.0.1:9093", "its address")
	flags.StringVar(&o.GrafanaAt, "grafana-at", "127.0.0.1:3000", "its address")
	flags.StringVar(&o.Exporter, "exporter", "", "address of a real exporter to scrape as well")
	flags.IntVar(&o.Hours, "hours", 8, "hours of history")
	pictures := flags.String("look", "", "take pictures into this directory, and end")
	only := flags.String("only", "", "of the pictures, those with this in their names")
	flags.DurationVar(&o.Settle, "settle", 0, "wait that long before pictures are taken: alerts need some minutes to fire")
	browser := flags.String("browser", "chromium", "for the pictures")
	modules := flags.String("modules", "", "the directory with node_modules/puppeteer-core, for the pictures")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := observe(ctx, o, look.Options{Out: stdout, Dir: *pictures, Only: *only, Browser: *browser, Modules: *modules}); err != nil {
		fmt.Fprintf(stderr, "observe: %v\n", err)
		return 1
	}
	return 0
}

func observe(ctx context.Context, o stand.Options, pictures look.Options) error {
	dir, err := os.MkdirTemp("", "observe")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.Repository, err = filepath.Abs(o.Repository); err != nil {
		return err
	}
	o.Dir = dir
	s, err := stand.Up(ctx, o)
	if err != nil {
		return err
	}
	defer s.Close()
	if pictures.Dir != "" {
		return look.At(ctx, s.GrafanaURL(), pictures)
	}
	fmt.Fprint(o.Out, s.Addresses(), "Ctrl-C ends it.\n")
	return s.Wait(ctx)
}
