// Package dashboards makes the Grafana dashboards in dashboards/. Each is a file
// here that lists its rows and panels in the order of the questions they answer:
//
//	stat("Sent", perMinute, "sum(rate(postfix_deliveries_total{$host, status=\"sent\"}[$w])) * 60")
//
// is a panel; queries.go tells what $host, $dest, $w and $r stand for.
package dashboards

import (
	"encoding/json"
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// A Board is one dashboard.
type Board struct {
	UID, Title, About string
	byProvider        bool // has the variable provider
	ofFleet           bool // asks recorded series, of all hosts: no variable instance
	rows              []section
}

// section is a row of Grafana's, with the panels below it.
type section struct {
	title  string
	panels []*panel
}

func row(title string, panels ...*panel) section { return section{title, panels} }

// All are the dashboards, in the order in which they are read.
func All() []Board {
	return []Board{overview(), bounces(), queue(), inbound(), exporter(), fleet()}
}

// File is the name of its file in dashboards/.
func (b *Board) File() string { return b.UID + ".json" }

// OfFleet is true of a dashboard over all hosts of a job, without the variable instance.
func (b *Board) OfFleet() bool { return b.ofFleet }

// JSON is the file.
func (b *Board) JSON() ([]byte, error) {
	made, err := b.build()
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", b.UID, err)
	}
	text, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", b.UID, err)
	}
	return append(text, '\n'), nil
}

// classic is the form that every Grafana from 10 on reads.
type classic = dashboard.Dashboard //nolint:staticcheck // the later form needs Grafana 12

func (b *Board) build() (classic, error) {
	d := b.shell()
	l := layout{}
	for _, s := range b.rows {
		d.WithRow(l.heading(s.title))
		for _, p := range s.panels {
			made, err := p.build()
			if err != nil {
				return classic{}, fmt.Errorf("panel %q: %w", p.title, err)
			}
			l.place(&made, p)
			d.WithPanel(built{made})
		}
	}
	return d.Build()
}

// built is a panel for the builder of a dashboard.
type built struct{ panel dashboard.Panel }

// Build is the panel as it is.
func (b built) Build() (dashboard.Panel, error) { return b.panel, nil }
