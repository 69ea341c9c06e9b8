package main

import (
	"errors"
	"fmt"
	"io"

	"postfix_exporter/classify"
)

// errTold is the end of what has said already what went wrong.
var errTold = errors.New("told already")

// checkRules finds all faults of users' files, as serve would load them.
func checkRules(names []string, stdout, stderr io.Writer) error {
	own, err := appendRulesFiles(nil, names, make(map[string]bool))
	if err != nil {
		return err
	}
	set, _, err := loadRules(own)
	if faults, ok := errors.AsType[classify.Faults](err); ok {
		if _, err := fmt.Fprintln(stderr, faults); err != nil {
			return err
		}
		return errTold
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "%s, %s: no faults.\n", some(len(own), "file"), some(rulesOf(set, own), "rule"))
	return err
}

// rulesOf counts the rules of some files.
func rulesOf(set *classify.Set, files []classify.File) (n int) {
	own := make(map[string]bool)
	for i := range files {
		own[files[i].Name] = true
	}
	for _, rules := range [][]*classify.Rule{set.Rules(), set.Rejects()} {
		for _, r := range rules {
			if own[r.File] {
				n++
			}
		}
	}
	return n
}

func some(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
