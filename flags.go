package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"postfix_exporter/collector"
	"postfix_exporter/web"
)

const (
	program       = "postfix_exporter"
	cmdServe      = "serve"
	cmdReport     = "report"
	cmdClassify   = "classify"
	cmdCheckRules = "check-rules"
)

// command is what the arguments ask for. A command without a name was done
// while they were read: --help, --version.
type command struct {
	name       string
	said       []byte // what was asked for
	serve      serveOptions
	report     reportOptions
	classify   classifyOptions
	rulesFiles []string // to check
}

type serveOptions struct {
	web           *toolkit.FlagConfig
	telemetryPath string
	logfiles      []string // paths and patterns
	logfilesGiven bool
	poll          bool
	journal       journalOptions
	stream        streamOptions
	from          string
	state         string
	stateGiven    bool
	queue         queueOptions
	rules         rulesFiles
	showAddresses bool
	byHost        bool
	limits        limits
	logLevel      string
	logFormat     string
}

type reportOptions struct {
	files  []string
	format string
	rules  rulesFiles
	byHost bool
	limits limits
}

type classifyOptions struct {
	input   string
	explain bool
	rules   rulesFiles
}

// limits bound the memory.
type limits struct{ messages, series, hosts int }

// parseArgs reads the arguments.
func parseArgs(args []string) (*command, error) {
	c := &command{}
	done := false // kingpin goes on after Terminate; what it finds then is of no interest
	app := kingpin.New(program, "Prometheus exporter for Postfix logs.")
	app.Terminate(func(int) { done = true })
	var said bytes.Buffer // kingpin panics where it can't write
	app.UsageWriter(&said).ErrorWriter(io.Discard)
	app.UsageTemplate(usage)
	app.Version(version.Print(program))
	app.HelpFlag.Help("Show help; after a command, its own.").Short('h')
	addServe(app, &c.serve)
	addReport(app, &c.report)
	addClassify(app, &c.classify)
	addCheckRules(app, &c.rulesFiles)
	name, err := app.Parse(plainNames(args))
	switch {
	case done:
		return &command{said: said.Bytes()}, nil
	case err != nil:
		return nil, inWords(err)
	}
	c.name = name
	if name == cmdServe {
		return c, errors.Join(checkAddresses(c.serve.web), c.serve.journal.check())
	}
	return c, errors.Join(nameStdin(c.report.files, args), nameStdin(c.rulesFiles, args))
}

// plainNames keeps kingpin from reading arguments out of a file named @...: s6-log
// and svlogd name their logs so.
func plainNames(args []string) []string {
	plain := slices.Clone(args)
	for i, a := range plain {
		if strings.HasPrefix(a, "@") {
			plain[i] = "./" + a
		}
	}
	return plain
}

// usage is kingpin's, with the flags of the command that needs no name.
var usage = kingpin.DefaultUsageTemplate + `{{if not .Context.SelectedCommand}}{{range .App.Commands}}{{if .Default -}}
Flags of {{.Name}}:
{{.Flags|FlagsToTwoColumns|FormatTwoColumns}}{{end}}{{end}}{{end}}`

// inWords makes a sentence of what kingpin says of an argument too many.
func inWords(err error) error {
	if arg, ok := strings.CutPrefix(err.Error(), "unexpected "); ok && !strings.HasPrefix(arg, "argument") {
		return fmt.Errorf("unexpected argument '%s'", arg)
	}
	return err
}

