package maillog

import "bytes"

// entry is one line, split into the syslog header and the program's text. Its
// slices refer to the line, or to the JSON that contains it.
type entry struct {
	stamp stamp
	host  []byte
	tag   []byte // "postfix/smtpd"; nil for Exim's own log
	pid   int
	text  []byte
}

// cutEntry splits a line. ok is false if it has no stamp that can be read.
//
// The forms nest: docker compose around syslog around Exim, for instance. Each
// layer is taken off once.
func cutEntry(line []byte, scratch *jsonLine) (e entry, ok bool) {
	line = trimLine(line)
	if len(line) == 0 {
		return e, false
	}
	if line[0] == '{' {
		return scratch.entry(line, stamp{})
	}
	structured := false
	s, rest, ok := cutStamp(line)
	if !ok {
		rest, structured = cutPriority(cutContainer(line))
		if s, rest, ok = cutStamp(rest); !ok {
			return e, false
		}
	}
	// Outer stamps are those of a container's log driver or of a relay.
	rest = cutCRI(rest)
	if len(rest) > 0 && rest[0] == '{' { // postlogd's lines by a shipper, in a container
		return scratch.entry(rest, s)
	}
	if inner, r, two := cutStamp(rest); two {
		s, rest = pick(s, inner), r
	}
	if e, ok = cutStructured(rest, structured); !ok {
		e = cutHost(rest)
	}
	if e.stamp != (stamp{}) { // behind the name of a relay
		s = pick(s, e.stamp)
	}
	e.stamp = s
	if inner, r, two := cutStamp(e.text); two && e.tag != nil && e.eximTag() {
		e.stamp, e.text = pick(s, inner), r // Exim with syslog_timestamp
	}
	return e, true
}

// trimLine removes remains of editors, crashes and Windows around a line: a
// byte order mark, CR, and the NULs that a file system leaves in place of
// unwritten data.
func trimLine(line []byte) []byte {
	line, _ = cut(line, "\xef\xbb\xbf")
	for len(line) > 0 && (line[0] == 0 || line[0] == ' ' && len(line) > 1) {
		line = line[1:]
	}
	for len(line) > 0 && (line[len(line)-1] == '\r' || line[len(line)-1] == '\n') {
		line = line[:len(line)-1]
	}
	return line
}

// cutContainer takes off "name-1  | ", which docker compose puts in front, and
// "[pod/name/container] " of kubectl logs --prefix.
func cutContainer(line []byte) []byte {
	if begins(line, "[pod/") {
		if i := bytes.Index(line[:min(len(line), 400)], []byte("] ")); i == bytes.IndexByte(line, ' ')-1 {
			return line[i+2:]
		}
		return line
	}
	i := bytes.IndexByte(line[:min(len(line), 80)], '|')
	if i < 2 || line[i-1] != ' ' || i+1 >= len(line) || line[i+1] != ' ' {
		return line
	}
	if bytes.IndexByte(bytes.TrimRight(line[:i], " "), ' ') >= 0 {
		return line
	}
	return line[i+2:]
}

// cutPriority takes off "<22>" and the version that RFC 5424 puts behind it.
func cutPriority(line []byte) (rest []byte, structured bool) {
	if len(line) < 8 || line[0] != '<' {
		return line, false
	}
	if v, w := number(line[1:], 3); w > 0 && v < 192 && line[1+w] == '>' {
		return cut(line[2+w:], "1 ")
	}
	return line, false
}

// cutCRI takes off "stdout F ", which Kubernetes' runtimes put behind their stamp.
func cutCRI(b []byte) []byte {
	for _, p := range [...]string{"stdout F ", "stderr F ", "stdout P ", "stderr P "} {
		if rest, ok := cut(b, p); ok {
			return rest
		}
	}
	return b
}

// cutHost reads "mx postfix/smtpd[9]: text" and its relatives.
func cutHost(b []byte) (e entry) {
	w := wordLen(b)
	if isFacility(b[:w]) { // "<mail.info> mx …" of syslogd -v, "mail.info postfix/…" of logread
		b = skipWord(b, w)
		w = wordLen(b)
	}
	if tag, pid, text, ok := cutTag(b, false); ok { // no host
		return entry{tag: tag, pid: pid, text: text}
	}
	rest := skipWord(b, w)
	host := b[:w]
	inner, r, two := cutStamp(rest)
	if two { // a relay put its stamp and its own name in front
		rest = r
		w = wordLen(rest)
		host, rest = rest[:w], skipWord(rest, w)
	}
	if v := wordLen(rest); isFacility(rest[:v]) {
		rest = skipWord(rest, v)
	}
	if tag, pid, text, ok := cutTag(rest, true); ok {
		// With chain_hostnames syslog-ng writes source/relay: the first wrote the line.
		if i := bytes.IndexByte(host, '/'); i > 0 {
			host = host[:i]
		}
		return entry{stamp: inner, host: host, tag: tag, pid: pid, text: text}
	}
	if isRepeat(rest) {
		return entry{stamp: inner, host: host, text: rest}
	}
	return entry{text: b} // Exim's own log, or nothing that is known
}

