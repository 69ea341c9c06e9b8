//go:build !linux

package source

import "golang.org/x/sys/unix"

func setReceiveBuffer(fd, bytes int) {
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, bytes)
}

const shutSocketReads = true

// socketDrops: nobody tells here.
func socketDrops(int) (uint32, bool) { return 0, false }
