package track

// fifo is a bounded map: when it is full, the oldest entry makes room. Entries
// lie in one slice and are linked by index, so that many cost the garbage
// collector little.
type fifo[K comparable, V any] struct {
	limit   int
	index   map[K]int32
	slots   []slot[K, V]
	free    []int32
	oldest  int32 // -1 when empty
	newest  int32
	evicted uint64
}

type slot[K comparable, V any] struct {
	key          K
	value        V
	older, newer int32 // -1 at the ends
}

func newFIFO[K comparable, V any](limit int) *fifo[K, V] {
	return &fifo[K, V]{limit: max(limit, 1), index: make(map[K]int32), oldest: -1, newest: -1}
}

func (f *fifo[K, V]) len() int { return len(f.index) }

// get is nil where there is no such entry. The pointer holds until the next add.
func (f *fifo[K, V]) get(k K) *V {
	if i, ok := f.index[k]; ok {
		return &f.slots[i].value
	}
	return nil
}

// add makes an empty entry, in place of one with the same key.
func (f *fifo[K, V]) add(k K) *V {
	f.remove(k)
	if len(f.index) >= f.limit {
		f.evicted++
		f.remove(f.slots[f.oldest].key)
	}
	i := f.slot()
	s := &f.slots[i]
	s.key, s.older, s.newer = k, f.newest, -1
	if f.newest >= 0 {
		f.slots[f.newest].newer = i
	} else {
		f.oldest = i
	}
	f.newest = i
	f.index[k] = i
	return &s.value
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

func (f *fifo[K, V]) remove(k K) {
	i, ok := f.index[k]
	if !ok {
		return
	}
	delete(f.index, k)
	s := &f.slots[i]
	if s.older >= 0 {
		f.slots[s.older].newer = s.newer
	} else {
		f.oldest = s.newer
	}
	if s.newer >= 0 {
		f.slots[s.newer].older = s.older
	} else {
		f.newest = s.older
	}
	*s = slot[K, V]{}
	f.free = append(f.free, i)
}
