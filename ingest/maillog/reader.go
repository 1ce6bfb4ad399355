package maillog

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"time"
)

// Options are the user's settings for all files.
//
// The zero Options find the zone by themselves.
type Options struct {
	Zone   *time.Location // of stamps without zone; nil: found, see FileInfo
	Server string         // that wrote lines without a host name: Exim's own log, queue listings
	Now    time.Time      // replaces the time of files without one; zero: the time of the call
}

// File is one log file or queue listing.
type File struct {
	Name     string
	Modified time.Time // decides the year; zero if unknown
	Line     int64     // number of lines before the first byte, if reading continues a file
	Growing  bool      // the last line may not be whole yet: leave it if it has no end
}

// FileInfo describes the contents of a file.
//
// Lines minus Unknown minus the counts of OtherShapes are the lines that were
// used.
type FileInfo struct {
	Name          string
	Server        string // of the first line; "" without one
	Kind          Kind
	First, Last   time.Time // earliest and latest line
	Lines         int64     // without empty ones
	Unknown       int64
	Bytes         int64 // read, in whole lines
	LinesRead     int64 // with empty ones: File.Line of a next call
	ZoneSeconds   int   // east of UTC, of stamps without zone
	ZoneBasis     string
	YearBasis     string
	UnknownShapes []Shape // most frequent first
	OtherShapes   []Shape // named ones outside the subject
}

// Reader reads the logs of any number of servers, file by file. Files of one
// server are best read in the order of time; every other order comes to the
// same once the Deliveries are merged. A Reader is for one goroutine.
type Reader struct {
	opt      Options
	t        *tracker
	clock    clock
	json     jsonLine
	headers  eximHeaders
	pieces   eximPieces
	servers  map[string]*server
	nextID   int32
	programs map[string]*program
	tag      []byte // of the last line, and its program
	program  *program
	last     lastRow
	info     FileInfo
	shapes   shapes
	file     File
}

// server is a host that writes lines.
type server struct {
	name string
	id   int32
	// latest is the last line, for "last message repeated".
	latest lastRow
}

// lastRow is the verdict that a line gave.
type lastRow struct {
	server *server
	x      *transaction
	row    Recipient
	at     int64 // of a repeat that was noted
}

// NewReader returns a Reader.
func NewReader(o Options) *Reader {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	return &Reader{opt: o, t: newTracker(), servers: map[string]*server{}, programs: map[string]*program{}}
}

// Read reads one file and yields Deliveries as they become complete. Incomplete
// ones stay in the Reader. An error is one of src, and ends the file.
//
// If the consumer stops early, the Reader keeps its state, but the rest of the
// file is lost to it.
func (r *Reader) Read(src io.Reader, f File) iter.Seq2[Delivery, error] {
	return func(yield func(Delivery, error) bool) {
		r.begin(f)
		in := newLines(src)
		var err error
		head := in.peek()
		r.info.Kind = Sniff(head)
		if listing := r.listing(); listing != nil {
			err = listing(in)
		} else if begins(head, journalFirst) {
			err = r.journal(in, f.Growing, yield)
		} else {
			r.learnZone(head)
			err = r.lines(in, f.Growing, yield)
		}
		if errors.Is(err, errStopped) {
			return
		}
		r.finishInfo(in, f.Line)
		if !r.hand(yield) {
			return
		}
		if err != nil && !errors.Is(err, io.EOF) {
			yield(Delivery{}, err)
		}
	}
}

// errStopped ends the reading when the receiver wants no more.
var errStopped = errors.New("stopped")

// lines reads the lines of a log.
func (r *Reader) lines(in *lines, growing bool, yield func(Delivery, error) bool) error {
	start := r.file.Line
	for {
		line, whole, err := in.next()
		r.file.Line = start + in.count
		if len(line) > 0 && (whole || !growing) {
			r.line(line, in.oversize)
		}
		if len(r.t.out) > 0 && !r.hand(yield) {
			return errStopped
		}
		if err != nil {
			if growing && !whole {
				in.bytes -= int64(len(line))
				in.count--
			}
			return err
		}
	}
}

