package classify

import "testing"

// TestShippedRules tries every example of every rule that we ship.
func TestShippedRules(t *testing.T) {
	s := shipped(t)
	files, err := Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	if err := s.Check(names...); err != nil {
		t.Error(err)
	}
}