func addServe(app *kingpin.Application, o *serveOptions) {
	cmd := app.Command(cmdServe, "Follow a log and serve metrics (the default).").Default()
	o.web = kingpinflag.AddFlags(cmd, ":9154")
	add(cmd, "web.telemetry-path", "Path under which metrics are served.", "/metrics", path(&o.telemetryPath))
	addLogfiles(cmd, o)
	cmd.Flag("postfix.logfile_poll", "Look at the log now and then instead of relying on the file system's notifications (NFS).").BoolVar(&o.poll)
	addJournal(cmd, &o.journal)
	addStream(cmd, &o.stream)
	add(cmd, "log.from", "Where to begin in a log without a saved position: start or end.", "start", oneOf(&o.from, "start", "end"))
	addState(cmd, o)
	addQueue(cmd, &o.queue)
	addRules(cmd, &o.rules)
	cmd.Flag("web.show-addresses", "Show at "+web.UnclassifiedPath+" the last reply of each template as it was logged, with its addresses.").BoolVar(&o.showAddresses)
	addHost(cmd, &o.byHost, "On a central log host: give what counts lines the label host, the host that each line names.")
	addLimits(cmd, &o.limits)
	add(cmd, "log.level", "Least severity of own log lines: debug, info, warn or error.", "info", oneOf(&o.logLevel, "debug", "info", "warn", "error"))
	add(cmd, "log.format", "Format of own log lines: logfmt or json.", "logfmt", oneOf(&o.logFormat, "logfmt", "json"))
}

func addReport(app *kingpin.Application, o *reportOptions) {
	cmd := app.Command(cmdReport, "Sum up logs, in any order: files, files packed with gzip, - for standard input.")
	add(cmd, "format", "text for people, json for programs, prometheus for tools that read a scrape.", "text",
		oneOf(&o.format, "text", "json", "prometheus"))
	addRules(cmd, &o.rules)
	addHost(cmd, &o.byHost, "With --format=prometheus, give what counts lines the label host, the host that each line names.")
	addLimits(cmd, &o.limits)
	cmd.Arg("file", "Logs to read.").Required().StringsVar(&o.files)
}

func addClassify(app *kingpin.Application, o *classifyOptions) {
	cmd := app.Command(cmdClassify, "Judge replies from standard input, a line each: the reply, Postfix's text with its words around it, or a log's line. "+
		"A line of output for each: class, kind, provider, rule (- none), parted by tabs.")
	add(cmd, "input", "lines, or tsv: a table whose first line names its columns, parted by tabs, of which text is needed: code, enhanced, host, command, text.", "lines",
		oneOf(&o.input, "lines", "tsv"))
	cmd.Flag("explain", "Below each line, by four blanks: the text as it is matched, and the rule with its file and line.").BoolVar(&o.explain)
	addRules(cmd, &o.rules)
}

func addCheckRules(app *kingpin.Application, files *[]string) {
	cmd := app.Command(cmdCheckRules, "Find what is wrong with your own files of rules, as serve would load them.")
	cmd.Arg("file", "Files to check, in the order in which serve is to read them.").Required().StringsVar(files)
}

func addRules(cmd *kingpin.CmdClause, to *rulesFiles) {
	const name = "rules.file"
	cmd.Flag(name, "Your own rules, which come before those built in; may be a pattern (*.yaml), and be repeated.").
		PlaceHolder("FILE").SetValue(&values{value{flag: name, set: oneMore(to)}})
}

func addLogfiles(cmd *kingpin.CmdClause, o *serveOptions) {
	const name = "postfix.logfile_path"
	cmd.Flag(name, "Postfix's log. It may appear later, and be rotated. Can be a pattern (/var/log/pods/mail_*/postfix/*.log), a FIFO, - for standard input, and be repeated.").
		Default(defaultLog).IsSetByUser(&o.logfilesGiven).SetValue(&values{value{flag: name, set: oneMore(&o.logfiles)}})
}

