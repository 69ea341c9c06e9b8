//go:build linux

package e2e

// What the text of an alert must have, and what is told when the test fails.

import (
	"io"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

var blocksURL = regexp.MustCompile(`http://\S+/blocks`)

// checkBlock: a page has the provider, the class, the list and its link, and links
// that lead somewhere.
func (w *watch) checkBlock(p page) {
	w.t.Helper()
	block := w.mailing.block
	w.pages.says(p, block.provider, block.class, "List "+block.list, block.link, w.instance)
	if !strings.HasSuffix(p.Annotations["runbook_url"], "#"+strings.ToLower(p.name())) {
		w.t.Errorf("%v: its runbook is %q", p, p.Annotations["runbook_url"])
	}
	if !strings.Contains(p.Annotations["dashboard_url"], "instance="+strings.ReplaceAll(w.instance, ":", "%3A")) {
		w.t.Errorf("%v: its dashboard is %q", p, p.Annotations["dashboard_url"])
	}
	resp, err := http.Get(blocksURL.FindString(p.Annotations["description"]))
	if err != nil {
		w.t.Errorf("%v: %v", p, err)
		return
	}
	defer resp.Body.Close()
	if text, err := io.ReadAll(resp.Body); err != nil || !strings.Contains(string(text), block.link) {
		w.t.Errorf("%v: its list of blocks has no %s: %v\n%s", p, block.link, err, text)
	}
}

// checkMail waits for the mail of an alert, which says all that.
func (w *watch) checkMail(name string, words ...string) {
	w.t.Helper()
	await(w.t, "mail about "+name, func() bool {
		for _, m := range w.mail.Messages() {
			text, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(string(m.Data)))) // as far as it is that
			if strings.Contains(string(text), name) && !slices.ContainsFunc(words, func(s string) bool { return !strings.Contains(string(text), s) }) {
				return true
			}
		}
		return false
	})
}

// explain tells who was told what and, where the test failed, what fires.
func (w *watch) explain() {
	for _, p := range w.pages.find("", "") {
		if p.name() != "Watchdog" {
			w.t.Log(p)
		}
	}
	if !w.t.Failed() {
		return
	}
	for name, a := range sorted(w.alerts()) {
		w.t.Logf("fires: %s %+v", name, a)
	}
	w.t.Logf("the exporter said:\n%s", w.exporter.stderr.String())
}
