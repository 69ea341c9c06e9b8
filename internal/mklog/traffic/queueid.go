package traffic

// ids makes queue ids (global/mail_queue.h).
type ids struct {
	long  bool
	inode uint64
}

// The digits of long ids: no vowels; 'z' parts the time from the inode.
const digits52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"

// A file system uses the numbers of its inodes again.
const (
	firstInode = 0x41000
	inodes     = 1 << 18
)

// next is the id of a message that arrives at a time.
func (s *ids) next(at int64) string {
	s.inode++
	inode := firstInode + s.inode%inodes
	seconds, micro := uint64(at/1e6), uint64(at%1e6)
	b := make([]byte, 0, 24)
	if s.long {
		b = appendBase(b, seconds, 52, 6)
		b = appendBase(b, micro, 52, 4)
		b = append(b, 'z')
		return string(appendBase(b, inode, 51, 1))
	}
	b = appendHex(b, micro, 5)
	return string(appendHex(b, inode, 1))
}

func appendBase(b []byte, n, base uint64, width int) []byte {
	var digits [16]byte
	i := len(digits)
	for n > 0 || len(digits)-i < width {
		i--
		digits[i] = digits52[n%base]
		n /= base
	}
	return append(b, digits[i:]...)
}

func appendHex(b []byte, n uint64, width int) []byte {
	var digits [16]byte
	i := len(digits)
	for n > 0 || len(digits)-i < width {
		i--
		digits[i] = "0123456789ABCDEF"[n&15]
		n >>= 4
	}
	return append(b, digits[i:]...)
}
