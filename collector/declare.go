package collector

import (
	"reflect"
	"strings"

	"github.com/prometheus/client_golang/prometheus"

	"postfix_exporter/checkpoint"
)

// How families.go declares.

// A declarer collects what families.go declares.
type declarer struct {
	subject  string // of the next declarations
	ofLines  bool   // the next declarations count lines
	host     string // of the label host of those; "": they have no such label
	hosts    *hosts // nil: without that label, or of a further host
	limit    int    // series of one family at most
	declared []*family
	books    []anyBook
	values   []*value
}

// anyBook is a counter or a histogram, whatever its key.
type anyBook interface {
	about() *family
	freeze() frozen
	drain() uint64
	size() int // rows
	share(spare *int)
	saveRows(*checkpoint.Encoder)
	restoreRow(*restorer, *fit)
}

func newCounter[L comparable](d *declarer, name, help string, sets ...set) *counter[L] {
	c := &counter[L]{}
	c.start(newFamily[L](d, name, help, sets), d.limit)
	c.width = c.parts()
	d.add(c)
	return c
}

func newHistogram[L comparable](d *declarer, name, help string, s *shape, sets ...set) *histogram[L] {
	h := &histogram[L]{}
	h.start(newFamily[L](d, name, help, sets), d.limit)
	h.width, h.shape = h.parts(), s
	d.add(h)
	return h
}

func (d *declarer) add(b anyBook) {
	f := b.about()
	if f.ofLines = d.ofLines; f.ofLines && d.host != "" {
		f.nameHost(d.host)
	}
	d.books = append(d.books, b)
	d.declared = append(d.declared, f)
}

// further are the sets of the hosts that have one of their own.
func (d *declarer) further() []*families {
	if d.hosts == nil {
		return nil
	}
	return d.hosts.further
}

// A value is a number that the engine or its source keeps anyway.
type value struct {
	family
	read func(*moment) (v float64, known bool)
}

func newValue(d *declarer, name, help string, read func(*moment) (float64, bool)) *value {
	v := &value{newFamily[NoLabels](d, name, help, nil), read}
	d.values = append(d.values, v)
	d.declared = append(d.declared, &v.family)
	return v
}

func newGauge(d *declarer, name, help string, read func(*moment) (float64, bool)) {
	newValue(d, name, help, read).kind = prometheus.GaugeValue
}

// An info is a gauge of 1 whose labels tell something that the engine keeps. It
// bounds their number itself.
type info[L comparable] struct{ family }

func newInfo[L comparable](d *declarer, name, help string) *info[L] {
	i := &info[L]{newFamily[L](d, name, help, nil)}
	i.kind = prometheus.GaugeValue
	d.declared = append(d.declared, &i.family)
	return i
}

func (i *info[L]) send(ch chan<- prometheus.Metric, all []L) {
	for _, labels := range all {
		ch <- newInfoMetric(i.desc, reflect.ValueOf(labels))
	}
}

// newInfoMetric takes the labels' values from the fields of a key.
func newInfoMetric(desc *prometheus.Desc, key reflect.Value) prometheus.Metric {
	values := make([]string, key.NumField())
	for i := range values {
		values[i] = strings.ToValidUTF8(key.Field(i).String(), "?") // else no scrape would succeed
	}
	m, err := prometheus.NewConstMetric(desc, prometheus.GaugeValue, 1, values...)
	if err != nil {
		return prometheus.NewInvalidMetric(desc, err)
	}
	return m
}
