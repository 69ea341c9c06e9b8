// Package source is where lines come from: a live file that is followed through
// rotation (Follow), systemd's journal (Journal), syslog, FIFOs and standard input
// (Stream), several of these as one, files by pattern too (Set), files read once,
// packed or not (Files), any reader (Reader).
//
// All six are pulled. Next gives a line and the place after it, or io.EOF for
// "nothing now"; Wait blocks until there may be more, or gives io.EOF for
// "nothing ever again":
//
//	for {
//		line, at, err := lines.Next()
//		if err == io.EOF {
//			if err = lines.Wait(ctx); err == nil {
//				continue
//			}
//		}
//		if err != nil {
//			return err // io.EOF: all was read
//		}
//		engine.Feed(line, at)
//	}
//
// A line is handed out without its newline and without a carriage return before
// it. It aliases the read buffer and is good until the next call. Bytes are not
// looked at: NULs and broken UTF-8 pass. What is longer than MaxLine is cut
// there and counted, in constant memory. The end of a file without a newline is
// half a line: it waits for the rest, and is given out as it stands only when
// its file is finished for good.
//
// Follow and Files put together what a container runtime keeps in parts (CRI's P and
// F, Docker's json-file): the line has the stamp of its first part. The place stays
// before that part until the line was handed out, so that a restart in the middle
// loses and repeats nothing. At the end of a file a line ends, too.
//
// Follow opens the file by its path and keeps the descriptor. When the path
// names another file, the old one is read on until it has been quiet for some
// seconds and the new one isn't empty any more: a syslog daemon writes there until
// it is told to reopen, and every such line would be lost otherwise. Only then the
// files between (a second rotation) and the new one are read. A file that shrank,
// or begins with other bytes than before, is read from its start; one that begins
// as the old one did and is no shorter is the same log, and read on. Nothing that
// can happen to the path ends it: what is missing or forbidden, or can't be read,
// is waited for, and Err tells.
//
// Journal runs journalctl: to the end of what there is, then to follow. Its lines are
// Records. It is taken up by the cursor of the last entry, which journalctl is asked
// for again: where another one comes first, entries were vacuumed, and that is a gap.
//
// Place is where a Follow stands, and FollowOptions.At where a new one goes on,
// with the next line. The file is found again among the live one and the rotated
// ones: by its inode, else by its first bytes, packed or not (Resumed tells). What
// is gone for good is a gap, counted; no file is read that may have been counted.
// CaughtUp is true once all that was there at the start was handed out.
//
// Stream receives what is sent to us: syslog messages over UDP, TCP and Unix sockets,
// lines of FIFOs and of standard input. A goroutine for each puts them into one bounded
// queue. TCP and pipes wait where it is full; datagrams are dropped, and counted, as are
// those that the kernel dropped. Nothing can be taken up again. Stop lets nothing new in,
// and then all that was sent is handed out before the end.
//
// Set gives each member its turn, and keeps a place for each log. A pattern is looked
// for again and again: what is new is read from its start, what is gone is drained and
// let go of. Rotated files belong to their logs, and a file by several names is read
// once: by its inode, its path without links, and how far it was read when it was
// left.
//
// Next, Wait, Place and Close belong to one goroutine. Stats, Err, Resumed,
// CaughtUp and Progress may be called from any.
package source
