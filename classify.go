package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"unicode"

	"postfix_exporter/classify"
	"postfix_exporter/maillog"
)

// classifyReplies judges the replies on stdin, a line each, and writes a line for
// each: class, kind, provider and rule.
func classifyReplies(o *classifyOptions, stdin io.Reader, stdout io.Writer) error {
	rules, _, err := o.rules.load()
	if err != nil {
		return err
	}
	c := classifier{rules: rules, explain: o.explain, out: bufio.NewWriter(stdout)}
	in := newReplyLines(stdin)
	judge := c.judgeLine
	if o.input == "tsv" {
		t, err := readHeader(in)
		if err != nil {
			return err
		}
		judge = func(line string) (judged, error) { return c.judgeRow(t, line) }
	}
	if err = c.judgeAll(in, judge); err == nil {
		err = c.out.Flush()
	}
	if errors.Is(err, syscall.EPIPE) { // the reader has seen enough
		return nil
	}
	return err
}

type classifier struct {
	rules   *classify.Set
	explain bool
	out     *bufio.Writer
	parser  maillog.Parser
	event   maillog.Event
}

// judged is a reply and its verdict.
type judged struct {
	reply   classify.Reply
	verdict classify.Verdict
}

func (c *classifier) judgeAll(in *replyLines, judge func(line string) (judged, error)) error {
	for {
		line, err := in.next()
		if err == io.EOF {
			return nil
		}
		var j judged
		if err == nil {
			j, err = judge(line)
		}
		if err != nil {
			return errors.Join(c.out.Flush(), fmt.Errorf("standard input, line %d: %w", in.number, err))
		}
		if err := c.write(&j); err != nil {
			return err
		}
		if in.reader.Buffered() == 0 { // the next line may be long in coming
			if err := c.out.Flush(); err != nil {
				return err
			}
		}
	}
}

// judgeLine judges a reply with or without Postfix's words around it, or a
// delivery's line of a log.
func (c *classifier) judgeLine(line string) (judged, error) {
	if c.parser.Parse(line, &c.event) && c.event.Kind == maillog.Delivery {
		d := &c.event.Delivery
		return judged{classify.ReplyOf(d), c.rules.JudgeDelivery(d)}, nil
	}
	r := classify.ReplyOf(&maillog.DeliveryRecord{Text: line})
	return judged{r, c.rules.Judge(&r)}, nil
}

func (c *classifier) judgeRow(t *replyTable, line string) (judged, error) {
	r, err := t.readRow(line)
	if err != nil {
		return judged{}, err
	}
	return judged{r, c.rules.Judge(&r)}, nil
}

func (c *classifier) write(j *judged) error {
	v, rule := &j.verdict, "-"
	if v.Rule != nil {
		rule = v.Rule.Name
	}
	_, err := fmt.Fprintf(c.out, "%s\t%s\t%s\t%s\n", v.Class, v.Kind, v.Provider, rule)
	if c.explain && err == nil {
		err = c.writeWhy(&j.reply, v.Rule)
	}
	return err
}

// writeWhy shows what was matched, by lines that begin with blanks.
func (c *classifier) writeWhy(r *classify.Reply, rule *classify.Rule) error {
	as := c.rules.Read(r)
	code := ""
	if as.Code != 0 {
		code = fmt.Sprint(as.Code)
	}
	rows := [][2]string{{"codes", strings.TrimSpace(code + " " + as.Enhanced)}, {"words", as.Words}, {"names", as.Names}}
	if rule != nil {
		rows = append(rows, [2]string{"rule", fmt.Sprintf("%s:%d", rule.File, rule.Line)},
			[2]string{"list", rule.List}, [2]string{"hint", rule.Hint}, [2]string{"link", rule.Link})
	}
	for _, row := range rows {
		if row[1] == "" {
			continue
		}
		if _, err := fmt.Fprintf(c.out, "    %-5s  %s\n", row[0], printable(row[1])); err != nil {
			return err
		}
	}
	return nil
}

// printable keeps a text from playing with the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}
