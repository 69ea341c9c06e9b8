// Package e2e runs a real Postfix on loopback, sends it mail of every kind, and
// compares what the exporter makes of its log with what was truly sent and
// answered. See README.md.
package e2e
