package dashboards

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

// TestMain keeps the recorded data in a directory that goes away.
func TestMain(m *testing.M) {
	flag.Parse()
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "dashboards")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	dataDir = dir
	return m.Run()
}
