package showq

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// newCommands is a Lister whose socket is missing, and whose postqueue is a
// script. Its queue directory is dir.
func newCommands(t *testing.T, postqueue string) (l *Lister, dir string) {
	t.Helper()
	dir = shortDir(t)
	l = newLister(t, filepath.Join(dir, "public", "showq"))
	script(t, dir, "postconf", `[ "$*" = "-hx queue_directory" ] && echo `+dir)
	script(t, dir, "postqueue", "[ \"$*\" = -j ] || exit 64\n"+postqueue)
	l.folders = []string{dir}
	return l, dir
}

func script(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\nPATH=/usr/bin:/bin\n"+text+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestOverCommand(t *testing.T) {
	object := "echo '" + jsonHead + `{"address": "b"}]}'` + "\n"
	all := told + "3F2A14B7C1 to \"b\": \"\"\n"
	for _, c := range []struct{ name, script, told, want string }{
		{"a list", object, all, ""},
		{"nothing waits", "", "", ""},
		{"it warns", "echo 'postqueue: warning: close: no' >&2\n" + object, all, ""},
		{"the mail system is down", "echo 'postqueue: fatal: Queue report unavailable - mail system is down' >&2; exit 69", "",
			"down: postqueue: fatal: Queue report unavailable - mail system is down: start Postfix"},
		{"down, and root looks itself", "echo 'postqueue: warning: Mail system is down -- accessing queue directly' >&2\n" + object, all,
			"down: postqueue: warning: Mail system is down -- accessing queue directly: start Postfix"},
		{"not allowed", "echo 'postqueue: warning: x' >&2; echo 'postqueue: fatal: User nobody(65534) is not allowed to view the mail queue' >&2; exit 69", "",
			"down: SOCKET; nor does postqueue help: postqueue: fatal: User nobody(65534) is not allowed to view the mail queue: add that user to authorized_mailq_users in main.cf"},
		{"another fault", "echo 'postqueue: fatal: bad \x1b[2J' >&2; exit 69", "", "down: SOCKET; nor does postqueue help: postqueue: fatal: bad ?[2J"},
		{"a fault without a word", "exit 1", "", "down: SOCKET; nor does postqueue help: postqueue -j: exit status 1"},
		{"killed", "kill -9 $$", "", "down: SOCKET; nor does postqueue help: postqueue -j: signal: killed"},
		{"cut", object + `printf '{"queue_name":'`, all, "cut: postqueue -j: the list is cut: it ends in the middle, behind 1 messages"},
		{"it says why it ends", object + `printf '{"queue_name":'; echo 'postqueue: fatal: malformed showq server response' >&2; exit 69`, all,
			"down: SOCKET; nor does postqueue help: postqueue: fatal: malformed showq server response"},
		{"no JSON", "echo usage; exec sleep 60", "", "malformed: postqueue -j: it prints something else than JSON objects"},
		{"hangs", "exec sleep 60", "", "timeout: postqueue -j: no answer within 1s: showq hangs, or Postfix does: see its log, and start it again"},
		{"hangs in the middle", object + "exec sleep 60", all, "timeout: postqueue -j: the list is cut: nothing more within 1s behind 1 messages: showq hangs, or its disk does: see Postfix's log"},
	} {
		l, dir := newCommands(t, c.script)
		if strings.HasPrefix(c.name, "hangs") {
			l.Silence = time.Second
		}
		var got diary
		result, err := l.List(context.Background(), &got)
		said := ""
		if err != nil {
			said = string(ReasonOf(err)) + ": " + strings.ReplaceAll(err.Error(), result.Refused.Error(), "SOCKET")
		}
		if said != c.want || got.String() != c.told {
			t.Errorf("%s (%s):\n got %q\nwant %q\n%s", c.name, dir, said, c.want, got.String())
		}
		if result.Way != "postqueue" || !errors.Is(result.Refused, fs.ErrNotExist) {
			t.Errorf("%s: %+v", c.name, result)
		}
	}
}

// What a hanging command has started is gone as well, and we do not wait for it.
func TestNothingStays(t *testing.T) {
	l, dir := newCommands(t, "sleep 60 & echo $! $$ >$(dirname $0)/pids; wait")
	l.Silence = time.Second
	started := time.Now()
	if _, err := l.List(context.Background(), &diary{}); ReasonOf(err) != Timeout {
		t.Error(err)
	}
	if took := time.Since(started); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	pids, err := os.ReadFile(filepath.Join(dir, "pids"))
	if err != nil {
		t.Fatal(err)
	}
	for pid := range strings.FieldsSeq(string(pids)) {
		n, _ := strconv.Atoi(pid)
		for deadline := time.Now().Add(5 * time.Second); alive(n); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("process %d lives on", n)
			}
		}
	}
}

// alive is false for a zombie too: its parent may be slow to see it.
func alive(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !strings.Contains(string(stat), ") Z ")
}

// The list of another Postfix would be worse than none.
func TestOtherInstance(t *testing.T) {
	l, dir := newCommands(t, "echo "+jsonHead+"]}")
	script(t, dir, "postconf", "echo /var/spool/other")
	result, err := l.List(context.Background(), &diary{})
	if err == nil || !strings.Contains(err.Error(), `whose queue is "/var/spool/other"`) || result.Way != "" || result.Messages != 0 {
		t.Errorf("%v, %+v", err, result)
	}
	script(t, dir, "postconf", "echo postconf: fatal: bad main.cf >&2; exit 1")
	if _, err := l.List(context.Background(), &diary{}); err == nil || !strings.Contains(err.Error(), "postconf: fatal: bad main.cf") {
		t.Error(err)
	}
	script(t, dir, "postconf", "exec sleep 60")
	l.Silence = 300 * time.Millisecond
	if _, err := l.List(context.Background(), &diary{}); ReasonOf(err) != Timeout || !strings.Contains(err.Error(), "postconf") {
		t.Error(err)
	}
}

// The caller who ends it does not hear of postconf.
func TestCommandIsEnded(t *testing.T) {
	l, dir := newCommands(t, "")
	script(t, dir, "postconf", "exec sleep 60")
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := l.List(ctx, &diary{}); !errors.Is(err, context.Canceled) || ReasonOf(err) != Other {
		t.Error(err)
	}
}

// A symbolic link to the queue is the queue.
func TestLinkedQueue(t *testing.T) {
	l, dir := newCommands(t, "")
	link := filepath.Join(shortDir(t), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	l.address = filepath.Join(link, "public", "showq")
	if result, err := l.List(context.Background(), &diary{}); err != nil || result.Way != "postqueue" {
		t.Errorf("%v, %+v", err, result)
	}
}

func TestWithoutPermission(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("to become somebody who may not, one has to be root first")
	}
	l, dir := newCommands(t, "")
	if err := os.Mkdir(filepath.Join(dir, "public"), 0o700); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { // whose thread ends with it
		defer close(done)
		runtime.LockOSThread()
		const nobody = 65534
		if _, _, errno := syscall.RawSyscall(syscall.SYS_SETRESUID, nobody, nobody, nobody); errno != 0 {
			t.Errorf("becoming nobody: %v", errno)
			return
		}
		result, err := l.List(context.Background(), &diary{})
		if err != nil || result.Way != "postqueue" || ReasonOf(result.Refused) != Forbidden || !strings.Contains(result.Refused.Error(), "postdrop") {
			t.Errorf("%v, %+v", err, result)
		}
	}()
	<-done
}
