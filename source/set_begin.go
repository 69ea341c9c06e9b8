// How a Set begins: which place belongs to which log.

package source

import (
	"os"
	"path/filepath"
	"slices"

	"postfix_exporter/checkpoint"
)

// begin opens all that is there, and tells which places nobody asks for any more.
func (s *Set) begin() error {
	s.sortPlaces()
	s.handOver()
	for _, o := range s.o.Others {
		if err := s.open(o); err != nil {
			return err
		}
	}
	found, faults := s.find(s.o.From)
	s.follows(found)
	s.placedFirst(found)
	waiting, err := s.admitAll(found)
	if err != nil {
		return err
	}
	s.tellFound(faults, waiting)
	s.dropPlaces(found)
	s.look = s.o.Now().Add(s.o.Look)
	return nil
}

// sortPlaces tells the places of patterns from those of logs. The only place is that
// of the only log, whatever its name is now: who opens it sees whether it is.
func (s *Set) sortPlaces() {
	for _, p := range s.o.At {
		if i := slices.IndexFunc(s.patterns, func(q *pattern) bool { return q.text == p.Log && p.IsZero() }); i >= 0 {
			s.patterns[i].known, s.patterns[i].since = true, p.NotAfter
		} else if p.Log != "" {
			s.places = append(s.places, p)
		}
	}
	s.lonely = len(s.places) == 1 && len(s.patterns) == 0 && len(s.named)+len(s.o.Others) == 1
}

// placedFirst puts those first that have a place: a file of two names is read by it.
func (s *Set) placedFirst(found []candidate) {
	rank := make(map[string]int)
	for _, c := range found {
		if s.placeOf(c.log) < 0 {
			rank[c.log] = 1
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return rank[a.log] - rank[b.log] })
}

// placeOf is the index of the log's place; below 0: it has none.
func (s *Set) placeOf(log string) int {
	return slices.IndexFunc(s.places, func(p checkpoint.Place) bool { return s.lonely || sameName(p.Log, log) })
}

// takePlace takes the log's place; without one, it is the zero Place.
func (s *Set) takePlace(log string) (p checkpoint.Place) {
	if i := s.placeOf(log); i >= 0 {
		p = s.places[i]
		s.places = slices.Delete(s.places, i, i+1)
	}
	return p
}

// open opens a source that isn't a file.
func (s *Set) open(o Other) error {
	at := s.takePlace(o.Log)
	source, err := o.Open(at, s.o.From, s.wake)
	if err != nil {
		return err
	}
	s.members = append(s.members, &member{Source: source, log: o.Log, resumed: at.Log != ""})
	if stream, ok := source.(*Stream); ok {
		s.streams = append(s.streams, stream)
	}
	return nil
}

// follows gives the place of a file that has another name now to that name: if
// nobody asks for the old one, or it is another file's. That one is new then.
func (s *Set) follows(found []candidate) {
	asked, in := make(map[string]*candidate), make(map[inode]*checkpoint.Place)
	for i := range found {
		asked[filepath.Clean(found[i].log)] = &found[i]
	}
	for i := range s.places {
		p := &s.places[i]
		in[inode{p.Device, p.Inode}] = p
	}
	for _, c := range found {
		info, err := os.Stat(c.log)
		if err != nil || s.placeOf(c.log) >= 0 {
			continue
		}
		id := identify(c.log, info)
		p := in[inode{id.Device, id.Inode}]
		if p == nil || !isIn(p, c.log) {
			continue
		}
		old := asked[filepath.Clean(p.Log)]
		if old != nil && isIn(p, p.Log) {
			continue
		}
		if p.Log = c.log; old != nil {
			old.from = Start
		}
	}
}

// isIn is true if the file at path is surely the one that p is in.
func isIn(p *checkpoint.Place, path string) bool {
	info, err := os.Stat(path)
	if err != nil || p.Cursor != "" || p.Head == 0 || !isAt(p, info) {
		return false
	}
	in, err := openAt(path, p)
	closeInput(in)
	return err == nil
}

// dropPlaces forgets the places of logs that nobody asks for any more.
func (s *Set) dropPlaces(asked []candidate) {
	s.lonely = false
	var dropped []Resume
	s.places = slices.DeleteFunc(s.places, func(p checkpoint.Place) bool {
		if slices.ContainsFunc(asked, func(c candidate) bool { return sameName(c.log, p.Log) }) {
			return false // it waits
		}
		if !p.IsZero() {
			dropped = append(dropped, Resume{How: Dropped, Log: p.Log, Was: p.Path})
		}
		return true
	})
	s.publish(func(r *roster) { r.resumed = append(r.resumed, dropped...) })
}
