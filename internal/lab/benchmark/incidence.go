package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"spoor/graph/evidence"
	"spoor/graph/sketch"
)

// world invents messages with evidence but without the mail itself. The sizes
// of campaigns have a heavy tail: half of the messages belong to campaigns, the
// largest to about one message in a hundred. Campaigns share one pool of rented
// senders and a few hundred mailers, and a domain lasts for about fifty
// messages. All other messages are unrelated. A message depends only on the
// seed, its number and the size of the world.
//
// It can be written in pieces and continued later, since message i needs none
// before it.
type world struct {
	n        int   // messages
	features int   // features kept of each message; 0: all
	first    []int // first message of each campaign
	start    time.Time
}

const (
	mailers     = 300
	inCampaigns = 0.5 // share of all messages
)

// newWorld divides the messages into campaigns whose sizes fall with their
// rank, as those of real spam do; the rest is in none.
//
// Sizes go with the rank to the power of -0.8, as those of real campaigns do,
// and five is the least.
func newWorld(n, features int) *world {
	w := &world{n: n, features: features, start: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}
	for rank, left := 1, int(inCampaigns*float64(n)); left > 0; rank++ {
		size := min(max(int(float64(n)/100/math.Pow(float64(rank), 0.8)), 5), left)
		w.first = append(w.first, int(inCampaigns*float64(n))-left)
		left -= size
	}
	return w
}

// kept lists the kinds that remain, in order, if a number of features is
// requested.
var kept = []evidence.Kind{evidence.Text, evidence.SubjectKey, evidence.LinkDomain, evidence.MailerFingerprint, evidence.SenderAddress,
	evidence.LinkPath, evidence.MessageIDForm, evidence.HeaderOrder, evidence.FromDomain, evidence.HELOForm, evidence.DateForm,
	evidence.BoundaryForm, evidence.SubjectForm, evidence.SenderNet, evidence.HELOName}

// message invents message i.
//
// The key looks like a hash, because the order of keys decides the locality of
// every index.
func (w *world) message(i int) evidence.Message {
	r := rand.New(rand.NewPCG(7, uint64(i)))
	m := evidence.Message{
		Key: int64(mixed(uint64(i))), ReceivedAt: w.start.Add(time.Duration(r.IntN(365*24*3600)) * time.Second),
		Sender: w.sender(r), HELO: letters(r, 8) + ".example", MXPriority: -1, MIMESkeleton: "text/plain",
	}
	campaign, found := slices.BinarySearch(w.first, i)
	if !found {
		campaign--
	}
	if i < int(inCampaigns*float64(w.n)) {
		w.campaigner(&m, r, campaign, i-w.first[campaign])
	} else {
		w.loner(&m, r)
	}
	m.SubjectKey = m.Subject
	m.ReturnPath = m.From
	m.MessageID = letters(r, 16) + "@" + letters(r, 9) + ".example"
	m.Links[0].URL = "http://" + m.Links[0].Host + m.Links[0].URL
	return m
}

// sender draws from a pool that campaigns share, in which some addresses are
// much more frequent.
func (w *world) sender(r *rand.Rand) netip.Addr {
	// The square makes low numbers frequent.
	n := uint32(math.Pow(r.Float64(), 2) * float64(w.n/8+1))
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 198<<24|18<<16|(n&0x1ffff)) // RFC 2544
	if n > 0x1ffff {
		return netip.AddrFrom16([16]byte{0x20, 1, 0x0d, 0xb8, 12: byte(n >> 24), 13: byte(n >> 16), 14: byte(n >> 8), 15: byte(n)})
	}
	return netip.AddrFrom4(b)
}

// campaigner makes m the n-th message of a campaign.
//
// Variants of the text grow with the campaign up to seven, and a domain lasts
// for fifty messages.
func (w *world) campaigner(m *evidence.Message, r *rand.Rand, campaign, n int) {
	own := rand.New(rand.NewPCG(8, uint64(campaign)))
	name, path := letters(own, 7), letters(own, 6)
	mailer(m, own.IntN(mailers))
	variant := rand.New(rand.NewPCG(9, uint64(campaign)<<16|uint64(r.IntN(1+n%7))))
	m.Text = int64(variant.Uint64() >> 1)
	m.Sketch = sketchOf(own, r, 4)
	m.Subject = name + " " + letters(variant, 6) + " " + letters(variant, 5)
	domain := letters(rand.New(rand.NewPCG(10, uint64(campaign)<<32|uint64(n/50))), 10) + ".example"
	m.Links = []evidence.Link{{URL: "/" + path + "/" + path[:3] + ".php?" + name[:2] + "=" + strconv.Itoa(r.IntN(1e6)), Host: domain, Domain: domain, Found: "text"}}
	m.From = letters(r, 6) + "@" + letters(variant, 8) + ".example"
}

// loner makes m an unrelated message.
//
// A third of them link to one of forty domains that everybody links to: common
// values cost a correlator time.
func (w *world) loner(m *evidence.Message, r *rand.Rand) {
	mailer(m, r.IntN(mailers))
	m.Text = int64(r.Uint64() >> 1)
	m.Sketch = sketchOf(r, r, 32)
	m.Subject = letters(r, 7) + " " + letters(r, 6)
	domain := letters(r, 10) + ".example"
	if r.IntN(3) == 0 {
		domain = letters(rand.New(rand.NewPCG(11, uint64(r.IntN(40)))), 8) + ".example" // a domain to which everybody links
	}
	m.Links = []evidence.Link{{URL: "/" + letters(r, 5), Host: domain, Domain: domain, Found: "text"}}
	m.From = letters(r, 6) + "@" + letters(r, 9) + ".example"
}