// cutStructured reads "mx postfix/smtpd 9 - - text" of RFC 5424, behind the stamp.
func cutStructured(b []byte, structured bool) (e entry, ok bool) {
	if !structured {
		return e, false
	}
	var f [4][]byte
	for i := range f {
		w := wordLen(b)
		f[i], b = b[:w], skipWord(b, w)
	}
	if len(f[1]) == 0 || ends(f[1], ":") || digits(f[2]) < 0 && string(f[2]) != "-" {
		return e, false
	}
	switch {
	case begins(b, "- "):
		b = b[2:]
	case begins(b, "["):
		if i := bytes.Index(b, []byte("] ")); i > 0 {
			b = b[i+2:]
		}
	default:
		return e, false
	}
	b, _ = cut(b, "\xef\xbb\xbf")
	return entry{host: f[0], tag: f[1], pid: max(digits(f[2]), 0), text: b}, true
}

// cutTag reads "postfix/smtpd[9]: ". Without a host in front only a tag that names a
// process or a path is one, because the first word of Exim's text may end in a colon.
//
// pid is 0 if the tag has none.
func cutTag(b []byte, afterHost bool) (tag []byte, pid int, text []byte, ok bool) {
	n, slash := 0, false
	for n < len(b) && n < 128 && b[n] != '[' && b[n] != ':' && b[n] > ' ' {
		slash = slash || b[n] == '/'
		n++
	}
	if n == 0 || n >= len(b) {
		return nil, 0, nil, false
	}
	tag = b[:n]
	rest := b[n:]
	if rest[0] == '[' {
		v, w := number(rest[1:], 10)
		if w == 0 || len(rest) < 3+w || rest[1+w] != ']' || rest[2+w] != ':' {
			return nil, 0, nil, false
		}
		pid, rest = v, rest[2+w:]
	} else if !slash && !afterHost {
		return nil, 0, nil, false
	}
	if rest[0] != ':' {
		return nil, 0, nil, false
	}
	rest = rest[1:]
	if len(rest) > 0 && rest[0] == ' ' {
		rest = rest[1:]
	} else if len(rest) > 0 {
		return nil, 0, nil, false
	}
	if r, solaris := cut(rest, "[ID "); solaris { // "[ID 197553 mail.info] "
		if i := bytes.IndexByte(r[:min(len(r), 64)], ']'); i > 0 && i+1 < len(r) && r[i+1] == ' ' {
			rest = r[i+2:]
		}
	}
	return tag, pid, rest, true
}

// isFacility recognises "mail.info" and "<mail.info>".
func isFacility(w []byte) bool {
	w = bytes.Trim(w, "<>")
	i := bytes.IndexByte(w, '.')
	if i < 1 {
		return false
	}
	switch string(w[i+1:]) {
	case "debug", "info", "notice", "warn", "warning", "err", "error", "crit", "alert", "emerg":
		return len(w) < 24
	}
	return len(w) <= 4 && digits(w[:i]) >= 0 && digits(w[i+1:]) >= 0 // "<2.6>"
}

// eximTag reports whether Exim wrote the line to syslog.
func (e *entry) eximTag() bool { return isEximTag(e.tag) }

// isEximTag accepts the names of the program in the distributions.
func isEximTag(tag []byte) bool {
	i := bytes.LastIndexByte(tag, '/')
	switch string(tag[i+1:]) {
	case "exim", "exim4", "exim-in", "exim-out":
		return true
	}
	return false
}

// wordLen is the length of the word that b begins with. Control characters end it too.
func wordLen(b []byte) int {
	n := 0
	for n < len(b) && b[n] > ' ' {
		n++
	}
	return n
}

// skipWord takes a word of length w and the blanks after it off.
func skipWord(b []byte, w int) []byte {
	b = b[w:]
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// isRepeat recognises syslogd's line in place of equal lines.
func isRepeat(b []byte) bool {
	return begins(b, "last message repeated ") || begins(b, "--- last message repeated ")
}

// repeats reads "last message repeated 3 times".
//
// The number is the sender's in no case: syslogd counts.
func repeats(b []byte) (times int64, ok bool) {
	b, _ = cut(b, "--- ")
	if b, ok = cut(b, "last message repeated "); !ok {
		return 0, false
	}
	v, w := number(b, 18)
	return int64(v), w > 0 && begins(b[w:], " time")
}

// cutRepeated reads "message repeated 2 times: [ text]", which rsyslog writes.
func cutRepeated(b []byte) (text []byte, times int64, ok bool) {
	r, ok := cut(b, "message repeated ")
	if !ok {
		return b, 0, false
	}
	v, w := number(r, 18)
	if r, ok = cut(r[w:], " times: ["); !ok || w == 0 || !ends(r, "]") {
		return b, 0, false
	}
	r, _ = cut(r[:len(r)-1], " ")
	return r, int64(v), true
}
