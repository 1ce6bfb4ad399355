package links

import (
	"strings"
	"unicode/utf8"

	"spoor/internal/domain"
	"spoor/internal/text"
)

// Bounds that keep one message's work and memory linear in its size.
const (
	maxVia        = 5        // redirectors followed inside one another
	maxData       = 2        // data: URLs opened inside one another
	maxVisible    = 300      // bytes kept of what the reader saw
	maxKeptBytes  = 32 << 20 // of all raw and normal forms together
	maxPhones     = 200      // candidates given to the phone number library
	maxRegexp     = 128 << 10
	maxScriptCopy = 1 << 20 // of a script searched a second time unescaped
)

// extractor collects the links and contacts of one message.
type extractor struct {
	out        Result
	part       int
	marks      []mark // one per link
	seen       map[linkKey]int
	contacts   map[contactKey]int
	hosts      map[string]owner
	kept       int   // bytes
	always     notes // on everything found now
	parent     int   // link that carries everything found now, -1 for none
	joined     int   // how far into the text soft line breaks have been joined
	code       bool  // the text is a program
	dataDeep   int
	computing  int  // scripts whose strings are searched now
	computable int  // bytes of computed strings that are still searched
	resolving  bool // references in running text are resolved now
	phones     int
	regexp     int // bytes still given to xurls
	first      int // first link since it was set to -1: what an anchor's text shows
}

// mark is the state of a link while the message is still being read.
type mark struct {
	notes notes
	shown int // link that the anchor's text showed, -1 for none
	depth int // redirectors above
}

type linkKey struct {
	raw, where string
	part, via  int
}

type contactKey struct {
	kind, value, where string
	part               int
}

// owner describes the holder of a host, as its name tells.
type owner struct {
	name   domain.Name
	ok     bool
	notes  notes
	unwrap unwrapper
}

// found is a URL as it was come upon.
type found struct {
	raw   string // as it stood
	url   string // what to normalise; raw if empty
	where string
	via   int
	notes notes
}

func newExtractor() *extractor {
	return &extractor{
		seen:   make(map[linkKey]int),
		hosts:  make(map[string]owner),
		regexp: maxRegexp,
		first:  -1,

		computable: maxComputable,
		parent:     -1,
	}
}

// link keeps a URL that stood in the message and returns its index, or -1.
func (x *extractor) link(raw, url, where string, n notes) int {
	return x.keep(found{raw: raw, url: url, where: where, via: x.parent, notes: n | x.always})
}

// keep keeps a URL, and the target that it carries if it is a redirector.
func (x *extractor) keep(f found) int {
	f.limit()
	key := linkKey{f.raw, f.where, x.part, f.via}
	if i, ok := x.seen[key]; ok {
		x.out.Links[i].Count++
		x.showFirst(i)
		return i
	}
	u := parseURL(f.url)
	size := len(f.raw) + len(u.text)
	if len(x.out.Links) >= MaxLinks || x.kept+size > maxKeptBytes {
		x.out.Dropped++
		return -1
	}
	x.kept += size
	if len(u.text) > MaxURLBytes {
		u.text = cutURL(u.text)
		f.notes |= cut
	}
	l, o := x.describe(&u, f)
	i := len(x.out.Links)
	x.seen[key] = i
	m := mark{notes: f.notes | u.notes | o.notes, shown: -1}
	if f.via >= 0 {
		m.depth = x.marks[f.via].depth + 1
		m.notes |= x.marks[f.via].notes & data
	}
	x.out.Links = append(x.out.Links, l)
	x.marks = append(x.marks, m)
	x.showFirst(i)
	x.follow(i, &u, o)
	return i
}