// mailer gives m the habits of a sending program.
func mailer(m *evidence.Message, n int) {
	r := rand.New(rand.NewPCG(12, uint64(n)))
	names := []string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "X-Mailer"}
	r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	m.HeaderNames = strings.Join(names[:5+r.IntN(4)], ",")
	m.Mailer = letters(r, 8)
	m.MessageIDForm = fmt.Sprintf("a%d.x%d@d", r.IntN(20), r.IntN(20))
	m.BoundaryForm = fmt.Sprintf("--=9%d_x%d", r.IntN(20), r.IntN(9))
	m.DateForm = []string{"Www, 99 Mmm 9999 99:99:99 +9999", "Www, 9 Mmm 9999 99:99:99 GMT", "99 Mmm 99 99:99:99"}[r.IntN(3)]
	m.HELO = strconv.Itoa(r.IntN(9)) + m.HELO[:r.IntN(4)]
}

// sketchOf returns the sketch of a text in which n of 32 slots belong to the
// message alone.
func sketchOf(text, own *rand.Rand, n int) []byte {
	b := make([]byte, sketch.Size)
	for i := 0; i < len(b); i += 2 {
		binary.LittleEndian.PutUint16(b[i:], uint16(text.Uint32()))
	}
	for range n {
		binary.LittleEndian.PutUint16(b[2*own.IntN(len(b)/2):], uint16(own.Uint32()))
	}
	return b
}

// letters returns n random letters.
func letters(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('a' + r.IntN(26))
	}
	return string(b)
}

// mixed distributes keys as evenly as a hash. It is the finalizer of
// SplitMix64, which is bijective, so no two messages get the same key.
func mixed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// keysOf returns the kept features of m.
//
// The kinds are ranked by how much they tell, so that few features still find
// campaigns.
func (w *world) keysOf(m *evidence.Message) []evidence.Key {
	features := evidence.Of(m)
	if w.features > 0 && w.features < len(features) {
		place := func(f evidence.Feature) int {
			if i := slices.Index(kept, f.Kind); i >= 0 {
				return i
			}
			return len(kept)
		}
		slices.SortStableFunc(features, func(a, b evidence.Feature) int { return place(a) - place(b) })
		features = features[:w.features]
	}
	return evidence.Keys(features)
}

// writeMessages writes the rows of messages in COPY's text format.
//
// The hash has the key in front and zeros behind, which is as unique.
func (w *world) writeMessages(out io.Writer, from, to int) error {
	b := bufio.NewWriterSize(out, 1<<20)
	for i := from; i < to; i++ {
		m := w.message(i)
		fmt.Fprintf(b, "%d\t8000\t1\t%s\t%d\t800\t2\tf\t\\\\x%016x%048x\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", m.Key, m.ReceivedAt.Format(time.RFC3339),
			m.Text, uint64(m.Key), i, m.Sender, m.HELO, m.MessageID, m.Subject, m.SubjectKey, m.From, m.ReturnPath,
			m.HeaderNames, m.Mailer, m.MIMESkeleton, m.BoundaryForm, m.MessageIDForm, m.DateForm)
	}
	return b.Flush()
}

// messagesColumns are the columns of the COPY, in the order in which they are
// written.
const messagesColumns = "message_key, size, import_id, received_at, text_hash, text_length, extractor, ham, sha256, sender, helo, message_id, subject, subject_key, from_address, return_path, header_names, mailer, mime_skeleton, boundary_form, message_id_form, date_form"

// writeURLs writes a link for each message.
func (w *world) writeURLs(out io.Writer, from, to int) error {
	b := bufio.NewWriterSize(out, 1<<20)
	for i := from; i < to; i++ {
		m := w.message(i)
		l := &m.Links[0]
		fmt.Fprintf(b, "%d\t0\t1\t%s\t%s\t%s\t%s\n", m.Key, l.Host, l.Domain, l.URL, l.Found)
	}
	return b.Flush()
}

// urlsColumns are the columns of the COPY, in the order in which they are
// written.
const urlsColumns = "message_key, n, count, host, domain, url, found_in"

// writeIncidence writes the derived features, so that only the clustering is
// measured.
func (w *world) writeIncidence(out io.Writer, from, to int) error {
	b := bufio.NewWriterSize(out, 1<<20)
	var list []byte
	for i := from; i < to; i++ {
		m := w.message(i)
		list = list[:0]
		for _, k := range w.keysOf(&m) {
			list = strconv.AppendUint(append(list, ','), uint64(k), 10)
		}
		fmt.Fprintf(b, "%d\t%s\t%d\tf\tf\t%s\t{%s}\t\\\\x%x\n", m.Key, m.ReceivedAt.Format(time.RFC3339), evidence.Version, m.Sender, list[1:], m.Sketch)
	}
	return b.Flush()
}

// incidenceColumns are the columns of the COPY, in the order in which they are
// written.
const incidenceColumns = "message_key, at, version, ham, newsletter, sender, features, sketch"
