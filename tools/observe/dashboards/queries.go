package dashboards

import (
	"fmt"
	"strings"
)

// expand writes out the shorthand of queries:
//
//	$host  the matchers of the variables job and instance
//	$fleet that of job alone
//	$dest  those, and that of the variable provider
//	$out   leave out what is delivered on the host itself
//	$w     the window of a rate: Grafana fits it to the step and the scrape interval
//	$r     the time range shown
func expand(expr string) string { return shorthand.Replace(strings.Join(strings.Fields(expr), " ")) }

var shorthand = strings.NewReplacer(
	"$host", `job=~"$job", instance=~"$instance"`,
	"$fleet", `job=~"$job"`,
	"$out", `provider!="local", daemon!~"local|virtual|lmtp|pipe"`,
	"$dest", `job=~"$job", instance=~"$instance", provider=~"$provider"`,
	"[$w]", "[$__rate_interval]",
	"$r]", "$__range]",
	"offset $r", "offset $__range",
)

// Plain is a query with what Grafana writes for its variables: all hosts, windows of
// five minutes, two hours shown.
func Plain(expr string) string { return grafana.Replace(expr) }

var grafana = strings.NewReplacer("$__rate_interval", "5m", "$__range", "2h", `"$job|"`, `".+|"`, `"$instance|"`, `".+|"`,
	"$job", ".+", "$instance", ".+", "$provider", ".+")

// Queries are all that the dashboard asks, as it asks it, by the panel's title.
func (b *Board) Queries() map[string][]string {
	all := make(map[string][]string)
	for _, s := range b.rows {
		for _, p := range s.panels {
			for _, x := range p.queries {
				all[p.title] = append(all[p.title], expand(x.expr))
			}
		}
	}
	return all
}

// query is one of a panel's queries, and the name of what it shows.
type query struct{ expr, legend string }

func q(expr, legend string) query { return query{expr, legend} }

// rateOf is the sum of a counter's rates, in events a minute. by may be "".
func rateOf(counter, by string) string {
	return fmt.Sprintf("sum%s (rate(%s[$w])) * 60", grouped(by), counter)
}

// countOf is what a counter counted in the time shown.
func countOf(counter, by string) string {
	return fmt.Sprintf("sum%s (increase(%s[$r]))", grouped(by), counter)
}

// newly is countOf with series that began meanwhile: increase misses the first event of
// each, and where failures are rare the first is what one looks for.
func newly(counter, by string) string {
	return fmt.Sprintf("sum%s ((%s unless %s offset $r and on (job, instance) postfix_exporter_caught_up{$host} offset $r) or increase(%s[$r]))",
		grouped(by), counter, counter, counter)
}

func grouped(by string) string {
	if by == "" {
		return ""
	}
	return " by (" + by + ")"
}

// orZero is 0 where there is nothing: a host that has sent nothing yet.
func orZero(expr string) string { return expr + " or vector(0)" }

// share is part of whole; nothing where the whole is 0.
func share(part, whole string) string { return fmt.Sprintf("(%s) / (%s > 0)", part, whole) }

// topOf are the rates of the n label values with the most events in the time
// shown, and the sum of all others. The choice is made once, at the end of the time
// shown: else each step would choose its own.
func topOf(n int, counter, by string) []query {
	chosen := fmt.Sprintf("topk(%d, sum by (%s) (increase(%s[$r] @ end())) > 0)", n, by, counter)
	each := fmt.Sprintf("sum by (%s) (rate(%s[$w]))", by, counter)
	return []query{
		q(fmt.Sprintf("(%s and on (%s) %s) * 60", each, by, chosen), "{{"+strings.ReplaceAll(by, ", ", "}} {{")+"}}"),
		q(fmt.Sprintf("sum(%s unless on (%s) %s) * 60 > 0", each, by, chosen), "all others"),
	}
}

// quantile is of a histogram, over all hosts and whatever by does not name; nothing
// where nothing was observed.
func quantile(of float64, histogram, by string) string {
	if by != "" {
		by = ", " + by
	}
	return fmt.Sprintf("histogram_quantile(%g, sum by (le%s) (rate(%s[$w]))) > 0", of, by, histogram)
}

// quantiles are the usual three.
func quantiles(histogram string) []query {
	return []query{
		q(quantile(0.5, histogram, ""), "half"),
		q(quantile(0.95, histogram, ""), "95 %"),
		q(quantile(0.99, histogram, ""), "99 %"),
	}
}
