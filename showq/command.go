package showq

// postqueue -j: it may open the socket, being set-gid, and prints what showq says.

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// overCommand asks postqueue, if it would ask the same Postfix.
func (l *Lister) overCommand(ctx context.Context, d *draft) error {
	if err := l.checkQueue(ctx); err != nil {
		return err
	}
	path, err := l.find("postqueue")
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd, said := group(ctx, path, "-j")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return fault(Other, err, "start %s: %v", path, err)
	}
	d.result.Way = wayPostqueue
	readErr := l.read(ctx, out, d, readLines)
	if readErr != nil && ReasonOf(readErr) != Cut {
		stop() // it may never end of its own
	}
	return judge(cmd.Wait(), readErr, said.sentence())
}

// judge is what went wrong: what postqueue says is nearer to the cause than what
// we miss in its output, but for a command that we ended. Its exit status is the
// same for all (EX_UNAVAILABLE), so the texts of postqueue.c have to tell.
func judge(exit, read error, said string) error {
	switch {
	case read != nil && ReasonOf(read) != Cut:
		return where("postqueue -j", read)
	case strings.Contains(strings.ToLower(said), "mail system is down"): // root is shown the files all the same
		return fault(Down, exit, "%s: start Postfix", said)
	case exit != nil && strings.Contains(said, "not allowed to view the mail queue"):
		return fault(Forbidden, exit, "%s: add that user to authorized_mailq_users in main.cf", said)
	case exit != nil && said != "":
		return fault(Other, exit, "%s", said)
	case exit != nil:
		return fault(Other, exit, "postqueue -j: %v", exit)
	case read != nil:
		return where("postqueue -j", read)
	}
	return nil
}

// checkQueue asks whether postqueue's queue is the one that the socket belongs
// to: with several instances of Postfix it would tell of another.
func (l *Lister) checkQueue(ctx context.Context) error {
	path, err := l.find("postconf")
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeoutCause(ctx, l.Silence, errSilence)
	defer stop()
	cmd, said := group(ctx, path, "-hx", "queue_directory")
	var out opening
	cmd.Stdout = &out
	if err := cmd.Run(); err != nil && ctx.Err() != nil {
		return fault(Timeout, err, "postconf queue_directory: no answer in time")
	} else if err != nil {
		return fault(Other, err, "postconf queue_directory: %v: %s", err, said.sentence())
	}
	if queue := out.sentence(); !sameDirectory(queue, filepath.Dir(filepath.Dir(l.address))) {
		return fault(Other, nil, "the socket is not that of the Postfix that postqueue asks, whose queue is %q: correct the path, or set MAIL_CONFIG", queue)
	}
	return nil
}

func sameDirectory(a, b string) bool {
	if filepath.Clean(a) == filepath.Clean(b) {
		return true
	}
	one, err := os.Stat(a)
	if err != nil {
		return false
	}
	other, err := os.Stat(b)
	return err == nil && os.SameFile(one, other)
}

// find looks in PATH, then where packages put Postfix's commands: few users' PATH
// has those.
func (l *Lister) find(name string) (string, error) {
	path, err := exec.LookPath(name)
	for _, folder := range l.folders {
		if err == nil {
			break
		}
		path, err = exec.LookPath(filepath.Join(folder, name))
	}
	if err != nil {
		return "", fault(Other, nil, "there is no command %s here", name)
	}
	return path, nil
}
