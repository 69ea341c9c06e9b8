package dashboards

// thresholds are those of the alerts, by their names in alerts/thresholds.yaml, so
// that a number turns red when somebody is paged. A test compares them.
var thresholds = map[string]float64{
	"bounce_ratio_spike":    0.05,
	"bounce_ratio_high":     0.1,
	"provider_ratio":        0.2,
	"provider_attempts":     20,
	"provider_ratio_always": 0.5,
	"deferral_ratio":        0.3,
	"reputation_count":      10,
	"queue_high":            500,
	"active_queue_full":     18_000,
	"unparsed_ratio":        0.01,
	"log_stale_age":         1800,
	"lag_bytes":             10 << 20,
}

// limit is where a number turns amber and red. 0 is never.
type limit struct{ warning, critical float64 }

var limits = struct {
	bounceRatio, providerRatio, deferredRatio limit
	queued, active, oldest, blocks            limit
	unparsed, lineAge, lag                    limit
	one                                       limit // one is too many
}{
	bounceRatio:   limit{thresholds["bounce_ratio_spike"], thresholds["bounce_ratio_high"]},
	providerRatio: limit{thresholds["provider_ratio"], thresholds["provider_ratio_always"]},
	deferredRatio: limit{thresholds["deferral_ratio"], 0},
	queued:        limit{thresholds["queue_high"], 0},
	active:        limit{0, thresholds["active_queue_full"]},
	oldest:        limit{4 * 86400, 0}, // no alert: four of the five days that Postfix keeps a message by default
	blocks:        limit{1, thresholds["reputation_count"]},
	unparsed:      limit{thresholds["unparsed_ratio"], 0},
	lineAge:       limit{thresholds["log_stale_age"], 0},
	lag:           limit{thresholds["lag_bytes"], 0},
	one:           limit{0, 1},
}
