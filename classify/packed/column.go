package packed

// Bytes, Uint16s and Uint32s are columns of numbers of fixed width, as they lie
// in the packed bytes. What is not there is zero.
type (
	Bytes   string
	Uint16s string
	Uint32s string
)

// Bytes, Uint16s and Uint32s read a column of n numbers.
func (r *Reader) Bytes(n int) Bytes     { return Bytes(r.cut(n)) }
func (r *Reader) Uint16s(n int) Uint16s { return Uint16s(r.cut(2 * n)) }
func (r *Reader) Uint32s(n int) Uint32s { return Uint32s(r.cut(4 * n)) }

// At is a number by its place, from 0.
func (c Bytes) At(i int) byte {
	if i >= len(c) {
		return 0
	}
	return c[i]
}

// At is a number by its place, from 0.
func (c Uint16s) At(i int) uint16 {
	if 2*i+1 >= len(c) {
		return 0
	}
	return uint16(c[2*i]) | uint16(c[2*i+1])<<8
}

// At is a number by its place, from 0.
func (c Uint32s) At(i int) uint32 {
	if 4*i+3 >= len(c) {
		return 0
	}
	s := c[4*i : 4*i+4]
	return uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
}

// Put16 packs a list, for Take16.
func Put16[T ~uint16](w *Writer, list []T) {
	w.Number(len(list))
	for _, n := range list {
		w.Uint16(uint16(n))
	}
}

// Take16 reads a list whose numbers are below limit; nil of none.
func Take16[T ~uint16](r *Reader, limit int) []T {
	n := r.Count(2)
	column := r.Uint16s(n)
	if n == 0 {
		return nil
	}
	list := make([]T, n)
	var most T
	for i := range list {
		list[i] = T(column.At(i))
		most = max(most, list[i])
	}
	if int(most) >= limit {
		r.Fail()
		return nil
	}
	return list
}