// hand yields the Deliveries that the tracker has completed.
func (r *Reader) hand(yield func(Delivery, error) bool) bool {
	out := r.t.out
	r.t.out = r.t.out[:0]
	for i := range out {
		if !yield(out[i], nil) {
			return false
		}
	}
	clear(out)
	return true
}

// Pending yields the Deliveries that changed since they were yielded, and keeps
// them: for callers who follow a log and cannot wait for the end of a
// connection.
//
// A Delivery that is yielded again has all data so far, and merges with itself.
func (r *Reader) Pending() iter.Seq[Delivery] {
	return r.put(r.t.flush)
}

// Rest yields all that is not complete, and forgets it: no more files follow.
func (r *Reader) Rest() iter.Seq[Delivery] {
	return r.put(r.t.finishAll)
}

// put runs a step of the tracker and yields its Deliveries.
func (r *Reader) put(do func()) iter.Seq[Delivery] {
	return func(yield func(Delivery) bool) {
		do()
		r.hand(func(d Delivery, _ error) bool { return yield(d) })
	}
}

// Info describes the last file read.
func (r *Reader) Info() FileInfo { return r.info }

// ReadAll reads one file by itself.
func ReadAll(src io.Reader, f File, o Options) ([]Delivery, FileInfo, error) {
	r := NewReader(o)
	var all []Delivery
	var failed error
	for d, err := range r.Read(src, f) {
		if err != nil {
			failed = err
			continue
		}
		all = append(all, d)
	}
	for d := range r.Rest() {
		all = append(all, d)
	}
	return all, r.Info(), failed
}

// begin resets the state of the previous file. Transactions remain.
func (r *Reader) begin(f File) {
	r.file = f
	r.info = FileInfo{Name: f.Name, LinesRead: f.Line}
	r.shapes, r.headers = shapes{}, r.headers && eximHeaders(f.Line > 0)
	r.clock.start(f.Modified, r.opt.Now, r.opt.Zone)
}

// finishInfo sums the file up.
func (r *Reader) finishInfo(in *lines, start int64) {
	i := &r.info
	i.Bytes, i.LinesRead = in.bytes, start+in.count
	i.ZoneBasis, i.YearBasis = r.clock.zoneBasis, r.clock.yearBasis
	i.ZoneSeconds = int(r.clock.offset)
	if r.opt.Zone != nil && !i.First.IsZero() {
		_, i.ZoneSeconds = i.First.In(r.opt.Zone).Zone()
	}
	i.UnknownShapes, i.OtherShapes = r.shapes.list()
}

// learnZone looks for queue ids with a time at the beginning of a file, so that
// the lines before the first of them get the zone too.
//
// It reads no further than the first buffer, and judges no line.
func (r *Reader) learnZone(head []byte) {
	if r.opt.Zone != nil {
		return
	}
	c := r.clock
	defer func() {
		r.clock.offset, r.clock.zoneBasis = c.offset, c.zoneBasis
		if c.zoneBasis != BasisQueueIDs {
			r.clock.zoneBasis, r.clock.offset = BasisNone, 0
		}
	}()
	for len(head) > 0 && c.zoneBasis != BasisQueueIDs {
		i := bytes.IndexByte(head, '\n')
		if i < 0 {
			return
		}
		line := head[:i]
		head = head[i+1:]
		// Only the first line of a mail is logged when its queue id is made.
		client := bytes.Contains(line, []byte(": client="))
		if !client && !bytes.Contains(line, []byte(" <= ")) {
			continue
		}
		e, ok := cutEntry(line, &r.json)
		if !ok {
			continue
		}
		if s, ok := c.dated(e.stamp); ok {
			id, _ := cutQueueID(e.text)
			if n := eximIDLen(e.text); n > 0 && !client {
				id = e.text[:n]
			}
			c.vote(s, madeAt(id))
		}
	}
}

// line reads one line.
func (r *Reader) line(line []byte, oversize bool) {
	n := r.file.Line
	if len(bytes.TrimSpace(line)) == 0 {
		return
	}
	r.info.Lines++
	if oversize {
		r.unknown(line, "line over 64 KiB")
		return
	}
	if r.headers.has(line) {
		r.shapes.other(eximProgram, "header of a refused mail", n)
		return
	}
	e, ok := cutEntry(line, &r.json)
	if ok {
		e.stamp, ok = r.clock.dated(e.stamp)
	}
	if !ok && bytes.HasPrefix(line, []byte("-- ")) && bytes.HasSuffix(line, []byte(" --")) {
		r.shapes.other(r.programOf([]byte("journalctl")), "heading", n) // "-- Boot 0123 --", "-- Logs begin at ... --"
		return
	}
	if !ok {
		r.unknown(line, "no stamp: ")
		return
	}
	r.stamped(&e, line)
}

