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
	for i, b := range d.books {
		b.about().describe(to)
		d.saveRows(to, i)
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
			d.restoreRows(r, t, i)
		}
	}
}

// saveKey puts the key of a row, behind the host.
func (b *book[L]) saveKey(to *checkpoint.Encoder, row int) {
	if b.host != nil {
		to.String(b.host.GetValue())
	}
	key := reflect.ValueOf(&b.keys[row]).Elem()
	for i := range b.key {
		to.String(key.Field(i).String())
	}
}

// takeRoom is for a row that was not there.
func (r *restorer) takeRoom(series int) {
	if r.room -= series; r.room < 0 {
		r.Fail("there are too many series")
	}
}

// restoredRow finds or makes the row of the key that was taken, also beyond the
// limit: what was counted stays.
func (b *book[L]) restoredRow(r *restorer, t *fit) (row int, ok bool) {
	for i, v := range t.values {
		b.fields[i].SetString(v)
	}
	row, known := b.index[b.scratch]
	if !known {
		if r.takeRoom(b.parts()); r.Err() != nil {
			return 0, false
		}
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

func (c *counter[L]) saveRows(to *checkpoint.Encoder) {
	for row := range c.rows {
		c.saveKey(to, row)
		for _, n := range c.rowAt(row) {
			to.Uint(n)
		}
	}
}

// restoreRow adds what comes to what is there: nothing, or another host's.
func (c *counter[L]) restoreRow(r *restorer, t *fit) {
	row, ok := c.restoredRow(r, t)
	if !ok {
		return
	}
	numbers := c.rowAt(row)
	for _, part := range t.parts {
		numbers[part] = r.sum(numbers[part], r.count())
	}
}

func (h *histogram[L]) saveRows(to *checkpoint.Encoder) {
	for row := range h.rows {
		h.saveKey(to, row)
		distributions := h.rowAt(row)
		for i := range distributions {
			distributions[i].save(to)
		}
	}
}

func (h *histogram[L]) restoreRow(r *restorer, t *fit) {
	row, ok := h.restoredRow(r, t)
	if !ok {
		return
	}
	distributions := h.rowAt(row)
	for _, part := range t.parts {
		distributions[part].restore(r, h.shape)
	}
}
