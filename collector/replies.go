package collector

import (
	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// What is kept of the replies of failed deliveries beside their counts: the
// templates of those that no rule names, and who blocks us.

// readTemplate makes the template of a failed delivery that no rule names.
func (r *reading) readTemplate() {
	d := &r.event.Delivery
	if isUnclassified(&r.verdict) {
		r.template = classify.AppendTemplate(r.template[:0], d.Text, classify.LocalPart(d.To))
	}
}

// keep remembers a failed delivery. Others have a verdict without class and kind.
func (e *Engine) keep(r *reading) {
	if r.event.Kind != maillog.Delivery {
		return
	}
	if isUnclassified(&r.verdict) {
		e.unclassified.add(r)
	}
	if belongsToBlocks(&r.verdict) {
		e.blocks.add(r)
	}
}
