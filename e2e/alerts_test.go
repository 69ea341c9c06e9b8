//go:build linux

package e2e

// What a postmaster is told when mail is refused, the exporter dies, the log falls
// silent or the queue is stuck: from Postfix to the page, and that it is over.

import (
	"os/exec"
	"testing"
)

// watch is a mailing whose exporter is watched.
type watch struct {
	t        *testing.T
	binary   string
	mailing  *mailing
	instance string // address, label of the exporter
	exporter *server
	*monitor
}

// TestAlerts: mail that flows disturbs nobody. Each trouble is told, with what is
// needed to act; and each time that it is over.
func TestAlerts(t *testing.T) {
	needPostfix(t)
	builtTool(t, "prometheus")
	builtTool(t, "alertmanager")
	w := newWatch(t)
	w.healthy()
	w.refused()
	w.accepted()
	w.exporterKilled()
	w.logStale()
	w.queueStuck()
	w.calm()
	w.pages.none("BounceSpike", "ReputationBlock", "PostfixExporterDown", "LogStale", "QueueStuck",
		"NotDelivering", // the stuck queue
		"PostfixDown")   // the restarts
}

func newWatch(t *testing.T) *watch {
	t.Helper()
	w := &watch{t: t, binary: buildExporter(t), mailing: newMailing(t)}
	w.instance = "127.0.0.1:" + freePort(t, "127.0.0.1")
	w.mailing.start(t)
	w.serve()
	w.monitor = startMonitor(t, w.instance)
	t.Cleanup(w.explain)
	if out, err := w.mailing.submit("hold this", reader(0, 0)); err != nil {
		t.Fatalf("sendmail: %v\n%s", err, out)
	}
	startTask(t, w.mailing.send)
	return w
}

// serve starts the exporter, at the same address each time.
func (w *watch) serve() {
	w.exporter = launchAt(w.t, exec.Command(w.binary), w.instance, "--postfix.logfile_path="+w.mailing.log, "--state.file="+w.mailing.path("state"),
		"--postfix.showq_path="+w.mailing.path("queue/public/showq"), "--queue.interval=5s")
}

// healthy waits until the rules know the host's habits. One message is on hold all
// the while, which is told without haste; so is nothing else but that alerts get
// through.
func (w *watch) healthy() {
	w.t.Helper()
	w.pages.await("heartbeat", "firing", "Watchdog")
	await(w.t, "a mean of the day", func() bool { return w.has("instance:postfix_bounces_outbound:ratio1d") })
	w.pages.await("digest", "firing", "HeldMessages")
	w.pages.none()
	accepted, refused := 0, 0
	for _, s := range w.mailing.servers {
		accepted += s.Accepted()
		refused += s.Refused()
	}
	w.t.Logf("%d mails were accepted, %d refused, and nobody was disturbed", accepted, refused)
	if accepted < 300 || refused < 3 {
		w.t.Errorf("%d mails accepted, %d refused: too few to prove anything", accepted, refused)
	}
}

// refused: a provider begins to refuse. The page says who, why, and where to ask
// for removal.
func (w *watch) refused() {
	w.t.Helper()
	w.mailing.refusing.Store(true)
	block := w.mailing.block
	w.checkBlock(w.pages.await("pager", "firing", "ReputationBlock"))
	spike := w.pages.await("mail", "firing", "BounceSpike")
	w.checkBlock(spike)
	w.pages.says(spike, "over the day before")
	w.checkMail(spike.name(), block.provider, block.class, block.link, spike.Annotations["runbook_url"])
	await(w.t, "ReputationBlock to silence ProviderRefusing", func() bool { return w.silenced("ProviderRefusing", "ReputationBlock") })
	w.pages.none("BounceSpike", "ReputationBlock")
	if over := w.pages.find("resolved", ""); len(over) > 0 {
		w.t.Errorf("over, though the provider still refuses: %v", over)
	}
}

// accepted: the provider takes mail again.
func (w *watch) accepted() {
	w.t.Helper()
	w.mailing.refusing.Store(false)
	w.pages.await("mail", "resolved", "BounceSpike")
}

// exporterKilled: this is told, and all else that is known of the host is old. Then it
// comes back.
func (w *watch) exporterKilled() {
	w.t.Helper()
	w.exporter.cmd.Process.Kill()
	w.exporter.cmd.Wait()
	w.pages.await("pager", "firing", "PostfixExporterDown")
	await(w.t, "PostfixExporterDown to silence HeldMessages", func() bool { return w.silenced("HeldMessages", "PostfixExporterDown") })
	for name, a := range w.alerts() {
		if name != "Watchdog" && name != "PostfixExporterDown" && len(a.Status.InhibitedBy) == 0 {
			w.t.Errorf("%s of a host that can't be scraped is not silenced", name)
		}
	}
	w.serve()
	w.pages.await("pager", "resolved", "PostfixExporterDown")
}

// logStale: Postfix is told to write another log than the exporter reads.
func (w *watch) logStale() {
	w.t.Helper()
	w.mailing.restart("maillog_file="+w.mailing.path("other.log"), "maillog_file_prefixes="+w.mailing.dir)
	stale := w.pages.await("mail", "firing", "LogStale")
	w.pages.says(stale, w.instance)
	if !w.has("postfix_up == 1") {
		w.t.Error("Postfix is not up: LogStale proves nothing")
	}
	w.mailing.restart("maillog_file=")
	w.pages.await("mail", "resolved", "LogStale")
}

// queueStuck: the queue manager hangs.
func (w *watch) queueStuck() {
	w.t.Helper()
	goOn := w.mailing.stall(w.t, "qmgr")
	stuck := w.pages.await("pager", "firing", "QueueStuck")
	w.pages.says(stuck, "incoming", w.instance)
	goOn()
	w.pages.await("pager", "resolved", "QueueStuck")
}

// calm: in the end all is over.
func (w *watch) calm() {
	w.t.Helper()
	w.mailing.run(w.t, "", "postsuper", "-c", w.mailing.path("conf"), "-H", "ALL")
	await(w.t, "the end of all alerts", func() bool {
		all := w.alerts()
		_, watchdog := all["Watchdog"]
		return watchdog && len(all) == 1
	})
}
