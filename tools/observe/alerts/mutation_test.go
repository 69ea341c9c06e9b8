package alerts

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/promql/parser"
)

// Each alert made never true, always true, without one of its conditions or
// without its waiting time breaks a test of its own.
func TestMutations(t *testing.T) {
	promtool := program(t, "promtool3")
	for _, file := range files {
		if file == "fleet.yaml" {
			continue
		}
		all := rules(t, file)
		for i, r := range all {
			if r.Alert == "" || r.Alert == "Watchdog" {
				continue
			}
			t.Run(r.Alert, func(t *testing.T) {
				t.Parallel()
				lab := newLab(t, promtool, file, all, i)
				if out, ok := lab.passes(r); !ok {
					t.Fatalf("it fails as it is:\n%s", out)
				}
				for _, m := range mutants(t, r) {
					if _, ok := lab.passes(m.rule); ok {
						t.Errorf("%s: no test notices\n%s", m.name, m.rule.Expr)
					}
				}
			})
		}
	}
}

type mutant struct {
	name string
	rule Rule
}

func mutants(t *testing.T, r Rule) []mutant {
	t.Helper()
	never, always := r, r
	never.Expr = "(" + r.Expr + ") unless on () vector(1)"
	bare := parse(t, r.Expr)
	for conditions(bare) > 0 {
		bare = without(bare, 0)
	}
	if always.Expr = bare.String(); conditions(bare) == 0 && always.Expr == parse(t, r.Expr).String() {
		always.Expr = "vector(1)"
	}
	all := []mutant{{"never true", never}, {"always true", always}}
	for n := range conditions(parse(t, r.Expr)) {
		m := r
		e := parse(t, r.Expr)
		m.Expr = without(e, n).String()
		all = append(all, mutant{fmt.Sprintf("without condition %d", n), m})
	}
	if r.For != "" {
		m := r
		m.For = ""
		all = append(all, mutant{"without for", m})
	}
	return all
}

// conditions is how many an expression has: comparisons, and what and and unless
// ask for. A guard against dividing by nothing is none.
func conditions(e parser.Expr) int {
	n := 0
	walk(e, false, func(parser.Expr) parser.Expr { n++; return nil })
	return n
}

// without is an expression without its condition n.
func without(e parser.Expr, n int) parser.Expr {
	return walk(e, false, func(left parser.Expr) parser.Expr {
		n--
		if n == -1 {
			return left
		}
		return nil
	})
}

// walk offers the left side of each condition, the inner ones first, and puts in its
// place what it gets.
func walk(e parser.Expr, divisor bool, offer func(left parser.Expr) parser.Expr) parser.Expr {
	switch x := e.(type) {
	case *parser.ParenExpr:
		x.Expr = walk(x.Expr, divisor, offer)
	case *parser.AggregateExpr:
		x.Expr = walk(x.Expr, false, offer)
	case *parser.Call:
		for i := range x.Args {
			x.Args[i] = walk(x.Args[i], false, offer)
		}
	case *parser.BinaryExpr:
		if born(x) {
			return e
		}
		x.LHS = walk(x.LHS, divisor, offer)
		x.RHS = walk(x.RHS, x.Op == parser.DIV || divisor && x.Op == parser.LOR, offer)
		guard := divisor && x.RHS.String() == "0"
		if (x.Op.IsComparisonOperator() && !guard || x.Op == parser.LAND || x.Op == parser.LUNLESS) && !isHistory(x) {
			if left := offer(x.LHS); left != nil {
				return left
			}
		}
	}
	return e
}

// born is the part of values.increase for series that came into being; a test of its
// own is about it.
func born(x *parser.BinaryExpr) bool {
	return strings.Contains(x.RHS.String(), "postfix_exporter_caught_up offset") || strings.HasPrefix(x.RHS.String(), "increase(")
}

// isHistory asks for enough of it, before a mean is worth something.
func isHistory(x *parser.BinaryExpr) bool {
	return strings.HasPrefix(x.RHS.String(), "count_over_time(") || strings.HasPrefix(x.LHS.String(), "count_over_time(")
}
