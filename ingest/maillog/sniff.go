package maillog

import "bytes"

// Kind is the content of a file.
type Kind string

// The kinds, and the limits of Sniff.
const (
	Log           Kind = "log"          // of syslog or Exim's own, in any mixture
	PostqueueList Kind = "postqueue -p" // or mailq
	PostqueueJSON Kind = "postqueue -j" // JSON lines
	EximQueueList Kind = "exim -bp"     // or mailq of Exim
	NotMaillog    Kind = ""             // no supported format
	sniffLines         = 40             // that Sniff looks at
	sniffedAsLog       = 2              // lines of a mail server that make a log of text
)

// Sniff recognises logs and queue listings by how they begin. A log of lines with stamps
// counts although no line of a mail server is among the first: mail.log may begin with a
// morning of dovecot.
//
// head should hold some kilobytes. Text with a stamp but no tag of a program is
// no log of ours, as any application writes such lines.
func Sniff(head []byte) Kind {
	head, _ = cut(head, "\xef\xbb\xbf")
	if begins(head, journalFirst) {
		return Log
	}
	var json jsonLine
	var headers eximHeaders
	stamped, seen := 0, 0
	for seen < sniffLines && len(head) > 0 {
		var line []byte
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			line, head = head[:i], head[i+1:]
		} else {
			line, head = head, nil
		}
		if stamped > 0 && headers.has(line) {
			continue
		}
		if line = trimLine(line); len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		// A listing begins with its first line; a log may contain words of one
		// later.
		if seen == 0 || stamped == 0 {
			if k := listingLine(line); k != NotMaillog {
				return k
			}
		}
		seen++
		if e, ok := cutEntry(line[:min(len(line), lineBytes)], &json); ok && (e.tag != nil || looksExim(e.text)) {
			stamped++
		}
	}
	if stamped > 0 && (stamped >= sniffedAsLog || seen <= 3) && 2*stamped >= seen-1 {
		return Log
	}
	return NotMaillog
}

// listingLine recognises the first line of a queue listing.
func listingLine(b []byte) Kind {
	switch {
	case begins(b, "-Queue ID-") || begins(b, "-Q-ID-") || begins(b, "Mail queue is empty"):
		return PostqueueList
	case begins(b, "{") && bytes.Contains(b, []byte(`"queue_id"`)) && bytes.Contains(b, []byte(`"arrival_time"`)):
		return PostqueueJSON
	}
	if _, ok := eximQueueHead(b); ok {
		return EximQueueList
	}
	return NotMaillog
}
