package classify

import (
	"fmt"
	"slices"

	"postfix_exporter/classify/packed"
	"postfix_exporter/rules"
)

// BuiltIn is the set of the rules that are built in. It judges as one that Load
// makes of their files; but Check has no examples to try.
func BuiltIn() (*Set, error) {
	s, err := Unpack(rules.Packed)
	if err != nil {
		return nil, fmt.Errorf("built-in rules: rules/packed.bin %w; build again after make generate", err)
	}
	return s, nil
}

// Unpack reads what Set.Pack wrote. The Set's texts alias data. Its error says
// what is wrong with the data, as in "is damaged".
func Unpack(data string) (*Set, error) {
	r, err := packed.Open(packFormat, data)
	if err != nil {
		return nil, err
	}
	s := &Set{files: unpackTexts(r)}
	s.providers = unpackProviders(r)
	s.replies = unpackBook(r, s.files)
	s.rejects = unpackBook(r, s.files)
	if err := r.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

func unpackTexts(r *packed.Reader) []string {
	n := r.Count(1)
	if n == 0 {
		return nil
	}
	texts := make([]string, n)
	for i := range texts {
		texts[i] = r.Text()
	}
	return texts
}

// unpackProviders: Memo goes by the names, which are sorted and have all.
func unpackProviders(r *packed.Reader) providerTable {
	t := providerTable{names: unpackTexts(r)}
	for _, p := range []string{ProviderLocal, ProviderNone, ProviderOther} {
		if !slices.Contains(t.names, p) && t.names != nil {
			r.Fail()
		}
	}
	if !slices.IsSorted(t.names) || len(t.names) > maxProviders {
		r.Fail()
	}
	t.hosts, t.domains = unpackSuffixes(r, t.names), unpackSuffixes(r, t.names)
	return t
}

func unpackSuffixes(r *packed.Reader, providers []string) map[string]string {
	n := r.Count(2)
	table := make(map[string]string, n)
	for range n {
		suffix := r.Text()
		table[suffix] = packed.Pick(r, providers)
	}
	return table
}