// limit cleans and cuts a find, so that it can be stored.
func (f *found) limit() {
	f.raw = clean(f.raw)
	if f.url == "" {
		f.url = f.raw
	} else {
		f.url = clean(f.url)
	}
	if len(f.raw) > MaxURLBytes {
		f.raw = text.Cut(f.raw, MaxURLBytes)
		f.notes |= cut
	}
	if len(f.url) > MaxURLBytes {
		f.url = text.Cut(f.url, MaxURLBytes)
		f.notes |= cut
	}
}

func (x *extractor) showFirst(i int) {
	if x.first < 0 {
		x.first = i
	}
}

// describe makes the Link of a parsed URL.
func (x *extractor) describe(u *parsed, f found) (Link, owner) {
	l := Link{
		Raw: f.raw, URL: u.text, Scheme: u.scheme, Host: u.host, Addr: u.addr, Port: u.port,
		Part: x.part, Where: f.where, Via: f.via, Count: 1,
	}
	if u.host == "" || u.addr.IsValid() {
		return l, owner{}
	}
	o := x.owner(u.host)
	l.Domain, l.Shared, l.Tenant = o.name.Registered, o.name.Shared, o.name.Tenant
	if l.Shared == "" && o.name.Private {
		l.Shared = "private-suffix"
	}
	if o.name.InPath {
		l.Tenant = firstSegment(u.text)
	}
	return l, o
}

// owner looks a host up once for each message.
func (x *extractor) owner(host string) owner {
	if o, ok := x.hosts[host]; ok {
		return o
	}
	var o owner
	if o.name, o.ok = domain.Parse(host); o.ok {
		o.unwrap = unwrapperOf(o.name.Host)
		o.notes = hostNotes(&o.name)
	}
	if len(x.hosts) < MaxLinks {
		x.hosts[host] = o
	}
	return o
}

// finish completes what needs the whole message.
func (x *extractor) finish() Result {
	x.markMismatches()
	for i := range x.out.Links {
		x.out.Links[i].Notes = x.marks[i].notes.names()
	}
	return x.out
}

// markMismatches notes the links whose text shows a name of another registered domain
// than the link has, or than any redirector in it leads to: a filter that rewrote the
// link is not the sender's deceit.
func (x *extractor) markMismatches() {
	var reached map[int]bool // by root link: the shown domain was met among its targets
	for i := range x.out.Links {
		l := &x.out.Links[i]
		for root := i; root >= 0; root = x.out.Links[root].Via {
			s := x.marks[root].shown
			if s < 0 || !sameOwner(l, &x.out.Links[s]) {
				continue
			}
			if reached == nil {
				reached = make(map[int]bool)
			}
			reached[root] = true
		}
	}
	for i := range x.marks {
		if x.marks[i].shown >= 0 && !reached[i] && x.out.Links[i].Host != "" {
			x.marks[i].notes |= visibleMismatch
		}
	}
}

// sameOwner reports whether two links lead to one registered domain, or one host where
// there is none.
func sameOwner(a, b *Link) bool {
	if a.Domain != "" || b.Domain != "" {
		return a.Domain == b.Domain
	}
	return a.Host == b.Host
}

// clean makes s storable: valid UTF-8 without NUL, without blanks at the ends.
func clean(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] == 0 || s[i] >= utf8.RuneSelf {
			plain = false
			break
		}
	}
	if !plain {
		s = strings.ToValidUTF8(s, "\uFFFD")
		s = strings.ReplaceAll(s, "\x00", "")
	}
	return strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
}

// cutURL cuts a normal form to MaxURLBytes, not inside a percent-encoded byte.
func cutURL(s string) string {
	s = text.Cut(s, MaxURLBytes)
	if i := strings.LastIndexByte(s[len(s)-2:], '%'); i >= 0 {
		s = s[:len(s)-2+i]
	}
	return s
}

// firstSegment returns the first path segment of a normal form.
func firstSegment(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	_, path, _ := strings.Cut(rest, "/")
	if i := strings.IndexAny(path, "/?#"); i >= 0 {
		path = path[:i]
	}
	return text.Cut(path, 200)
}
