// Command postfix_exporter tells Prometheus what happened to Postfix's mail:
// "serve" follows a log and serves metrics, "report" sums up old logs,
// "classify" judges replies, "check-rules" finds what is wrong with rules.
package main

import (
	"fmt"
	"io"
	"os"
)

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run does what the arguments say and returns the exit status. What went wrong
// is one sentence on stderr.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	c, err := parseArgs(args)
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v (see %s --help)\n", program, err, program)
		return exitUsage
	}
	switch c.name {
	case "":
		_, err = stdout.Write(c.said)
	case cmdServe:
		c.serve.stream.stdin = stdin
		err = serve(&c.serve, stderr)
	case cmdReport:
		err = writeReport(&c.report, stdin, stdout, stderr)
	case cmdClassify:
		err = classifyReplies(&c.classify, stdin, stdout)
	case cmdCheckRules:
		err = checkRules(c.rulesFiles, stdout, stderr)
	}
	switch err {
	case nil:
		return exitOK
	case errTold:
	default:
		fmt.Fprintf(stderr, "%s: %v\n", program, err)
	}
	return exitFailed
}
