package collector

import (
	"reflect"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// A family is what is declared of a metric: all but its numbers.
type family struct {
	subject string // the chapter of docs/METRICS.md
	name    string
	help    string
	kind    prometheus.ValueType // of values that are not histograms
	key     []label
	sets    []set
	shape   *shape // histograms
	desc    *prometheus.Desc
	ofLines bool           // counts lines: may have the label host
	host    *dto.LabelPair // that label in all series; nil: it has none
}

// A label is one field of a family's key. An open one may take any value until
// the family is full; the others have few values by themselves.
type label struct {
	name string
	open bool
}

// A set is a label with few values, all of which exist, at 0, as soon as the
// row does.
type set struct {
	label  string
	values []string
}

func newSet(label string, values ...string) set { return set{label, values} }

// at is the place of a value in the set: of other, the last one, for those that
// it doesn't hold. Most values differ in length or in the first byte.
func (s *set) at(value string) int {
	for i, v := range s.values {
		if len(v) == len(value) && v[0] == value[0] && v == value {
			return i
		}
	}
	return len(s.values) - 1
}

// value is the set's own copy of a value, or its last one.
func (s *set) value(value string) string { return s.values[s.at(value)] }

// newFamily takes the names of the key's labels from the tags of L.
func newFamily[L comparable](d *declarer, name, help string, sets []set) family {
	f := family{subject: d.subject, name: name, help: help, sets: sets, kind: prometheus.CounterValue}
	for i, t := 0, reflect.TypeFor[L](); i < t.NumField(); i++ {
		n, option, _ := strings.Cut(t.Field(i).Tag.Get("label"), ",")
		f.key = append(f.key, label{n, option == "open"})
	}
	f.desc = prometheus.NewDesc(name, help, f.labels(), nil)
	return f
}

// nameHost gives all series the label host. It must come before the first row.
func (f *family) nameHost(name string) {
	f.host = &dto.LabelPair{Name: new(hostLabel), Value: new(name)}
	f.desc = prometheus.NewDesc(f.name, f.help, append(f.labels(), hostLabel), nil)
}

// labels are the names of all labels but host, the key's first.
func (f *family) labels() []string { return append(f.keyLabels(), f.setLabels()...) }

func (f *family) keyLabels() (names []string) {
	for _, l := range f.key {
		names = append(names, l.name)
	}
	return names
}

func (f *family) setLabels() (names []string) {
	for _, s := range f.sets {
		names = append(names, s.label)
	}
	return names
}

// parts is the number of series in a row.
func (f *family) parts() int {
	n := 1
	for _, s := range f.sets {
		n *= len(s.values)
	}
	return n
}

// stride is how far apart in a row two neighboring values of a set are.
func (f *family) stride(set int) int {
	n := 1
	for _, s := range f.sets[set+1:] {
		n *= len(s.values)
	}
	return n
}

// canFold says whether the family has labels that may become other.
func (f *family) canFold() bool {
	for _, l := range f.key {
		if l.open {
			return true
		}
	}
	return false
}

// about lets those who hold any kind of book read its declaration.
func (f *family) about() *family { return f }
