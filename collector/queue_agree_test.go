package collector

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"postfix_exporter/classify"
	"postfix_exporter/internal/mklog/traffic"
	"postfix_exporter/maillog"
	"postfix_exporter/showq"
)

// onlyCodes are texts that say nothing without dsn=, which no list of the queue has.
var onlyCodes = map[string]bool{"closed for the day": true}

// What the log says of a deferral, the queue says of the recipient: the same
// class, and the same provider. Only where the log has no relay, the queue says
// more.
func TestQueueAgreesWithLog(t *testing.T) {
	rules, kinds := shipped(t), make(map[string]bool)
	for _, d := range loggedDeferrals(t) {
		want := rules.JudgeDelivery(&d)
		provider, class := waitsAs(t, rules, &d)
		kinds[want.Provider], kinds[string(want.Class)] = true, true
		if class == string(want.Class) && (provider == want.Provider || want.Provider == classify.ProviderNone && provider != classify.ProviderNone) {
			continue
		}
		if onlyCodes[d.Text] {
			continue
		}
		t.Errorf("the queue has %s of %s, the log %s of %s: relay %v, %s (%s)", class, provider, want.Class, want.Provider, d.Relay, d.DSN, d.Text)
	}
	for _, kind := range []string{"none", "local", "google", "other", "connection_failed", "greylisted", "mailbox_full", "dns_failure"} {
		if !kinds[kind] {
			t.Errorf("no deferral of %s: that proves little", kind)
		}
	}
}

// waitsAs is how a queue with that one recipient is shown.
func waitsAs(t *testing.T, rules *classify.Set, d *maillog.DeliveryRecord) (provider, class string) {
	q := NewQueue(0)
	l := q.List(rules, queueNow)
	l.Message(&showq.Message{Queue: "deferred"})
	l.Recipient(nil, &showq.Recipient{Address: d.To, Reason: d.Text})
	for i, key := range l.recipients.keys {
		if l.recipients.rowAt(i)[0] == 1 {
			return key.Provider, key.Class
		}
	}
	t.Fatal("the recipient is nowhere")
	return "", ""
}

// loggedDeferrals are those of the logs that are there, each text once.
func loggedDeferrals(t *testing.T) (all []maillog.DeliveryRecord) {
	names, err := filepath.Glob("../testdata/logs/*.log")
	if err != nil {
		t.Fatal(err)
	}
	var made bytes.Buffer
	if _, err := traffic.New(traffic.Options{Rate: 5}).Write(&made, 50_000); err != nil {
		t.Fatal(err)
	}
	logs := [][]byte{made.Bytes()}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		logs = append(logs, data)
	}
	seen := make(map[string]bool)
	for _, data := range logs {
		p := maillog.Parser{Location: time.UTC}
		for line := range bytes.Lines(data) {
			var e maillog.Event
			if p.Parse(strings.TrimSuffix(string(line), "\n"), &e) && e.Kind == maillog.Delivery && e.Delivery.Status == maillog.Deferred && !seen[e.Delivery.Text] {
				seen[e.Delivery.Text] = true
				all = append(all, e.Delivery)
			}
		}
	}
	return all
}
