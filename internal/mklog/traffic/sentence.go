package traffic

import (
	"math"
	"strconv"
	"strings"
)

// row is a sentence, and how often it is said beside the others of its table.
// A row's %-words are those of expand.
type row struct {
	weight int
	text   string
}

// pick takes one row of a table.
func (g *Generator) pick(rows []row) string {
	sum := 0
	for i := range rows {
		sum += rows[i].weight
	}
	n := g.random.IntN(sum)
	for i := range rows {
		if n -= rows[i].weight; n < 0 {
			return rows[i].text
		}
	}
	return ""
}

// one takes one of some words.
func (g *Generator) one(words []string) string { return words[g.random.IntN(len(words))] }

// expand appends a sentence with its %-words filled in.
//
//	%c client name[addr]   %a client address        %p client port     %h HELO name
//	%f sender              %t recipient             %l login           %o recipient's domain
//	%q queue id            %Q the other queue id    %m Message-ID      %z size
//	%r relay as logged     %s relay without port    %S relay's name
//	%n small number        %N large number          %x a server's token  %X a server's queue id
//	%i an address          %% a percent sign
func (g *Generator) expand(b []byte, text string, m *mail) []byte {
	for {
		i := strings.IndexByte(text, '%')
		if i < 0 || i+1 == len(text) {
			return append(b, text...)
		}
		b = g.appendWord(append(b, text[:i]...), text[i+1], m)
		text = text[i+2:]
	}
}

func (g *Generator) appendWord(b []byte, word byte, m *mail) []byte {
	switch word {
	case 'c':
		b = append(append(b, m.client.name...), '[')
		return append(append(b, m.client.addr...), ']')
	case 'a':
		return append(b, m.client.addr...)
	case 'p':
		return strconv.AppendInt(b, int64(m.client.port), 10)
	case 'h':
		return append(b, m.client.helo...)
	case 'f':
		return append(b, m.from...)
	case 't':
		return append(b, m.to.address...)
	case 'l':
		return append(b, m.login...)
	case 'o':
		return append(b, m.to.domain...)
	case 'q':
		return append(b, m.id...)
	case 'Q':
		return append(b, m.other...)
	case 'm':
		return g.expand(b, m.messageID, m)
	case 'z':
		return strconv.AppendInt(b, int64(m.size), 10)
	case 'r':
		return append(b, m.to.relay...)
	case 's':
		return append(b, m.to.relay[:strings.LastIndexByte(m.to.relay, ']')+1]...)
	case 'S':
		name, _, _ := strings.Cut(m.to.relay, "[")
		return append(b, name...)
	case 'n':
		return strconv.AppendInt(b, 1+int64(g.random.IntN(99)), 10)
	case 'N':
		return strconv.AppendInt(b, 100_000+int64(g.random.IntN(900_000)), 10)
	case 'x':
		return appendBase(b, g.random.Uint64()>>4, 52, 10)
	case 'X':
		return appendHex(b, g.random.Uint64()>>24, 10)
	case 'i':
		return g.appendAddress(b)
	}
	return append(b, word)
}

// appendAddress writes an address of the blocks kept for documentation (RFC 5737).
func (g *Generator) appendAddress(b []byte) []byte {
	b = append(b, g.one(documentationNets)...)
	return strconv.AppendInt(b, 1+int64(g.random.IntN(254)), 10)
}

// appendSeconds writes microseconds as seconds with two digits that matter, the
// way Postfix does (util/format_tv.c).
func appendSeconds(b []byte, micro int64) []byte {
	step := int64(10_000)
	switch {
	case micro >= 10e6:
		step = 1e6
	case micro >= 1e6:
		step = 100_000
	}
	rounded := (micro + step/2) / step * step
	return strconv.AppendFloat(b, math.Round(float64(rounded)/1e4)/100, 'f', -1, 64)
}
