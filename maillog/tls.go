package maillog

import "strings"

// TLS summaries and failures of smtp, lmtp, smtpd and tlsproxy. They name no
// message.

// readTLS reads tls/tls_misc.c tls_log_summary()
//
//	TRUST TLS connection established|reused to|from N[ to SNI]: PROTOCOL with cipher C (u/a bits)...
//
// and failed handshakes (tls/tls_client.c, tls/tls_server.c).
func (e *Event) readTLS(s string) Kind {
	trust, rest := cutWord(s)
	switch trust {
	case "Anonymous", "Untrusted", "Trusted", "Verified":
		e.TLS.Trust = trust
		return e.readTLSSummary(rest)
	case "TLS":
		if rest, ok := cutPrefix(rest, "protocol trace for "); ok { // 3.12
			remote, _, _ := cutRemote(rest)
			return e.note(remote)
		}
		return e.readTLSSummary(s) // before 2.5
	case "SSL_accept":
		e.TLS.Inbound = true
		return e.readTLSError(rest, "error from ")
	case "SSL_connect":
		return e.readTLSError(rest, "error to ")
	}
	return e.readPeerNote(s)
}

func (e *Event) readTLSSummary(s string) Kind {
	s, ok := cutPrefix(s, "TLS connection ")
	if !ok {
		return Unrecognized
	}
	word, s := cutWord(s)
	e.TLS.Reused = word == "reused"
	if !e.TLS.Reused && word != "established" {
		return Unrecognized
	}
	word, s = cutWord(s)
	e.TLS.Inbound = word == "from"
	if !e.TLS.Inbound && word != "to" {
		return Unrecognized
	}
	if e.Remote, s, ok = cutRemote(s); !ok {
		return Unrecognized
	}
	if sni, found := cutPrefix(s, " to "); found { // the name a client asked for
		_, s = cutTo(sni, ": ")
	}
	if s, ok = cutPrefix(s, ": "); !ok {
		return Unrecognized
	}
	e.TLS.Protocol, s = cutWord(s)
	if s, ok = cutPrefix(s, "with cipher "); !ok {
		return Unrecognized
	}
	e.TLS.Cipher, s = cutWord(s)
	if bits, found := cutPrefix(s, "("); found {
		e.TLS.Bits, _, _ = strings.Cut(bits, " bits)")
	}
	return TLSEstablished
}

func (e *Event) readTLSError(s, before string) Kind {
	s, ok := cutPrefix(s, before)
	if !ok {
		return Unrecognized
	}
	if e.Remote, s, ok = cutRemote(s); !ok {
		return Unrecognized
	}
	if s, ok = cutPrefix(s, ": "); !ok {
		return Unrecognized
	}
	e.TLS.Error = s
	return TLSFailed
}

// readPeerNote passes over what is said of a peer and its certificate,
// "N: subject_CN=...", "certificate verification failed for N: ...".
func (e *Event) readPeerNote(s string) Kind {
	for _, words := range peerNotes {
		if rest, ok := cutPrefix(s, words); ok {
			remote, _, _ := cutRemote(rest)
			return e.note(remote)
		}
	}
	remote, rest, ok := cutRemote(s)
	if !ok || !strings.HasPrefix(rest, ": ") || remote.Name == "" {
		return Unrecognized
	}
	return e.note(remote)
}

// peerNotes begin what TLS log levels 1 and 2 add (tls/tls_verify.c,
// tls/tls_client.c, tls/tls_server.c, and their older wordings).
var peerNotes = [...]string{
	"setting up TLS connection from ",
	"setting up TLS connection to ",
	"certificate verification failed for ",
	"certificate peer name verification failed for ",
	"client certificate verification failed for ",
	"server certificate verification failed for ",
	"verify error:num=",
	"Verified: subject_CN=",
	"Unverified: subject_CN=",
	"Trusted: subject_CN=",
	"Untrusted: subject_CN=",
	"Server certificate ",
	"SSL_accept:",
	"SSL_connect:",
	"initializing the client-side TLS engine",
	"initializing the server-side TLS engine",
}
