package e2e

// What waits in the queue, as postqueue tells.

import (
	"encoding/json"
	"strings"
	"testing"
)

// queued is a message in the queue, as postqueue -j tells.
type queued struct {
	Queue      string `json:"queue_name"`
	ID         string `json:"queue_id"`
	Arrived    int64  `json:"arrival_time"`
	Size       int64  `json:"message_size"`
	Sender     string `json:"sender"`
	Recipients []struct {
		Address string `json:"address"`
		Reason  string `json:"delay_reason"`
	} `json:"recipients"`
}

func (p *instance) queue(t *testing.T) (q []queued) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(p.run(t, "", "postqueue", "-c", p.path("conf"), "-j")))
	for d.More() {
		var m queued
		if err := d.Decode(&m); err != nil {
			t.Fatalf("postqueue -j: %v", err)
		}
		q = append(q, m)
	}
	return q
}

// settle waits until all mail is delivered, deferred or held, and is what
// waits. A listing is not one moment of the queue, so two must agree.
func (p *instance) settle(t *testing.T) (q []queued) {
	t.Helper()
	calm := 0
	defer func() {
		if t.Failed() {
			t.Logf("in the queue: %+v", q)
		}
	}()
	await(t, "the queue to settle", func() bool {
		q = p.queue(t)
		calm++
		for _, m := range q {
			if m.Queue != "deferred" && m.Queue != "hold" {
				calm = 0
			}
		}
		return calm == 3
	})
	return q
}

// retry tries each message of q once more. postqueue -f would do so too, but
// may meet a message again that was deferred while it reads the queue.
func (p *instance) retry(t *testing.T, q []queued) {
	t.Helper()
	each := []string{"sh", "-ec", `for id; do postqueue -c "$0" -i "$id"; done`, p.path("conf")}
	for _, m := range q {
		each = append(each, m.ID)
	}
	p.run(t, "", each...)
}

// in are the messages in the queue of that name.
func in(queue string, q []queued) (found []queued) {
	for _, m := range q {
		if m.Queue == queue {
			found = append(found, m)
		}
	}
	return found
}

func recipients(q []queued) (n int) {
	for _, m := range q {
		n += len(m.Recipients)
	}
	return n
}
