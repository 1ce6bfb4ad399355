package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"spoor/internal/dossier"
	"spoor/internal/printable"
	"spoor/internal/wellformed"
)

// bundle writes the objects of a STIX bundle one after another, each id once.
// Streaming keeps a large campaign from being in memory twice.
//
// After an error it writes nothing more; err is the first.
type bundle struct {
	w        *bufio.Writer
	o        Options
	written  map[string]bool
	evidence int // relationships that represent an indicator or a member
	err      error
}

// Relationships that represent an indicator or a member of a campaign. The
// others only add data about them.
const (
	consistsOf = "consists-of"
	relatedTo  = "related-to"
)

// writeSTIX writes a STIX 2.1 bundle and returns the number of its objects. The
// bundle's id is derived from the campaigns and their time: the same store
// gives the same bytes.
func writeSTIX(w io.Writer, campaigns []dossier.Campaign, o Options) (int, error) {
	b := &bundle{w: bufio.NewWriter(w), o: o, written: make(map[string]bool)}
	words := make([]string, 0, 2*len(campaigns))
	for i := range campaigns {
		words = append(words, campaigns[i].Key, instant(asOf(&campaigns[i], b.o)))
	}
	_, b.err = fmt.Fprintf(b.w, "{\"type\":\"bundle\",\"id\":%q,\"objects\":[", named("bundle", words...))
	b.author()
	for i := range campaigns {
		b.campaign(&campaigns[i])
	}
	if _, err := b.w.WriteString("\n]}\n"); b.err == nil {
		b.err = err
	}
	if err := b.w.Flush(); b.err == nil {
		b.err = err
	}
	return b.evidence, b.err
}

// put writes an object unless its id was written already.
//
// Two campaigns may name one address: its object is written once, and the
// relationships of both point to it.
func (b *bundle) put(id string, object any) {
	if b.err != nil || b.written[id] {
		return
	}
	text, err := json.Marshal(object)
	if err != nil {
		b.err = err
		return
	}
	comma := "\n"
	if len(b.written) > 0 {
		comma = ",\n"
	}
	b.written[id] = true
	if _, err := b.w.WriteString(comma); err != nil {
		b.err = err
		return
	}
	_, b.err = b.w.Write(printable.JSON(text))
}

// author is the identity that created all objects. Its time is that of the
// format.
func (b *bundle) author() {
	at := stixTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	b.put(authorID, stixIdentity{stixCore{Type: "identity", Spec: "2.1", ID: authorID, Created: at, Modified: at}, "Spoor", "system"})
}

// authorID is the id of Spoor itself, the same in every bundle.
var authorID = named("identity", "Spoor")

// core returns the common part of an object about a campaign.
//
// created is when the campaign was found, and never after modified (section
// 3.2).
func (b *bundle) core(c *dossier.Campaign, kind string, words ...string) stixCore {
	modified := asOf(c, b.o)
	created := c.Found
	if created.IsZero() || created.After(modified) {
		created = modified
	}
	return stixCore{Type: kind, Spec: "2.1", ID: named(kind, append([]string{c.Key}, words...)...), Author: authorID,
		Created: stixTime(created), Modified: stixTime(modified)}
}

// campaign adds the campaign object and the objects related to it.
func (b *bundle) campaign(c *dossier.Campaign) {
	core := b.core(c, "campaign")
	core.Confidence = percent(c.Confidence)
	core.References = []stixName{{"spoor", c.Label()}}
	name := c.Name
	if name == "" {
		name = c.Label()
	}
	b.put(core.ID, stixCampaign{core, name, fmt.Sprintf("Spam campaign of %d messages. Its least sure message fits it by %.1f bits better than anything else.", c.Members, c.WeakestBits),
		stamp(c.FirstSeen), stamp(c.LastSeen)})
	b.infrastructure(c, "hosting", "Link hosts of ")
	b.infrastructure(c, "sending", "Senders of ")
	for i := range c.Indicators {
		b.indicator(c, &c.Indicators[i])
	}
	for i := range c.Senders {
		s := &c.Senders[i]
		b.network(c, b.address(s.Addr), &s.Network)
	}
	for i := range c.Hosts {
		b.resolution(c, &c.Hosts[i])
	}
	for i := range c.Messages {
		b.message(c, &c.Messages[i])
	}
}

// infrastructure is one half of the campaign's infrastructure: senders or link
// targets.
func (b *bundle) infrastructure(c *dossier.Campaign, half, name string) {
	core := b.core(c, "infrastructure", half)
	b.put(core.ID, stixInfrastructure{core, name + c.Label(), []string{"unknown"}, stamp(c.FirstSeen), stamp(c.LastSeen)})
	b.relate(c, "uses", b.id(c, "campaign"), core.ID, nil, "", time.Time{}, time.Time{})
}

