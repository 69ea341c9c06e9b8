package collector

import (
	"fmt"
	"reflect"
	"slices"

	"postfix_exporter/checkpoint"
)

// The books in a state: of each family its declaration, then its rows.

func (d *declarer) save(to *checkpoint.Encoder) {
	to.Uint(uint64(len(d.books)))
	for _, b := range d.books {
		b.about().describe(to)
		b.save(to)
	}
}

// restore takes families in any order. Those that are missing stay as they are.
func (d *declarer) restore(r *restorer) {
	var taken []string
	for range r.Count(1) {
		saved := r.text(maxLabelValue)
		if r.Err() != nil {
			return
		}
		r.where = saved
		name := r.names.family(saved)
		i := slices.IndexFunc(d.books, func(b anyBook) bool { return b.about().name == name })
		switch {
		case i < 0:
			r.other("%s is not known to this version", saved)
		case slices.Contains(taken, name):
			r.Fail("it is there twice")
		}
		if r.Err() != nil {
			return
		}
		taken = append(taken, name)
		if t := r.fit(d.books[i].about(), saved); r.Err() == nil {
			d.books[i].restore(r, t)
		}
	}
}

// saveKey puts the key of a row.
func (b *book[L]) saveKey(to *checkpoint.Encoder, row int) {
	key := reflect.ValueOf(&b.keys[row]).Elem()
	for i := range b.key {
		to.String(key.Field(i).String())
	}
}

// rows is how many rows come.
func (r *restorer) rows(t *fit) int {
	n := r.Count(len(t.key) + len(t.parts))
	if n > r.room/t.family.parts() {
		r.Fail("%d rows are too many", n)
		return 0
	}
	r.room -= n * t.family.parts()
	return n
}

// restoreKey takes a key and finds or makes its row, also beyond the limit: what
// was counted stays.
func (b *book[L]) restoreKey(r *restorer, t *fit) (row int, ok bool) {
	for _, p := range t.key {
		b.fields[p.at].SetString(r.labelValue(t, p))
	}
	if r.Err() != nil {
		return 0, false
	}
	row, known := b.index[b.scratch]
	if !known {
		row = b.add()
	}
	t.seen = append(t.seen, make([]bool, max(0, len(b.rows)-len(t.seen)))...)
	if t.seen[row] {
		r.Fail("the series of %s are there twice", quote(fmt.Sprint(b.scratch)))
		return 0, false
	}
	t.seen[row] = true
	return row, true
}

func (c *counter[L]) save(to *checkpoint.Encoder) {
	to.Uint(uint64(len(c.rows)))
	for row := range c.rows {
		c.saveKey(to, row)
		for _, n := range c.rowAt(row) {
			to.Uint(n)
		}
	}
}

func (c *counter[L]) restore(r *restorer, t *fit) {
	for range r.rows(t) {
		row, ok := c.restoreKey(r, t)
		if !ok {
			return
		}
		numbers := c.rowAt(row)
		for _, part := range t.parts {
			numbers[part] = r.count()
		}
	}
}

func (h *histogram[L]) save(to *checkpoint.Encoder) {
	to.Uint(uint64(len(h.rows)))
	for row := range h.rows {
		h.saveKey(to, row)
		distributions := h.rowAt(row)
		for i := range distributions {
			distributions[i].save(to)
		}
	}
}

func (h *histogram[L]) restore(r *restorer, t *fit) {
	for range r.rows(t) {
		row, ok := h.restoreKey(r, t)
		if !ok {
			return
		}
		distributions := h.rowAt(row)
		for _, part := range t.parts {
			distributions[part].restore(r, h.shape)
		}
	}
}
