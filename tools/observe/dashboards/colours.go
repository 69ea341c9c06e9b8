package dashboards

import "github.com/grafana/grafana-foundation-sdk/go/dashboard"

// Grafana's names of colours: each has a shade for light and for dark.
const (
	green  = "green"
	amber  = "#E0A100" // its own yellows are too pale on white
	red    = "red"
	orange = "orange"
	blue   = "blue"
	light  = "super-light-blue"
	purple = "purple"
	grey   = "#8E8E8E"
)

// palette gives what is drawn its colour by its name, the same on each dashboard.
type palette map[string]string

var (
	outcomes = palette{
		"sent": green, "deferred": amber, "bounced": red, "soft_bounced": orange, "other": grey,
		"deliverable": blue, "undeliverable": purple, "truncated": grey, "given up": purple,
	}
	kinds  = palette{"hard": orange, "soft": amber, "block": red, "config": purple, "unknown": grey}
	queues = palette{
		"active": green, "incoming": blue, "deferred": amber, "hold": purple, "maildrop": light, "corrupt": red, "other": grey,
	}
	stages = palette{
		"before_queue_manager": blue, "queue_manager": purple, "connection_setup": amber, "transmission": green,
	}
	percentiles = palette{"half": green, "95 %": amber, "99 %": red}
	goodBad     = palette{"success": green, "failure": red, "accepted": green, "rejected": red}
	severities  = palette{"info": green, "warning": amber, "error": orange, "fatal": red, "panic": purple}
	outcomesOf  = palette{"parsed": green, "ignored": blue, "unrecognized": red, "foreign": grey}
	// Classes by what is to be done: reds and pinks refuse us, oranges are addresses,
	// yellows wait, purples are our own set-up, blues are the network.
	classes = palette{
		"blocklisted": red, "bad_reputation": "light-red", "spam_rejected": "dark-red", "policy_rejected": "#E07A9A", "virus_detected": "#A0305A",
		"user_unknown": orange, "mailbox_disabled": "dark-orange", "domain_unknown": "light-orange", "sender_rejected": "#8A5A2B",
		"mailbox_full": amber, "greylisted": "#F2CC0C", "rate_limited": "#B8860B", "remote_error": "#C9B458",
		"sender_auth_failed": purple, "relay_denied": "dark-purple", "smtp_auth_required": "light-purple", "message_too_large": "#B877D9",
		"message_malformed": "#7C5BA6", "rdns_missing": "super-light-purple", "routing_loop": "#5B3A8C", "protocol_error": "#9E86C8",
		"connection_failed": blue, "dns_failure": "dark-blue", "tls_failed": "light-blue", "unclassified": grey, "all others": "#B0B0B0",
	}
	// The largest providers; the others take what Grafana gives them.
	providers = palette{
		"google": green, "microsoft": blue, "yahoo": purple, "gmx": amber, "apple": "#4FC3C7", "other": grey, "none": "dark-red",
		"local": "light-green", "all others": "#B0B0B0", "t-online": "#E0479E", "orange": orange,
	}
	reasons = palette{
		"unknown_recipient": orange, "dnsbl": red, "client_access": "dark-red", "greylisted": amber, "client_name": purple, "helo": "light-purple",
		"spf": blue, "sender_domain": "light-blue", "unknown_sender": "dark-blue", "relay_denied": "#E07A9A", "rate_limited": "#B8860B", "policy": "#4FC3C7",
		"milter": green, "configuration": "#A0305A", "other": grey, "all others": "#B0B0B0",
	}
	// Of alerts, not of lines in the log.
	severitiesOfAlerts = palette{"critical": red, "warning": amber, "info": blue}

	days = palette{"now": red, "the day before": blue, "the week before": grey}
)

// overrides paint what is named so.
func (p palette) overrides(names []string) (all []override) {
	for _, name := range names {
		all = append(all, override{name, []dashboard.DynamicConfigValue{
			{Id: "color", Value: map[string]string{"mode": "fixed", "fixedColor": p[name]}},
		}})
	}
	return all
}