// stamped reads an entry whose time is known.
func (r *Reader) stamped(e *entry, line []byte) {
	n := r.file.Line
	sec, floating := r.clock.unix(e.stamp)
	w := where{at: sec*1e9 + int64(e.stamp.nsec), floating: floating, file: r.file.Name, line: n, pid: e.pid, stamp: e.stamp}
	w.server = r.serverOf(e.host)
	r.span(&w)
	r.t.advance(sec)
	switch u := r.entry(&w, e); {
	case !u.ok:
		r.unknown(line, "")
	case u.named != "" || w.program != nil && w.program.service == aside:
		r.shapes.other(w.program, u.named, n)
	}
}

// entry reads what follows the front of a line.
func (r *Reader) entry(w *where, e *entry) understood {
	// The line repeats the latest one of the same server, not of the file.
	if times, ok := repeats(e.text); ok {
		w.server.latest.repeat(w, times)
		return taken
	}
	r.last = lastRow{}
	defer func() { w.server.latest = r.last }()
	if len(e.text) == 0 {
		return outside("empty")
	}
	if e.tag == nil {
		w.program = eximProgram
		return r.exim(w, e.text)
	}
	w.program = r.programOf(e.tag)
	if w.program.service == notPostfix {
		return outside("")
	}
	if inner, times, ok := cutRepeated(e.text); ok {
		w.folded, e.text = max(times, 1), inner
	}
	if len(e.text) == 0 {
		return outside("empty")
	}
	if w.program.service == exim {
		return r.exim(w, e.text)
	}
	return r.postfix(w, e.text)
}

// eximProgram stands for lines of Exim's own log, which have no syslog tag.
var eximProgram = programOf("exim")

// repeat counts lines that syslogd wrote as a number. The same notice twice
// counts once.
//
// A repeat of a line that gave no verdict has no effect.
func (l *lastRow) repeat(w *where, times int64) {
	if l.x == nil || l.at == w.at {
		return
	}
	l.at = w.at
	for i := len(l.x.d.Recipients) - 1; i >= 0; i-- {
		if row := &l.x.d.Recipients[i]; row.sameVerdict(&l.row) {
			row.fold(times)
			l.x.dirty = true
			return
		}
	}
}

// span notes the time that a file covers.
func (r *Reader) span(w *where) {
	t := w.time()
	if r.info.First.IsZero() || t.Before(r.info.First) {
		r.info.First = t
	}
	if t.After(r.info.Last) {
		r.info.Last = t
	}
	if r.info.Server == "" {
		r.info.Server = w.server.name
	}
}

// maxNames bounds each table of names; a full table is emptied. Our servers
// have few hosts and tags, but a log from a stranger can name any number.
const maxNames = 10_000

// serverOf interns a host.
func (r *Reader) serverOf(host []byte) *server {
	if len(host) == 0 {
		host = []byte(r.opt.Server)
	}
	if s, ok := r.servers[string(host)]; ok {
		return s
	}
	if len(r.servers) >= maxNames {
		clear(r.servers)
	}
	r.nextID++
	s := &server{name: text(host), id: r.nextID}
	r.servers[string(host)] = s
	return s
}

// programOf interns a tag. Neighbouring lines often have the same.
func (r *Reader) programOf(tag []byte) *program {
	if bytes.Equal(tag, r.tag) {
		return r.program
	}
	p, ok := r.programs[string(tag)]
	if !ok {
		if len(r.programs) >= maxNames {
			clear(r.programs)
		}
		p = programOf(text(tag))
		r.programs[string(tag)] = p
	}
	r.tag, r.program = append(r.tag[:0], tag...), p
	return p
}

// unknown counts a line that was not understood.
func (r *Reader) unknown(line []byte, why string) {
	r.info.Unknown++
	r.shapes.unknown(line, why, r.file.Line)
}
