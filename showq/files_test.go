package showq

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCountFiles(t *testing.T) {
	dir := t.TempDir()
	put := func(names ...string) {
		for _, name := range names {
			path := filepath.Join(dir, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("active/A1", "active/A2", "hold/H1", "deferred/3/3D1", "deferred/F/FD1", "deferred/F/FD2", "deferred/F/0/FD3", "incoming/I1", "maildrop/M1", "defer/3/3D1")
	for _, link := range []string{"hold/link", "hold/loop"} { // of no interest, and not followed
		if err := os.Symlink(dir, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := CountFiles(context.Background(), dir)
	want := map[string]int64{"active": 2, "hold": 1, "deferred": 4, "incoming": 1, "maildrop": 1}
	if !maps.Equal(got, want) || !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "corrupt") || strings.Contains(err.Error(), "active") {
		t.Errorf("%v, %v", got, err)
	}
	if err := os.Mkdir(filepath.Join(dir, "corrupt"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got, err = CountFiles(context.Background(), dir); err != nil || got["corrupt"] != 0 || len(got) != len(FileQueues) {
		t.Errorf("%v, %v", got, err)
	}
	deep := "deferred" + strings.Repeat("/0", maxHashDepth)
	put(deep+"/in", deep+"/0/out")
	if got, err = CountFiles(context.Background(), dir); err != nil || got["deferred"] != 5 {
		t.Errorf("%v, %v", got, err)
	}
}

// What is counted in part is not shown at all.
func TestCountFilesEnds(t *testing.T) {
	dir := t.TempDir()
	for _, queue := range FileQueues {
		path := filepath.Join(dir, queue, "3", "file")
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, nil, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if got, err := CountFiles(ctx, dir); len(got) != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%v, %v", got, err)
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "hold")), os.WriteFile(filepath.Join(dir, "hold"), nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	if got, err := CountFiles(context.Background(), dir); len(got) != len(FileQueues)-1 || err == nil {
		t.Errorf("%v, %v", got, err)
	}
}