// id is the id of an object of the campaign, the same in every export.
func (b *bundle) id(c *dossier.Campaign, kind string, words ...string) string {
	return named(kind, append([]string{c.Key}, words...)...)
}

// relate connects two objects. tag distinguishes two relationships between the
// same ends.
func (b *bundle) relate(c *dossier.Campaign, kind, from, to string, confidence *int, tag string, start, stop time.Time) string {
	core := b.core(c, "relationship", kind, from, to, tag)
	core.Confidence = confidence
	r := stixRelationship{stixCore: core, Kind: kind, Description: tag, Source: from, Target: to, Start: stamp(start)}
	if stop.After(start) { // STIX 2.1 section 5.1: stop_time is later than start_time
		r.Stop = stamp(stop)
	}
	b.put(core.ID, r)
	return core.ID
}

// indicator writes an indicator: an observable with a relationship to the
// campaign or its infrastructure and, if it may be blocked, a pattern.
//
// An indicator that may not be blocked is still an observation, but has no
// pattern: receivers load patterns into their sensors.
func (b *bundle) indicator(c *dossier.Campaign, in *dossier.Indicator) {
	kind, from := relatedTo, b.id(c, "campaign")
	target := b.observable(in)
	switch {
	case target == "":
		target = b.trait(c, in)
	case in.Kind == dossier.SenderIP:
		kind, from = consistsOf, b.id(c, "infrastructure", "sending")
	case in.Kind == dossier.LinkDomain, in.Kind == dossier.LinkHost, in.Kind == dossier.URL:
		kind, from = consistsOf, b.id(c, "infrastructure", "hosting")
	}
	tag := fmt.Sprintf("%s in %d of %d messages, %d of all spam, %d of wanted mail", in.Kind, in.Members, c.Members, in.Spam, in.Ham)
	b.relate(c, kind, from, target, percent(in.Share()), tag, in.FirstSeen, in.LastSeen)
	b.evidence++
	if pattern := patternOf(in); pattern != "" && in.Verdict.Block {
		b.pattern(c, in, pattern)
	}
}

// pattern adds an indicator with a detection pattern and its period of
// validity.
func (b *bundle) pattern(c *dossier.Campaign, in *dossier.Indicator, pattern string) {
	core := b.core(c, "indicator", string(in.Kind), in.Value)
	core.Confidence = percent(in.Share())
	from := in.FirstSeen
	if from.IsZero() {
		from = asOf(c, b.o)
	}
	valid := b.o.Valid
	if valid == 0 {
		valid = defaultValid
	}
	until := b.o.Now.Add(valid)
	// STIX 2.1 section 4.7: valid_until is later than valid_from, also for
	// campaigns of long ago.
	if !until.After(from) {
		until = from.Add(valid)
	}
	b.put(core.ID, stixIndicator{core, string(in.Kind) + " " + in.Value, in.Verdict.Words(), []string{"malicious-activity"}, pattern, "stix", stixTime(from), stixTime(until)})
	b.relate(c, "indicates", core.ID, b.id(c, "campaign"), core.Confidence, "", time.Time{}, time.Time{})
}

// trait writes an indicator without a STIX observable, or with an invalid
// value. The standard would use a note, but the schema of bundles refuses
// notes.
func (b *bundle) trait(c *dossier.Campaign, in *dossier.Indicator) string {
	id := named("x-spoor-trait", c.Key, string(in.Kind), in.Value)
	b.put(id, stixTrait{stixObservable{"x-spoor-trait", "2.1", id}, string(in.Kind), in.Value})
	return id
}

// resolution adds the DNS resolution of a host with its period.
func (b *bundle) resolution(c *dossier.Campaign, h *dossier.Host) {
	name, ok := wellformed.Host(h.Name)
	if !ok {
		return
	}
	from, to := b.value("domain-name", name), b.address(h.Addr)
	b.relate(c, "resolves-to", from, to, nil, "", h.Since, h.Till)
	b.network(c, to, &h.Network)
}

// network relates an address to the autonomous system that announces it.
func (b *bundle) network(c *dossier.Campaign, address string, n *dossier.Network) {
	if n.ASN == 0 {
		return
	}
	id := observed("autonomous-system", struct {
		Number int64 `json:"number"`
	}{n.ASN})
	b.put(id, stixAS{stixObservable{"autonomous-system", "2.1", id}, n.ASN, n.ASName})
	b.relate(c, "belongs-to", address, id, nil, "", time.Time{}, time.Time{})
}

// address writes an address object. IPv4 addresses mapped into IPv6 become
// IPv4, so that one address has one id.
func (b *bundle) address(a netip.Addr) string {
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return b.value("ipv4-addr", a.String())
	}
	return b.value("ipv6-addr", a.String())
}

