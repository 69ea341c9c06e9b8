package showq

// What the values of a draft mean.

import (
	"strconv"
	"time"
	"unsafe"
)

// lastSecond bounds times: beyond it they are no times but errors.
const lastSecond = 1 << 40

// text aliases the value.
func (d *draft) text(f field) string {
	if !d.has(f) {
		return ""
	}
	return unsafe.String(unsafe.SliceData(d.values[f]), len(d.values[f]))
}

// number is -1 for what is none. attr_print0.c writes negative ones as very
// large, which are none.
func (d *draft) number(f field) int64 {
	n, err := strconv.ParseUint(d.text(f), 10, 63)
	if err != nil {
		d.result.Unread++
		return -1
	}
	return int64(n)
}

func (d *draft) time(f field) time.Time {
	n := d.number(f)
	switch {
	case n > lastSecond:
		d.result.Unread++
		return time.Time{}
	case n <= 0:
		return time.Time{}
	}
	return time.Unix(n, 0)
}

// flag is false where there is none: Postfix before 3.5 has no forced_expire.
func (d *draft) flag(f field) bool {
	switch text := d.text(f); text {
	case "1", "true":
		return true
	case "", "0", "false":
	default:
		d.result.Unread++
	}
	return false
}

// queueOf is the name in memory that stays.
func queueOf(name string) string {
	for _, known := range Queues {
		if name == known {
			return known
		}
	}
	return Queues[len(Queues)-1]
}
