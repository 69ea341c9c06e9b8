package alerts

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"postfix_exporter/tools/observe/thresholds"
)

const root = "../../.." // the project

// files are those that Render makes, in order.
var files = []string{"bounces.yaml", "exporter.yaml", "fleet.yaml", "flow.yaml", "inbound.yaml"}

func load(t *testing.T) *thresholds.Set {
	t.Helper()
	set, err := thresholds.Load(filepath.Join(root, "alerts", "thresholds.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// rules are those of one file as it stands in the project.
func rules(t *testing.T, name string) []Rule {
	t.Helper()
	f, err := Parse(read(t, "alerts", name))
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Groups) != 1 || f.Groups[0].Name+".yaml" != name {
		t.Fatalf("%s: one group, with the name of its file, is wanted", name)
	}
	return f.Groups[0].Rules
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{root}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// program is the path of one that `make observe-tools` builds; without it the test is skipped.
func program(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(root, ".cache", "bin", name))
	if err == nil {
		_, err = os.Stat(path)
	}
	if err != nil {
		t.Skipf("no %s: 'make observe-tools' builds it", name)
	}
	return path
}

func TestFilesAreThese(t *testing.T) {
	made, err := Render(load(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	for name := range made {
		if !slices.Contains(files, name) {
			t.Errorf("%s is new: name it in this test", name)
		}
	}
}
