//go:build linux

package e2e

// A disk of our own, so small that it can be filled up.

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

const diskSize = 16 << 20

// disk is a tmpfs.
type disk struct {
	t       *testing.T
	dir     string
	ballast *os.File // what fills it up; nil: nothing
	filling *task
}

// newDisk mounts one until the test ends, or skips.
func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, dir: t.TempDir()}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", 0, "size=16m,mode=700"); err != nil {
		t.Skipf("a disk that can be filled up takes root and the right to mount: %v", err)
	}
	t.Cleanup(d.unmount)
	return d
}

// unmount doesn't wait for those who still use it.
func (d *disk) unmount() {
	if err := syscall.Unmount(d.dir, syscall.MNT_DETACH); err != nil {
		d.t.Errorf("unmount %s: %v", d.dir, err)
	}
}

func (d *disk) path(name string) string { return filepath.Join(d.dir, name) }

// fill takes all the room there is, and what others give up.
func (d *disk) fill() {
	d.t.Helper()
	var err error
	if d.ballast, err = os.Create(d.path("ballast")); err != nil {
		d.t.Fatal(err)
	}
	d.top()
	d.filling = startTask(d.t, func(ctx context.Context) {
		for sleep(ctx, 5*time.Millisecond) {
			d.top()
		}
	})
}

// top writes until there is no room.
func (d *disk) top() {
	page := bytes.Repeat([]byte("x"), 4096)
	for range 2 * diskSize / len(page) {
		if _, err := d.ballast.Write(page); errors.Is(err, syscall.ENOSPC) {
			return
		} else if err != nil {
			d.t.Error(err)
			return
		}
	}
	d.t.Errorf("%s can't be filled up", d.dir)
}

// free gives the room back.
func (d *disk) free() {
	d.t.Helper()
	d.filling.stop()
	d.ballast.Close()
	if err := os.Remove(d.path("ballast")); err != nil {
		d.t.Error(err)
	}
}

// readOnly can be switched on while no file on the disk is open for writing.
func (d *disk) readOnly(on bool) {
	d.t.Helper()
	flags := uintptr(syscall.MS_REMOUNT)
	if on {
		flags |= syscall.MS_RDONLY
	}
	if err := syscall.Mount("tmpfs", d.dir, "tmpfs", flags, "size=16m"); err != nil {
		d.t.Fatalf("remount %s: %v", d.dir, err)
	}
}

func TestDisk(t *testing.T) {
	d := newDisk(t)
	write := func() error { return os.WriteFile(d.path("x"), make([]byte, 5000), 0o600) }
	for _, c := range []struct {
		name string
		do   func()
		want error
	}{
		{"empty", func() {}, nil},
		{"full", d.fill, syscall.ENOSPC},
		{"free again", d.free, nil},
		{"read-only", func() { d.readOnly(true) }, syscall.EROFS},
		{"writable again", func() { d.readOnly(false) }, nil},
	} {
		c.do()
		if err := write(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		os.Remove(d.path("x"))
	}
}
