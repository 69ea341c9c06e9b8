package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWriteAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	if _, err := Read(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("before the first one: %v", err)
	}
	for _, state := range []string{"one", "", strings.Repeat("long\n", 1<<18)} {
		if err := Write(path, []byte(state)); err != nil {
			t.Fatal(err)
		}
		got, err := Read(path)
		if err != nil || string(got) != state {
			t.Fatalf("read %.20q, %v; want %.20q", got, err, state)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%v lie about", left)
	}
}

// TestEveryDamageIsSeen flips each bit and cuts at each byte.
func TestEveryDamageIsSeen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	if err := Write(path, []byte("what had been counted")); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for n := range whole {
		if _, err := parse(whole[:n]); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut at %d: %v", n, err)
		}
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[n] ^= 1 << bit
			if _, err := parse(b); err == nil {
				t.Errorf("byte %d, bit %d: not noticed", n, bit)
			}
		}
	}
	if _, err := parse(append(bytes.Clone(whole), 0)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestOtherVersions(t *testing.T) {
	var other *VersionError
	if _, err := parse(fmt.Appendf(nil, "%s%d\nxyz", magic, Version+1)); !errors.As(err, &other) || other.Version != Version+1 {
		t.Errorf("a newer one: %v", err)
	}
	for _, number := range []string{"", "0", "-1", "x", "99999999999999999999"} {
		if _, err := parse([]byte(magic + number + "\nxyz")); !errors.Is(err, ErrDamaged) {
			t.Errorf("version %q: %v", number, err)
		}
	}
}

// TestAFailedWriteLeavesTheOldState: whatever step fails.
func TestAFailedWriteLeavesTheOldState(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "state")
	if err := Write(path, []byte("old")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(path+".tmp", 0o700); err != nil { // nothing can be written there
		t.Fatal(err)
	}
	if err := Write(path, []byte("new")); err == nil {
		t.Error("no error")
	}
	if got, err := Read(path); err != nil || string(got) != "old" {
		t.Errorf("read %q, %v", got, err)
	}
}

// TestTemporaryIsNotFollowed: who may write to the directory must not lead us to
// another file.
func TestTemporaryIsNotFollowed(t *testing.T) {
	dir := t.TempDir()
	path, victim := filepath.Join(dir, "state"), filepath.Join(dir, "victim")
	if err := errors.Join(os.WriteFile(victim, []byte("mine"), 0o600), os.Symlink(victim, path+".tmp")); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, []byte("new")); err == nil {
		t.Error("no error")
	}
	if got, _ := os.ReadFile(victim); string(got) != "mine" {
		t.Errorf("the other file holds %q", got)
	}
	// The link was taken away, as what is left of a failed write is.
	if err := Write(path, []byte("new")); err != nil {
		t.Error(err)
	}
}

func TestThroughASymbolicLink(t *testing.T) {
	dir := t.TempDir()
	real, link := filepath.Join(dir, "real"), filepath.Join(dir, "link")
	if err := errors.Join(Write(real, []byte("old")), os.Symlink(real, link), Write(link, []byte("new"))); err != nil {
		t.Fatal(err)
	}
	if got, err := Read(real); err != nil || string(got) != "new" {
		t.Errorf("read %q, %v", got, err)
	}
	held, err := Acquire(real)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if _, err := Acquire(link); !errors.Is(err, ErrInUse) {
		t.Errorf("the link locks another file: %v", err)
	}
}

func TestReadWhatIsNoFile(t *testing.T) {
	if _, err := Read(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("a directory: %v", err)
	}
}

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state")
	first, err := Acquire(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Acquire(path); !errors.Is(err, ErrInUse) {
		t.Errorf("a second one: %v", err)
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second, err := Acquire(path)
	if err != nil {
		t.Fatalf("after the first let go: %v", err)
	}
	second.Release()
	if _, err := Acquire(filepath.Join(path, "none", "state")); err == nil || errors.Is(err, ErrInUse) {
		t.Errorf("no such directory: %v", err)
	}
}
