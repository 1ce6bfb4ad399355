package links

import (
	"strings"
	"unicode/utf8"

	"spoor/internal/domain"
	"spoor/internal/text"
)

// Limits that keep work and memory linear in the size of a message. Sizes are
// bytes.
const (
	maxVia       = 5        // nested redirectors that are followed
	maxData      = 2        // nested data: URLs that are opened
	maxVisible   = 300      // kept of an anchor's text
	maxKeptBytes = 32 << 20 // of all raw and normalised URLs together
	maxPhones    = 200      // candidates given to the phone number library
	// maxRegexp limits the text given to xurls, whose backtracking is slow on
	// hostile input.
	maxRegexp     = 128 << 10
	maxScriptCopy = 1 << 20 // of a script that is searched a second time with its escapes resolved
)

// extractor collects the links and contacts of one message.
//
// State that changes while texts are nested (always, parent, code, where they
// are) is restored by mode, under and searchScript. Budgets (regexp, phones,
// computable, kept) only shrink, so that the work for one message is bounded
// whatever its nesting.
type extractor struct {
	out        Result
	part       int
	marks      []mark // state of each link
	seen       map[linkKey]int
	contacts   map[contactKey]int
	hosts      map[string]owner
	kept       int   // bytes of raw and normalised URLs
	always     notes // added to everything that is found now
	parent     int   // link that contains everything found now; -1 for none
	joined     int   // index up to which soft line breaks were joined
	code       bool  // the text is source code
	dataDeep   int
	computing  int  // nesting of scripts whose computed strings are searched
	computable int  // bytes of computed strings that may still be searched
	resolving  bool // character references in running text are being resolved
	phones     int
	regexp     int // bytes that may still be given to xurls
	first      int // first link since it was set to -1: the URL that an anchor's text displays
}

// mark is the state of a link that depends on the rest of the message.
type mark struct {
	notes notes
	shown int // link that the anchor's text displays; -1 for none
	depth int // redirectors around it
}

// linkKey identifies a link of a message: repetitions at the same kind of place
// are counted and not stored again.
type linkKey struct {
	raw, where string
	part, via  int
}

// contactKey identifies a contact likewise.
type contactKey struct {
	kind, value, where string
	part               int
}

// owner describes who holds a host, as far as the name itself shows it.
type owner struct {
	name   domain.Name
	ok     bool
	notes  notes
	unwrap unwrapper
}

// found is a URL before it is normalised.
type found struct {
	raw   string // as written
	url   string // to normalise; raw if empty
	where string
	via   int
	notes notes
}

// newExtractor returns an extractor with full budgets.
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

// link records a URL of the message and returns its index, or -1.
func (x *extractor) link(raw, url, where string, n notes) int {
	return x.keep(found{raw: raw, url: url, where: where, via: x.parent, notes: n | x.always})
}

// keep records a URL and, if it is a redirector, the target that it contains.
//
// It returns -1 beyond the limits; such links are counted in Result.Dropped.
// Targets are followed at once, so that a link always precedes those inside it.
func (x *extractor) keep(f found) int {
	f.limit()
	key := linkKey{f.raw, f.where, x.part, f.via}
	// A repetition is counted. It may be the first link of another anchor.
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
	// Two limits hold memory: the number of links, and their bytes.
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
		// Everything inside a data: URL is marked, however deep.
		m.notes |= x.marks[f.via].notes & data
	}
	x.out.Links = append(x.out.Links, l)
	x.marks = append(x.marks, m)
	x.showFirst(i)
	x.follow(i, &u, o)
	return i
}

// limit cleans and truncates a URL so that it can be stored.
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

// showFirst remembers the first link of the anchor text that is being read.
func (x *extractor) showFirst(i int) {
	if x.first < 0 {
		x.first = i
	}
}

// describe makes a Link of a parsed URL.
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

// owner looks up the holder of a host, once for each host of a message.
func (x *extractor) owner(host string) owner {
	if o, ok := x.hosts[host]; ok {
		return o
	}
	var o owner
	if o.name, o.ok = domain.Parse(host); o.ok {
		o.unwrap = unwrapperOf(o.name.Host)
		o.notes = hostNotes(&o.name)
	}
	// Beyond it, hosts are looked up each time: slower, and bounded in memory.
	if len(x.hosts) < MaxLinks {
		x.hosts[host] = o
	}
	return o
}

// finish completes the results that depend on the whole message.
func (x *extractor) finish() Result {
	x.markMismatches()
	for i := range x.out.Links {
		x.out.Links[i].Notes = x.marks[i].notes.names()
	}
	return x.out
}

// markMismatches marks links whose text displays another registered domain than
// the link has. A link does not count if one of the redirectors in it leads to
// the displayed domain: then a mail filter rewrote the link, and the sender did
// not deceive.
func (x *extractor) markMismatches() {
	var reached map[int]bool // by root link: one of its targets has the displayed domain
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

// sameOwner reports whether two links belong to one registered domain. Hosts
// without one, such as addresses, are compared themselves.
func sameOwner(a, b *Link) bool {
	if a.Domain != "" || b.Domain != "" {
		return a.Domain == b.Domain
	}
	return a.Host == b.Host
}

// clean makes s storable in PostgreSQL: valid UTF-8 without NUL and without
// surrounding blanks.
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

// cutURL truncates a normalised URL to MaxURLBytes without splitting a
// percent-encoded byte.
//
// The order matters: Cut keeps whole characters, and a rest such as "%" or "%4"
// would change the meaning of the URL.
func cutURL(s string) string {
	s = text.Cut(s, MaxURLBytes)
	if i := strings.LastIndexByte(s[len(s)-2:], '%'); i >= 0 {
		s = s[:len(s)-2+i]
	}
	return s
}

// firstSegment returns the first path segment of a normalised URL.
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
