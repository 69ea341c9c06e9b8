package track

// fifo is a bounded map: when it is full, the oldest entry makes room. Entries
// lie in one slice and are linked by index, so that many cost the garbage
// collector little.
type fifo[K comparable, V any] struct {
	limit   int
	index   map[K]int32
	slots   []slot[K, V]
	free    []int32
	oldest  int32 // none when empty
	newest  int32
	evicted uint64
}

type slot[K comparable, V any] struct {
	key          K
	value        V
	older, newer int32 // none at the ends
}

func newFIFO[K comparable, V any](limit int) *fifo[K, V] {
	return &fifo[K, V]{limit: max(limit, 1), index: make(map[K]int32), oldest: none, newest: none}
}

// expect makes room for as many entries, or for all there can be. There must be
// none yet.
func (f *fifo[K, V]) expect(n int) {
	n = min(n, f.limit)
	f.index, f.slots = make(map[K]int32, n), make([]slot[K, V], 0, n)
}

func (f *fifo[K, V]) len() int { return len(f.index) }

// none is the place of an entry that is not there.
const none int32 = -1

// find is the place of an entry, or none. It holds until the entry is removed.
func (f *fifo[K, V]) find(k K) int32 {
	if i, ok := f.index[k]; ok {
		return i
	}
	return none
}

// at is the entry at a place. The pointer holds until the next add.
func (f *fifo[K, V]) at(i int32) *V { return &f.slots[i].value }

// isFull says whether the next add makes the oldest entry leave.
func (f *fifo[K, V]) isFull() bool { return len(f.index) >= f.limit }

// add makes an empty entry, with a key that is not there yet.
func (f *fifo[K, V]) add(k K) int32 {
	if f.isFull() {
		f.evicted++
		f.remove(f.oldest)
	}
	i := f.slot()
	s := &f.slots[i]
	s.key, s.older, s.newer = k, f.newest, none
	if f.newest != none {
		f.slots[f.newest].newer = i
	} else {
		f.oldest = i
	}
	f.newest = i
	f.index[k] = i
	return i
}

func (f *fifo[K, V]) slot() int32 {
	if n := len(f.free); n > 0 {
		i := f.free[n-1]
		f.free = f.free[:n-1]
		return i
	}
	f.slots = append(f.slots, slot[K, V]{})
	return int32(len(f.slots) - 1)
}

func (f *fifo[K, V]) remove(i int32) {
	s := &f.slots[i]
	delete(f.index, s.key)
	if s.older != none {
		f.slots[s.older].newer = s.newer
	} else {
		f.oldest = s.newer
	}
	if s.newer != none {
		f.slots[s.newer].older = s.older
	} else {
		f.newest = s.older
	}
	*s = slot[K, V]{}
	f.free = append(f.free, i)
}
