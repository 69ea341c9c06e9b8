package collector

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files and docs/METRICS.md instead of comparing")

func TestDocs(t *testing.T) {
	var b bytes.Buffer
	if err := WriteDocs(&b); err != nil {
		t.Fatal(err)
	}
	compareFile(t, "../docs/METRICS.md", b.Bytes())
}

// compareFile fails when a generated file is not what it should be; with -update
// it writes it.
func compareFile(t *testing.T, name string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is stale: run go test ./collector -update and read what changed", name)
	}
}

func TestDeclarations(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range declaredFamilies() {
		if seen[f.name] || f.help == "" || f.subject == "" || !strings.HasSuffix(f.help, ".") {
			t.Errorf("%s: declared twice, or without a sentence", f.name)
		}
		seen[f.name] = true
		for _, l := range f.key {
			if labelMeanings[l.name] == "" {
				t.Errorf("%s: label %q has no meaning", f.name, l.name)
			}
		}
	}
}