// value writes an observable that consists of its value.
func (b *bundle) value(kind, value string) string {
	id := observed(kind, struct {
		Value string `json:"value"`
	}{value})
	b.put(id, stixValue{stixObservable{kind, "2.1", id}, value})
	return id
}

// observable writes the observable of an indicator, or returns "" if STIX has
// none.
func (b *bundle) observable(in *dossier.Indicator) string {
	switch in.Kind {
	case dossier.LinkDomain, dossier.LinkHost, dossier.SenderIP:
		if a, err := netip.ParseAddr(in.Value); err == nil {
			return b.address(a)
		}
		if name, ok := wellformed.Host(in.Value); ok && in.Kind != dossier.SenderIP {
			return b.value("domain-name", name)
		}
	case dossier.URL:
		if uri, ok := wellformed.URI(in.Value); ok {
			return b.value("url", uri)
		}
	case dossier.FromMail, dossier.Contact:
		if mail, ok := wellformed.Mail(in.Value); ok {
			return b.value("email-addr", mail)
		}
	case dossier.File:
		if len(in.Value) == 64 && strings.Trim(in.Value, "0123456789abcdef") == "" {
			return b.file(in.Value, dossier.Part{})
		}
	}
	return ""
}

// file writes a part of a message by its hash.
func (b *bundle) file(sha256 string, p dossier.Part) string {
	hashes := map[string]string{"SHA-256": sha256}
	id := observed("file", struct {
		Hashes map[string]string `json:"hashes"`
	}{hashes})
	b.put(id, stixFile{stixObservable{"file", "2.1", id}, hashes, p.Size, p.Name, p.Type})
	return id
}

// message writes a member. Its id is derived from the hash of its bytes: the
// properties that STIX suggests (sender, subject, body) would be equal for all
// copies of a text.
func (b *bundle) message(c *dossier.Campaign, m *dossier.Message) {
	id := named("email-message", m.SHA256)
	s := stixMessage{stixObservable: stixObservable{"email-message", "2.1", id}, Multipart: m.Multipart(), Date: stamp(m.Date), MessageID: m.MessageID, Subject: m.Subject}
	if mail, ok := wellformed.Mail(m.FromAddress); ok {
		s.From = b.value("email-addr", mail)
	}
	for _, p := range m.Parts {
		if !s.Multipart {
			s.Content = p.Type
			break
		}
		part := stixPart{Body: b.file(p.SHA256, p), Content: p.Type}
		if p.Attachment {
			part.Disposition = "attachment"
		}
		s.Parts = append(s.Parts, part)
	}
	b.put(id, s)
	b.relate(c, relatedTo, b.id(c, "campaign"), id, percent(m.Confidence), "member", m.Received, time.Time{})
	b.evidence++
}

// patternOf returns a STIX pattern that matches the indicator.
//
// A quote and a backslash are escaped (section 9.2). Kinds that sensors cannot
// match have no pattern.
func patternOf(in *dossier.Indicator) string {
	value := "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(in.Value) + "'"
	switch a, err := netip.ParseAddr(in.Value); {
	case in.Kind == dossier.Subject:
		return "[email-message:subject = " + value + "]"
	case in.Kind != dossier.LinkDomain && in.Kind != dossier.LinkHost && in.Kind != dossier.SenderIP:
		return ""
	case err == nil && a.Unmap().Is4():
		return "[ipv4-addr:value = " + value + "]"
	case err == nil:
		return "[ipv6-addr:value = " + value + "]"
	}
	return "[domain-name:value = " + value + "]"
}

// percent is a share as STIX has confidence: 0 to 100; nil if it is not a
// number.
func percent(share float64) *int {
	if math.IsNaN(share) {
		return nil
	}
	p := int(math.Round(100 * min(max(share, 0), 1)))
	return &p
}

// wantSTIX counts the objects that must be related to campaigns: each indicator
// and each member.
func wantSTIX(campaigns []dossier.Campaign) int {
	n := indicators(campaigns)
	for i := range campaigns {
		n += len(campaigns[i].Messages)
	}
	return n
}

// countSTIX counts the objects of a bundle one by one, because a bundle may be
// larger than memory.
func countSTIX(r io.Reader) (int, error) {
	d := json.NewDecoder(r)
	for depth := 0; depth < 2; { // to the list of objects
		t, err := d.Token()
		if err != nil {
			return 0, err
		}
		if t == json.Delim('{') || t == json.Delim('[') {
			depth++
		}
	}
	n := 0
	for d.More() {
		var object struct {
			Kind string `json:"relationship_type"`
		}
		if err := d.Decode(&object); err != nil {
			return n, fmt.Errorf("object %s: %w", strconv.Itoa(n), err)
		}
		if object.Kind == consistsOf || object.Kind == relatedTo {
			n++
		}
	}
	return n, nil
}
