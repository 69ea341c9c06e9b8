// Command alerts writes the alert rules, and the table of thresholds in
// docs/RUNBOOKS.md.
//
//	alerts -root ../..             what make alerts does
//	alerts -factor 0.01 -out DIR   rules in which an hour passes in 36 seconds
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"postfix_exporter/tools/observe/alerts"
	"postfix_exporter/tools/observe/thresholds"
)

func main() { os.Exit(run(os.Args[1:], os.Stderr)) }

func run(args []string, stderr io.Writer) int {
	flags := flag.NewFlagSet("alerts", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("root", ".", "the project's root")
	out := flags.String("out", "", "write rules alone, and there, not into alerts/")
	factor := flags.Float64("factor", 1, "what windows are multiplied by, for tests")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if err := write(*root, *out, *factor); err != nil {
		fmt.Fprintf(stderr, "alerts: %v\n", err)
		return 1
	}
	return 0
}

func write(root, out string, factor float64) error {
	if out == "" && factor != 1 {
		return fmt.Errorf("the rules of the project have factor 1: say with -out where those with %g go", factor)
	}
	set, err := thresholds.Load(filepath.Join(root, "alerts", "thresholds.yaml"))
	if err != nil {
		return err
	}
	files, err := alerts.Render(set, factor)
	if err != nil {
		return err
	}
	if out != "" {
		return writeAll(out, files)
	}
	if err := writeAll(filepath.Join(root, "alerts"), files); err != nil {
		return err
	}
	return alerts.UpdateRunbooks(filepath.Join(root, "docs", "RUNBOOKS.md"), set)
}

func writeAll(dir string, files map[string][]byte) error {
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			return fmt.Errorf("writing the rules: %w", err)
		}
	}
	return nil
}