// addJournal declares the flags of the journal, by the names of kumina's exporter
// where the thing is the same; identifier is ours.
func addJournal(cmd *kingpin.CmdClause, o *journalOptions) {
	cmd.Flag("systemd.enable", "Read systemd's journal, with journalctl, instead of a file; with --postfix.logfile_path, both.").BoolVar(&o.enable)
	some := func(flag, help, placeHolder string, to *[]string) {
		cmd.Flag(flag, help).PlaceHolder(placeHolder).SetValue(&values{value{flag: flag, set: oneMore(to)}})
	}
	some("systemd.unit", "Read what this unit logged; can be repeated. Without unit, slice and identifier: what was logged to the facility mail.", "UNIT", &o.units)
	some("systemd.slice", "Read what the units of this slice logged; can be repeated.", "SLICE", &o.slices)
	some("systemd.identifier", "Read what was logged under this tag, such as postfix/smtp; can be repeated.", "TAG", &o.identifiers)
	cmd.Flag("systemd.journal_path", "Directory of the journal's files; the host's own journal where not given.").PlaceHolder("DIR").
		SetValue(&value{flag: "systemd.journal_path", set: text(&o.directory)})
}

func addState(cmd *kingpin.CmdClause, o *serveOptions) {
	const name = "state.file"
	set := func(file string) error {
		o.state, o.stateGiven = file, true
		return nil
	}
	cmd.Flag(name, "File that keeps position and counts over restarts; empty: none. Where not given: in the state directory of systemd, else of the user.").
		PlaceHolder("FILE").SetValue(&value{flag: name, set: set})
}

func addQueue(cmd *kingpin.CmdClause, o *queueOptions) {
	add(cmd, "postfix.showq_path", "Where Postfix lists its queue: the path of showq's socket, or HOST:PORT; empty: no metrics of the queue.",
		"/var/spool/postfix/public/showq", showqAddress(&o.showq))
	add(cmd, "queue.interval", "How often the queue is listed, at most; a long queue more seldom.", "1m", between(&o.interval, minQueueInterval, maxQueueInterval))
	const name = "postfix.queue_directory"
	set := func(directory string) error {
		o.directory, o.directoryGiven = directory, true
		return nil
	}
	cmd.Flag(name, "Directory whose files are counted by queue, if they may be read; empty: none. Where not given: the one that has showq's socket in public/.").
		PlaceHolder("DIR").SetValue(&value{flag: name, set: set})
}

func addHost(cmd *kingpin.CmdClause, to *bool, help string) {
	cmd.Flag("label.host", help).BoolVar(to)
}

func addLimits(cmd *kingpin.CmdClause, l *limits) {
	add(cmd, "limit.messages", "Messages in flight to remember at most; the oldest leave first.", fmt.Sprint(collector.DefaultMaxMessages), above0(&l.messages))
	add(cmd, "limit.series", "Series of one metric family at most, with --label.host of each host; further ones are counted together.", fmt.Sprint(collector.DefaultMaxSeries), above0(&l.series))
	add(cmd, "limit.hosts", "Hosts told apart at most by --label.host; further ones are counted together.", fmt.Sprint(collector.DefaultMaxHosts), upTo(&l.hosts, collector.MostHosts))
}

// nameStdin restores the "-" of which kingpin makes "". An argument that was
// empty from the start is an unset variable in somebody's script.
func nameStdin(files, args []string) error {
	for i, f := range files {
		if f == "" && slices.Contains(args, "") {
			return errors.New("the name of a file is empty")
		}
		if f == "" {
			files[i] = "-"
		}
	}
	return nil
}

// checkAddresses finds the addresses that can't be right before anything starts.
func checkAddresses(c *toolkit.FlagConfig) error {
	if *c.WebSystemdSocket {
		return nil
	}
	for _, a := range *c.WebListenAddresses {
		if strings.HasPrefix(a, "vsock://") {
			continue
		}
		if _, _, err := net.SplitHostPort(a); err != nil {
			return fmt.Errorf("--web.listen-address=%s: not an address like :9154, 127.0.0.1:9154 or [::1]:9154", a)
		}
	}
	return nil
}

func path(to *string) parse {
	return func(s string) error {
		*to = s
		return web.CheckPath(s)
	}
}
