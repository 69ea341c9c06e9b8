package source

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// setReceiveBuffer asks for a large buffer; beyond net.core.rmem_max only those may
// who administer the network.
func setReceiveBuffer(fd, bytes int) {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, bytes) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, bytes)
	}
}

// shutSocketReads says that a datagram socket that was shut down reads as empty
// datagrams; here, it reads as an empty socket.
const shutSocketReads = false

// The fields of SO_MEMINFO (include/uapi/linux/sock_diag.h).
const (
	meminfoDrops = 8
	meminfoVars  = 9
)

// socketDrops is how many datagrams the kernel dropped at this socket since it was made.
func socketDrops(fd int) (uint32, bool) {
	var info [meminfoVars]uint32
	size := uint32(unsafe.Sizeof(info))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	return info[meminfoDrops], errno == 0 && size > 4*meminfoDrops
}
