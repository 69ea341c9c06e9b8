package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"postfix_exporter/showq"
)

// parse takes a flag's value, or says what is wrong with it.
type parse func(string) error

// value makes a parse a kingpin.Value. Its errors name flag and value, which
// kingpin's own values leave out.
type value struct {
	flag string
	set  parse
	now  string
}

func (v *value) Set(s string) error {
	v.now = s
	if err := v.set(s); err != nil {
		return fmt.Errorf("--%s=%s: %w", v.flag, s, err)
	}
	return nil
}

func (v *value) String() string { return v.now }

// values is a value that may be repeated.
type values struct{ value }

// IsCumulative is what kingpin asks.
func (v *values) IsCumulative() bool { return true }

// add declares a flag that takes a value.
func add(cmd *kingpin.CmdClause, flag, help, byDefault string, set parse) {
	cmd.Flag(flag, help).Default(byDefault).SetValue(&value{flag: flag, set: set})
}

func text(to *string) parse {
	return func(s string) error {
		if *to = s; s == "" {
			return errors.New("the value is empty")
		}
		return nil
	}
}

func oneMore[S ~[]string](to *S) parse {
	return func(s string) error {
		if s == "" {
			return errors.New("the value is empty")
		}
		*to = append(*to, s)
		return nil
	}
}

func oneOf(to *string, all ...string) parse {
	return func(s string) error {
		*to = s
		for _, a := range all {
			if a == s {
				return nil
			}
		}
		return fmt.Errorf("not one of %s", strings.Join(all, ", "))
	}
}

// showqAddress takes an empty one, too.
func showqAddress(to *string) parse {
	return func(s string) (err error) {
		if *to = s; s != "" {
			_, err = showq.New(s)
		}
		return err
	}
}

func between(to *time.Duration, least, most time.Duration) parse {
	return func(s string) error {
		d, err := time.ParseDuration(s)
		if err != nil || d < least || d > most {
			return fmt.Errorf("not a time from %v to %v, like 30s or 5m", least, most)
		}
		*to = d
		return nil
	}
}

// maxLimit keeps a slip of the hand from taking all memory.
const maxLimit = 100_000_000

func above0(to *int) parse { return upTo(to, maxLimit) }

func upTo(to *int, most int) parse {
	return func(s string) error {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > most {
			return fmt.Errorf("not a whole number from 1 to %d", most)
		}
		*to = n
		return nil
	}
}
